// SPDX-License-Identifier: Apache-2.0
// What became of an image, and the exception by which this module's functions say so.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace quartet::jobs {

/// The three ends of an image. `unsupported` is a sound file that asks for something quartet cannot
/// do yet; it is kept apart from `failed` so that nobody looks for damage in a good file.
enum class image_status : std::uint8_t { done, unsupported, failed };

/// Thrown by every function of this module but `convert_image`, which turns it into a result.
///
/// Threads: a plain value.
/// Stop: not involved.
/// Errors: `status()` is never `done`; `what()` says what happened and what to do next, and names
/// the file wherever the thrower knows it.
/// Lifetime: independent of everything else.
class image_error : public std::runtime_error {
 public:
  image_error(image_status status, std::string const& message)
      : std::runtime_error(message), status_(status) {}

  image_status status() const noexcept { return status_; }

 private:
  image_status status_;  // unsupported or failed
};

}  // namespace quartet::jobs
