// SPDX-License-Identifier: Apache-2.0
// One as_completed over all images.
#include <quartet/algo/as_completed.hpp>
#include <quartet/core/group_error.hpp>
#include <quartet/jobs/images/run_images.hpp>

namespace quartet::jobs {

namespace {

/// Conversions report what is wrong with an image in their result; what is left is a worker that
/// died, or a stop.
image_result result_of(completion<image_result>& done, image_task const& task) {
  if (done.result) return done.result.take();
  image_result r;
  r.input = task.input;
  r.message = task.input + ": " +
              (done.result.how() == ending::failed ? describe(done.result.error())
                                                   : std::string("stopped before it was done"));
  return r;
}

void add(images_report& sum, image_result const& r, ending how) {
  if (how == ending::stopped)
    ++sum.stopped;
  else if (r.status == image_status::done)
    ++sum.done;
  else if (r.status == image_status::unsupported)
    ++sum.unsupported;
  else
    ++sum.failed;
  sum.bytes_in += r.bytes_in;
  sum.bytes_out += r.bytes_out;
}

}  // namespace

images_report run_images(any_executor& on, std::vector<image_task> const& tasks,
                         images_listener const& listener) {
  images_report sum;
  bulk_options options;
  options.progress = listener.progress;
  options.stop = listener.stop;
  options.name = "convert_image";
  auto all = as_completed(on, tasks, &convert_image, options);
  while (auto done = all.blocking_next()) {
    ending const how = done->result.how();
    image_result const r = result_of(*done, tasks[done->index]);
    add(sum, r, how);
    if (listener.on_result) listener.on_result(r);
  }
  return sum;
}

}  // namespace quartet::jobs
