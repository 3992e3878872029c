// SPDX-License-Identifier: Apache-2.0
// The table of commands, and what becomes of their errors.
#include <array>
#include <exception>
#include <new>
#include <ostream>
#include <stdexcept>

#include <quartet/cli/run.hpp>
#include <quartet/jobs/images/image_error.hpp>

#include "command.hpp"
#include "text.hpp"
#include "usage_error.hpp"

namespace quartet::cli {

namespace {

constexpr std::string_view version = "0.1.0";  // CMakeLists.txt has it too; a test compares them

constexpr std::array commands{&images_command, &compare_images_command, &explore_command,
                              &doctor_command};

int tell(streams& io, std::string_view message, int code) {
  io.err << "quartet: " << one_line(message) << '\n' << std::flush;
  return code;
}

int parse_and_run(int argc, char const* const* argv, streams& io) {
  auto parsed = parse(argc, argv, commands, version);
  if (auto const* asked = std::get_if<asked_text>(&parsed)) {
    io.out << asked->text;
    return all_done;
  }
  return std::get<std::unique_ptr<execution>>(parsed)->run(io);
}

/// Output that was lost is a failure, as when the disk is full behind `>`.
int flushed(streams& io, int code) {
  io.out.flush();
  if (io.out) return code;
  return tell(io, "standard output cannot be written to; check the disk or the program behind it",
              code == all_done ? some_failed : code);
}

}  // namespace

int run(int argc, char const* const* argv, streams& io) try {
  return flushed(io, parse_and_run(argc, argv, io));
} catch (usage_error const& e) {
  return tell(io, e.what(), bad_usage);
} catch (jobs::image_error const& e) {
  return tell(io, e.what(), bad_usage);
} catch (std::invalid_argument const& e) {
  return tell(io, e.what(), bad_usage);
} catch (std::bad_alloc const&) {
  return tell(io, "there is not enough memory; use fewer workers", some_failed);
} catch (std::exception const& e) {
  return tell(io, e.what(), some_failed);
}

}  // namespace quartet::cli
