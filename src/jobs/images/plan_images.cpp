// SPDX-License-Identifier: Apache-2.0
// Names the outputs, and refuses what would overwrite something.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include <quartet/jobs/images/image_error.hpp>
#include <quartet/jobs/images/plan_images.hpp>

#include "file.hpp"

namespace quartet::jobs {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(std::string const& message) {
  throw image_error(image_status::failed, message);
}

/// One spelling for one place, as far as it exists: links resolved, no dots.
fs::path canonical(fs::path const& path) {
  std::error_code error;
  fs::path found = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) found = path.lexically_normal();
  return found.has_filename() ? found : found.parent_path();  // "out/" is "out"
}

bool is_inside(fs::path const& inner, fs::path const& outer) {
  auto const [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

void require_apart(std::string const& in, std::string const& out) {
  if (out.empty()) fail("no output folder is named; name a folder for the results");
  if (!is_inside(canonical(out), canonical(in))) return;
  fail(out + ": the output folder is the input folder " + in +
       ", or lies inside it, and results would mix with your photographs; choose a folder beside "
       "it");
}

/// Two folders, or two disks that tell no capitals apart, can bring two images to one name.
void require_distinct(std::vector<image_task> const& tasks) {
  std::map<std::string, std::string> input_of;
  for (image_task const& task : tasks) {
    auto const [first, is_new] = input_of.try_emplace(task.output, task.input);
    if (is_new) continue;
    fail(task.output + ": would be made from both " + first->second + " and " + task.input +
         "; rename one of them, or convert them into two output folders");
  }
}

void require_inputs_kept(std::vector<image_task> const& tasks, std::string const& out) {
  std::set<fs::path> inputs;
  for (image_task const& task : tasks) inputs.insert(canonical(task.input));
  fs::path const base = canonical(out);
  for (image_task const& task : tasks) {
    if (!inputs.contains(base / fs::path(task.output).lexically_relative(out))) continue;
    fail(task.output +
         ": the result would replace one of the photographs; choose another output "
         "folder");
  }
}

}  // namespace

void require_valid(image_options const& options) {
  constexpr unsigned width_max = 65'500;
  if (options.width < 1 || options.width > width_max) {
    fail("width " + std::to_string(options.width) + " is out of range; choose 1 to " +
         std::to_string(width_max) + " pixels");
  }
  if (options.quality < 1 || options.quality > 100) {
    fail("quality " + std::to_string(options.quality) + " is out of range; choose 1 to 100");
  }
}

std::vector<image_task> plan_images(std::vector<found_image> const& images, std::string const& out,
                                    image_options const& options) {
  require_valid(options);
  std::vector<image_task> tasks;
  tasks.reserve(images.size());
  for (found_image const& image : images) {
    tasks.push_back({.input = image.path,
                     .output = (fs::path(out) / image.relative).string(),
                     .width = options.width,
                     .quality = options.quality});
  }
  require_distinct(tasks);
  require_inputs_kept(tasks, out);
  return tasks;
}

std::vector<image_task> plan_images(std::string const& in, std::string const& out,
                                    image_options const& options) {
  require_valid(options);
  auto const images = list_images(in);
  require_apart(in, out);
  if (std::error_code error; fs::exists(out, error) && !fs::is_directory(out, error)) {
    fail(out + ": is not a folder; choose another output folder, or move that file");
  }
  return plan_images(images, out, options);
}

void prepare_output_folder(std::string const& out) {
  detail::make_folder(out);
  detail::require_writable(out);
}

}  // namespace quartet::jobs
