// SPDX-License-Identifier: Apache-2.0
// The name that a function has in every process that runs the same build.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <quartet/wire/reader.hpp>
#include <quartet/wire/writer.hpp>

namespace quartet::wire {

/// A function that has no name elsewhere, or a name that means nothing here.
/// Threads: a value. Stop: does not apply. Errors: none. Lifetime: owns its text.
class identity_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where a function lies: in which build of which program or library, and how far from its start.
/// Addresses differ from process to process, this does not.
/// Threads: a value. Stop: does not apply. Errors: none. Lifetime: owns its text.
struct function_token {
  /// The linker's build-id, cut or filled up to 20 bytes; if the module was linked without one, a
  /// hash of its executable segments.
  std::array<std::byte, 20> build{};
  std::uint64_t offset = 0;
  /// File name of the module, for messages only.
  std::string module;

  bool operator==(function_token const& other) const noexcept {
    return build == other.build && offset == other.offset;
  }
};

/// The token of the function at `address`.
/// Blocks: never, but walks the list of loaded modules (about a microsecond).
/// Errors: identity_error if the address lies in no loaded module: generated code, a trampoline.
function_token token_of(void const* address);

/// The function that `token` names in this process. It is certain to lie in executable memory of
/// the same build.
/// Errors: identity_error, which says whether the module is not loaded here or is another build.
void const* address_of(function_token const& token);

void encode_token(writer& out, function_token const& token);
/// Errors: decode_error.
function_token decode_token(reader& in);

template <class R, class... A> function_token token_of(R (*function)(A...)) {
  return token_of(reinterpret_cast<void const*>(function));
}
template <class R, class... A> function_token token_of(R (*function)(A...) noexcept) {
  return token_of(reinterpret_cast<void const*>(function));
}

}  // namespace quartet::wire
