// SPDX-License-Identifier: Apache-2.0
// `quartet compare images IN`.
#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <ostream>

#include <quartet/base/errors.hpp>
#include <quartet/jobs/compare/compare.hpp>
#include <quartet/jobs/images/plan_images.hpp>
#include <quartet/jobs/images/run_images.hpp>
#include <quartet/os/cpu_quota.hpp>

#include "command.hpp"
#include "ctrl_c.hpp"
#include "flags.hpp"
#include "json.hpp"
#include "leftovers.hpp"
#include "machine.hpp"
#include "talk.hpp"
#include "temporary_folder.hpp"
#include "text.hpp"

namespace quartet::cli {

namespace {

/// Reads all files once, so that the first run does not pay for the disk alone.
void warm_up(std::vector<jobs::found_image> const& images, stop_source const& stop) {
  std::array<char, 1 << 16> block{};
  for (jobs::found_image const& image : images) {
    if (stop.requested()) throw stopped();
    std::ifstream file(image.path, std::ios::binary);
    while (file.read(block.data(), block.size())) {
    }
  }
}

bool no_colour() {
  char const* const set = std::getenv("NO_COLOR");
  return set != nullptr && *set != '\0';
}

class compare_images final : public execution {
 public:
  explicit compare_images(arguments& a) {
    a.positional("IN", "folder with images, and folders of images", outcome_.in);
    models_flag(a, options_.models);
    rounds_flag(a, options_.rounds);
    workers_flag(a, options_.workers);
    width_flag(a, outcome_.image.width);
    quality_flag(a, outcome_.image.quality);
    keep_flag(a, keep_);
    quiet_flag(a, quiet_);
    json_flag(a, json_);
  }

  int run(streams& io) override {
    if (options_.workers == 0) options_.workers = os::default_workers();
    outcome_.rounds = options_.rounds;
    outcome_.workers = options_.workers;
    outcome_.machine = facts();
    images_ = jobs::list_images(outcome_.in);
    stop_source stop;
    options_.stop = &stop;
    ctrl_c const interrupt(stop);
    talk said(io, quiet_, "runs");
    try {
      measure(said);
    } catch (stopped const&) {
      said.finish();
      said.problem("stopped by signal " + std::to_string(interrupt.signal()) +
                   "; there are no figures, and temporary files are removed");
      return 128 + interrupt.signal();
    }
    said.finish();
    outcome_.advice = jobs::advise(outcome_.rows);
    io.out << (json_ ? json_of(outcome_) : table_of(outcome_, io.out_terminal && !no_colour()));
    return outcome_.each.done == outcome_.each.total() ? all_done : some_failed;
  }

 private:
  void measure(talk& said) {
    if (!keep_.empty())
      place_for_results();
    else
      temporary_.emplace();
    warm_up(images_, *options_.stop);
    observer* const progress = said.progress();
    said.say("comparing on " + std::to_string(images_.size()) + " images in " + outcome_.in);
    outcome_.rows = jobs::compare(
        options_, [&](any_executor& on) { return one_run(on, said); },
        [&](unsigned run, unsigned of, std::string_view model) {
          if (progress != nullptr && run == 1) progress->on_added(of);
          if (progress != nullptr && run != 1) progress->on_ended(ending::value);
          begin_run(model);
        });
  }

  /// --keep must be no folder that `quartet images` would refuse.
  void place_for_results() {
    jobs::plan_images(outcome_.in, keep_, outcome_.image);
    jobs::prepare_output_folder(keep_);
  }

  /// Each run writes new files, so that none has it easier; names them before the clock runs.
  void begin_run(std::string_view model) {
    if (temporary_) temporary_->clear();
    std::string const out = (temporary_ ? temporary_->path() : keep_) + "/" + std::string(model);
    tasks_ = jobs::plan_images(images_, out, outcome_.image);
  }

  std::size_t one_run(any_executor& on, talk& said) {
    auto const tell = [&](jobs::image_result const& r) {
      if (first_ && r.status != jobs::image_status::done && !options_.stop->requested())
        said.problem(r.message);
    };
    outcome_.each = jobs::run_images(on, tasks_, {.on_result = tell, .stop = options_.stop});
    first_ = false;
    if (options_.stop->requested()) throw stopped();
    return outcome_.each.done;
  }

  compare_outcome outcome_;
  jobs::compare_options options_;
  std::string keep_;
  bool quiet_ = false;
  bool json_ = false;
  std::vector<jobs::found_image> images_;
  std::vector<jobs::image_task> tasks_;        // of the run that is next or under way
  std::optional<temporary_folder> temporary_;  // empty with --keep
  bool first_ = true;                          // problems are told once, not in each run
};

}  // namespace

command const compare_images_command{
    .path = "compare images",
    .group = "Measure a job under each model, and say which one fits.",
    .summary = "Measure the image job under each model, and say which one fits.",
    .more =
        "Each model in turn converts all images, then each again, so that a change in the\n"
        "machine's speed meets all alike; a run includes starting and ending the workers. The\n"
        "files are read once before. Results go to a temporary folder below $TMPDIR, removed at\n"
        "the end. wall: median and quartiles. speed-up: against the first model named. peak\n"
        "memory: the sum over all processes, pages that they share counted in each.\n\n"
        "Exit codes:\n"
        "  0    all images are done in all runs\n"
        "  1    some images failed or are not supported yet, or runs differed\n"
        "  2    nothing was begun: wrong options, no images, no place for results\n"
        "  130  stopped by Ctrl-C, tidily (a second Ctrl-C kills); 143: the same by SIGTERM\n\n"
        "Example: quartet compare images photos --on threads,processes --rounds 5",
    .declare = [](arguments& a) -> std::unique_ptr<execution> {
      return std::make_unique<compare_images>(a);
    }};

}  // namespace quartet::cli
