// SPDX-License-Identifier: Apache-2.0
// `quartet images IN OUT`.
#include <ostream>

#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/run_images.hpp>
#include <quartet/models/make_executor.hpp>
#include <quartet/os/cpu_quota.hpp>
#include <quartet/seam/clock.hpp>

#include "command.hpp"
#include "ctrl_c.hpp"
#include "flags.hpp"
#include "json.hpp"
#include "leftovers.hpp"
#include "talk.hpp"
#include "text.hpp"

namespace quartet::cli {

namespace {

class images final : public execution {
 public:
  explicit images(arguments& a) {
    a.positional("IN", "folder with images, and folders of images", in_);
    a.positional("OUT", "folder for the results, made if need be; names stay", out_);
    width_flag(a, options_.width);
    quality_flag(a, options_.quality);
    model_flag(a, model_);
    workers_flag(a, workers_);
    quiet_flag(a, quiet_);
    json_flag(a, json_);
  }

  int run(streams& io) override {
    images_outcome o{.in = in_,
                     .out = out_,
                     .model = model_,
                     .workers = workers(),
                     .report = {},
                     .problems = {}};
    auto const tasks = jobs::plan_images(in_, out_, options_);
    jobs::prepare_output_folder(out_);
    int const signal = convert(io, tasks, o);
    io.out << (json_ ? json_of(o) : summary_of(o));
    if (signal != 0) return 128 + signal;
    return o.report.done == o.report.total() ? all_done : some_failed;
  }

 private:
  unsigned workers() const {
    if (!find_model(model_).parallel) return 1;
    return workers_ != 0 ? workers_ : os::default_workers();
  }

  /// Gives the signal that ended it early, else 0.
  int convert(streams& io, std::vector<jobs::image_task> const& tasks, images_outcome& o) {
    stop_source stop;
    ctrl_c const interrupt(stop);
    talk said(io, quiet_, "images");
    auto const note = [&](jobs::image_result const& r) {
      if (r.status == jobs::image_status::done) return;
      o.problems.push_back(r);
      if (!stop.requested() || r.status == jobs::image_status::unsupported) said.problem(r.message);
    };
    time_point const begin = clock::now();
    {
      any_executor on = make_executor(model_, {.workers = o.workers});
      o.report = jobs::run_images(on, tasks,
                                  {.on_result = note, .progress = said.progress(), .stop = &stop});
    }
    o.seconds = std::chrono::duration<double>(clock::now() - begin).count();
    said.finish();
    if (o.report.done != o.report.total()) remove_leftovers(tasks);
    if (interrupt.signal() != 0)
      said.problem("stopped by signal " + std::to_string(interrupt.signal()) +
                   "; what is done stays, run the same command again for the rest");
    return interrupt.signal();
  }

  std::string in_, out_;
  jobs::image_options options_;
  std::string model_ = "threads";
  unsigned workers_ = 0;
  bool quiet_ = false;
  bool json_ = false;
};

}  // namespace

command const images_command{
    .path = "images",
    .group = "",
    .summary = "Convert a folder of images to grayscale, shrink them, and save them.",
    .more =
        "Folders and names stay as they are, an existing result is replaced, and nothing is\n"
        "written half. JPEG and PNG are read. What cannot be converted is named on standard\n"
        "error, counted, and does not stop the rest.\n\n"
        "Exit codes:\n"
        "  0    all images are done\n"
        "  1    some failed or are not supported yet; the others are done\n"
        "  2    nothing was begun: wrong options, no images, no place for results\n"
        "  130  stopped by Ctrl-C, tidily (a second Ctrl-C kills); 143: the same by SIGTERM\n\n"
        "Example: quartet images photos small --width 128 --on processes",
    .declare = [](arguments& a) -> std::unique_ptr<execution> {
      return std::make_unique<images>(a);
    }};

}  // namespace quartet::cli
