// SPDX-License-Identifier: Apache-2.0
// Whole files in and out, with errors that name the path and say what to do.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quartet::jobs::detail {

/// All bytes of a regular file. Throws `image_error` (failed), naming `path`, if it cannot be
/// opened or read, is no regular file (a pipe is not waited for), or is beyond
/// `max_image_file_bytes`.
std::vector<std::uint8_t> read_whole_file(std::string const& path);

/// Publishes `bytes` as `path`, replacing what was there: under a temporary name in the same
/// folder, then renamed. On any error the temporary is removed and `image_error` (failed), naming
/// `path`, is thrown.
void write_whole_file(std::string const& path, std::span<std::uint8_t const> bytes);

/// Makes `folder` and those above it, if need be. Throws `image_error` (failed), naming it.
void make_folder(std::string const& folder);

/// Makes and removes a file in `folder`. Throws `image_error` (failed), naming the folder.
void require_writable(std::string const& folder);

}  // namespace quartet::jobs::detail
