// SPDX-License-Identifier: Apache-2.0
// Return addresses on a stack: x86-64 call instructions, or aarch64's `bl` and `blr`.
#include <algorithm>
#include <array>
#include <cstring>
#include <link.h>
#include <memory>

#include <quartet/os/call_stack.hpp>
#include <quartet/os/thread_look.hpp>

// Of the unwinder in libgcc, which every C++ program has: the function that an address lies in.
struct dwarf_eh_bases {
  void* text;
  void* data;
  void* function;
};
extern "C" void const* _Unwind_Find_FDE(void* code, dwarf_eh_bases* bases);  // NOLINT

namespace quartet::os {

namespace {

using address = std::uintptr_t;
constexpr std::size_t stack_bytes = 64 << 10;
constexpr std::size_t most_calls = 64;
constexpr std::size_t near = 256;  // words, within which the next frame is as a rule

/// Executable parts of the program and its libraries.
class code_ranges {
 public:
  code_ranges() {
    dl_iterate_phdr(
        [](dl_phdr_info* in, std::size_t, void* self) {
          for (int i = 0; i != in->dlpi_phnum; ++i)
            if (auto const& h = in->dlpi_phdr[i]; h.p_type == PT_LOAD && (h.p_flags & PF_X) != 0)
              static_cast<code_ranges*>(self)->all_.push_back(
                  {in->dlpi_addr + h.p_vaddr, in->dlpi_addr + h.p_vaddr + h.p_memsz});
          return 0;
        },
        this);
  }
  bool hold(address a) const noexcept {
    return std::any_of(all_.begin(), all_.end(),
                       [a](range const& r) { return a >= r.first + 8 && a < r.end; });
  }

 private:
  struct range {
    address first, end;
  };
  std::vector<range> all_;
};

/// The start of the function that the instruction before `a` is in; 0: not known.
address function_at(address a) noexcept {
  dwarf_eh_bases bases{};
  if (a == 0 || _Unwind_Find_FDE(reinterpret_cast<void*>(a - 1), &bases) == nullptr) return 0;
  return reinterpret_cast<address>(bases.function);
}

enum class call_kind { none, direct, indirect };
struct call_before {
  call_kind kind = call_kind::none;
  address target = 0;
};

/// The call instruction that ends at `a`.
call_before call_ending_at(address a) noexcept {
  std::array<unsigned char, 8> b;  // the bytes before
  if (copy_memory(b.data(), reinterpret_cast<void const*>(a - b.size()), b.size()) != b.size())
    return {};
#if defined(__x86_64__)
  std::int32_t distance;
  std::memcpy(&distance, &b[4], sizeof distance);
  if (b[3] == 0xe8) return {call_kind::direct, a + static_cast<address>(std::int64_t{distance})};
  auto const calls = [&](std::size_t from_end) {  // ff /2, of that length
    return b[8 - from_end] == 0xff && (b[9 - from_end] & 0x38) == 0x10;
  };
  for (std::size_t const length : {2u, 3u, 4u, 6u, 7u})
    if (calls(length)) return {call_kind::indirect, 0};
#elif defined(__aarch64__)
  std::uint32_t word;
  std::memcpy(&word, &b[4], sizeof word);
  if (word >> 26 == 0x25)
    return {call_kind::direct,
            a - 4 + static_cast<address>(static_cast<std::int32_t>(word << 6) >> 4)};
  if ((word & 0xfffffc1f) == 0xd63f0000) return {call_kind::indirect, 0};
#endif
  return {};
}

/// The frames on a copy of a stack.
class walk {
 public:
  explicit walk(address stack)
      : words_(std::make_unique<address[]>(stack_bytes / sizeof(address))),
        count_(copy_memory(words_.get(), reinterpret_cast<void const*>(stack), stack_bytes) /
               sizeof(address)) {}

  /// The next return address outwards from one in the function that begins at `inner`; 0: the end.
  address next(address inner) noexcept {
    std::size_t second_best = count_;
    std::size_t const end = count_ - at_ > near ? at_ + near : count_;
    for (std::size_t i = at_; i != count_ && (i < end || second_best == count_); ++i) {
      if (!code_.hold(words_[i])) continue;
      call_before const c = call_ending_at(words_[i]);
      if (c.kind == call_kind::none || function_at(words_[i]) == 0) continue;
      if (c.kind == call_kind::indirect || c.target == inner || is_stub(c.target)) return take(i);
      second_best = std::min(second_best, i);  // unless `inner` was jumped to by what it calls
    }
    return second_best == count_ ? 0 : take(second_best);
  }

 private:
  address take(std::size_t i) noexcept {
    at_ = i + 1;
    return words_[i];
  }
  /// A call through the table of another library's functions does not say what it calls.
  static bool is_stub(address target) noexcept {
    address const f = function_at(target + 1);
    return f != target;
  }

  std::unique_ptr<address[]> const words_;
  std::size_t const count_;
  std::size_t at_ = 0;
  code_ranges const code_;
};

}  // namespace

std::vector<address> call_stack(address code, address stack) {
  std::vector<address> calls{code};
  walk over(stack);
  while (calls.size() != most_calls) {
    address const next = over.next(function_at(calls.back()));
    if (next == 0) break;
    calls.push_back(next);
  }
  return calls;
}

}  // namespace quartet::os
