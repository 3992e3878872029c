// SPDX-License-Identifier: Apache-2.0
// The functions that a pool has sent: their identity as bytes, and how long they take.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include <quartet/wire/identity.hpp>
#include <quartet/wire/remote_ops.hpp>

namespace quartet::detail::processes {

/// Threads: `id` and `token` are constant; `run_ns` is guarded by the pool's seat.
struct function_entry {
  std::uint32_t id = 0;  // the same in all workers of the pool
  wire::buffer token;    // sent to each worker once
  double run_ns = -1;    // moving average; negative: never ran

  void ran(std::uint32_t ns) noexcept { run_ns = run_ns < 0 ? ns : run_ns + (ns - run_ns) / 8; }
};

class function_table {
 public:
  /// Errors: identity_error if the function has no name in another process.
  function_entry& of(wire::remote_ops const& ops) {
    auto& entry = entries_[&ops];
    if (entry == nullptr) {
      auto made = std::make_unique<function_entry>();
      made->id = next_;
      wire::writer out(made->token);
      wire::encode_token(out, wire::token_of(reinterpret_cast<void const*>(ops.thunk)));
      out.flush();
      entry = std::move(made);
      ++next_;
    }
    return *entry;
  }

 private:
  std::unordered_map<wire::remote_ops const*, std::unique_ptr<function_entry>> entries_;
  std::uint32_t next_ = 0;
};

}  // namespace quartet::detail::processes
