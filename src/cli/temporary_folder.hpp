// SPDX-License-Identifier: Apache-2.0
// A folder that is gone afterwards.
#pragma once

#include <string>

namespace quartet::cli {

/// A new folder below $TMPDIR (else /tmp), removed with all that is in it by the destructor.
class temporary_folder {
 public:
  /// Errors: usage_error with the folder and the system's reason.
  temporary_folder();
  temporary_folder(temporary_folder const&) = delete;
  temporary_folder& operator=(temporary_folder const&) = delete;
  ~temporary_folder();

  std::string const& path() const noexcept { return path_; }
  /// Removes what is in it.
  void clear() noexcept;

 private:
  std::string path_;
};

}  // namespace quartet::cli
