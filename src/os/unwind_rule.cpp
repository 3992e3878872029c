// SPDX-License-Identifier: Apache-2.0
// Reads .eh_frame_hdr and .eh_frame of the object that an instruction is in, while it cannot be
// unloaded. Names of fields and operations are those of DWARF 5, sections 6.4 and 7.24, and of the
// Linux Standard Base, chapter "Exception Frames".
#include "unwind_rule.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <string_view>

#include "loaded_object.hpp"

namespace quartet::os {

namespace {

// Encodings of pointers that linkers use here; others are not read.
constexpr std::uint8_t pcrel_sdata4 = 0x1b, udata4 = 0x03, datarel_sdata4 = 0x3b;

/// Reads numbers, one behind the other.
class cursor {
 public:
  explicit cursor(std::uintptr_t at) noexcept : at_(reinterpret_cast<std::uint8_t const*>(at)) {}

  template <class T> T take() noexcept {
    T x;
    std::memcpy(&x, at_, sizeof x);
    at_ += sizeof x;
    return x;
  }
  std::uintptr_t where() const noexcept { return reinterpret_cast<std::uintptr_t>(at_); }
  void skip(std::uint64_t n) noexcept { at_ += n; }
  std::uintptr_t take_pcrel() noexcept {
    std::uintptr_t const from = where();
    return from + static_cast<std::uintptr_t>(std::int64_t(take<std::int32_t>()));
  }
  std::uint64_t take_uleb() noexcept { return take_leb().bits; }
  std::int64_t take_sleb() noexcept {
    auto const [bits, size, negative] = take_leb();
    return static_cast<std::int64_t>(negative && size < 64 ? bits | (~std::uint64_t() << size)
                                                           : bits);
  }
  std::string_view take_text() noexcept {
    std::string_view const s(reinterpret_cast<char const*>(at_));
    at_ += s.size() + 1;
    return s;
  }

 private:
  struct leb {
    std::uint64_t bits;
    unsigned size;
    bool negative;
  };
  leb take_leb() noexcept {
    leb x{0, 0, false};
    for (;;) {
      auto const byte = take<std::uint8_t>();
      if (x.size < 64) x.bits |= std::uint64_t(byte & 0x7f) << x.size;
      x.size += 7;
      x.negative = (byte & 0x40) != 0;
      if ((byte & 0x80) == 0) return x;
    }
  }

  std::uint8_t const* at_;
};

/// Instructions of a table.
struct program {
  std::uintptr_t from = 0, to = 0;
};

/// What functions compiled alike have in common (CIE).
struct common_part {
  std::uint64_t code_align = 1;
  std::int64_t data_align = 1;
  bool has_augmentation = false;
  program initial;
};

std::optional<common_part> read_common(std::uintptr_t at) noexcept {
  cursor c(at);
  auto const length = c.take<std::uint32_t>();
  common_part p;
  p.initial.to = c.where() + length;
  c.skip(4);  // that it is one
  auto const version = c.take<std::uint8_t>();
  std::string_view const augmentation = c.take_text();
  p.code_align = c.take_uleb();
  p.data_align = c.take_sleb();
  auto const ra = version == 1 ? c.take<std::uint8_t>() : c.take_uleb();
  if (ra != unwind_rule::return_address) return {};
  std::uint8_t encoding = 0;  // absolute
  if (p.has_augmentation = augmentation.starts_with('z'); p.has_augmentation) {
    auto const size = c.take_uleb();
    p.initial.from = c.where() + size;
    for (char const letter : augmentation.substr(1)) {
      if (letter == 'R') encoding = c.take<std::uint8_t>();
      if (letter == 'L') c.skip(1);
      if (letter == 'S') return {};  // of a signal's frame
      if (letter == 'P') {
        auto const how = c.take<std::uint8_t>() & 0x0f;
        c.skip(how == 0x0b || how == 0x03 ? 4 : 8);
      }
    }
  } else {
    p.initial.from = c.where();
  }
  if (encoding != pcrel_sdata4) return {};
  return p;
}

/// The rule while instructions of a table change it.
class machine {
 public:
  explicit machine(common_part const& common) noexcept : common_(common) {}

  unwind_rule rule;

  /// Up to the instruction `code` of a function from `rule.function` on. False: not understood.
  bool run(program const& p, std::uintptr_t code) noexcept {
    cursor c(p.from);
    std::uintptr_t location = rule.function;
    while (c.where() < p.to) {
      auto const op = c.take<std::uint8_t>();
      std::uint64_t const low = op & 0x3f;
      switch (op & 0xc0) {
        case 0x40:
          location += low * common_.code_align;
          break;  // advance_loc
        case 0x80:
          saved_at(low, scaled(c.take_uleb()));
          break;  // offset
        case 0xc0:
          restore(low);
          break;
        default:
          if (!step(op, c, location)) return false;
      }
      if (location > code) return true;
    }
    return true;
  }
  void begin_function() noexcept { initial_ = rule; }

 private:
  std::int64_t scaled(std::uint64_t n) const noexcept {
    return static_cast<std::int64_t>(n) * common_.data_align;
  }
  void saved_at(std::uint64_t reg, std::int64_t offset) noexcept {
    if (reg == unwind_rule::frame_pointer) rule.saved_frame = offset;
    if (reg == unwind_rule::return_address) rule.saved_return = offset;
  }
  void restore(std::uint64_t reg) noexcept {
    if (reg == unwind_rule::frame_pointer) rule.saved_frame = initial_.saved_frame;
    if (reg == unwind_rule::return_address) rule.saved_return = initial_.saved_return;
  }
  bool is_tracked(std::uint64_t reg) const noexcept {
    return reg == unwind_rule::frame_pointer || reg == unwind_rule::return_address;
  }
  static void skip_block(cursor& c) noexcept {
    auto const n = c.take_uleb();
    c.skip(n);
  }

  bool step(std::uint8_t op, cursor& c, std::uintptr_t& location) noexcept {
    std::uint64_t reg = 0;
    switch (op) {
      case 0x00:
        return true;  // nop
      case 0x02:
        location += c.take<std::uint8_t>() * common_.code_align;
        return true;
      case 0x03:
        location += c.take<std::uint16_t>() * common_.code_align;
        return true;
      case 0x04:
        location += c.take<std::uint32_t>() * common_.code_align;
        return true;
      case 0x05:  // offset_extended
        reg = c.take_uleb();
        saved_at(reg, scaled(c.take_uleb()));
        return true;
      case 0x06:
        restore(c.take_uleb());
        return true;
      case 0x07:  // undefined
        if (c.take_uleb() == unwind_rule::return_address) rule.saved_return.reset();
        return true;
      case 0x08:  // same_value
        if (c.take_uleb() == unwind_rule::frame_pointer) rule.saved_frame.reset();
        return true;
      case 0x09:  // register
        reg = c.take_uleb();
        c.take_uleb();
        return !is_tracked(reg);
      case 0x0a:  // remember_state
        if (depth_ == kept_.size()) return false;
        kept_[depth_++] = rule;
        return true;
      case 0x0b:  // restore_state
        if (depth_ == 0) return false;
        rule = kept_[--depth_];
        return true;
      case 0x0c:  // def_cfa
        rule.base = c.take_uleb();
        rule.offset = static_cast<std::int64_t>(c.take_uleb());
        return true;
      case 0x0d:
        rule.base = c.take_uleb();
        return true;
      case 0x0e:
        rule.offset = static_cast<std::int64_t>(c.take_uleb());
        return true;
      case 0x0f:  // def_cfa_expression
        rule.base = unwind_rule::unknown;
        skip_block(c);
        return true;
      case 0x10:  // expression
      case 0x16:  // val_expression
        reg = c.take_uleb();
        skip_block(c);
        return !is_tracked(reg);
      case 0x11:  // offset_extended_sf
        reg = c.take_uleb();
        saved_at(reg, c.take_sleb() * common_.data_align);
        return true;
      case 0x12:  // def_cfa_sf
        rule.base = c.take_uleb();
        rule.offset = c.take_sleb() * common_.data_align;
        return true;
      case 0x13:
        rule.offset = c.take_sleb() * common_.data_align;
        return true;
      case 0x2e:
        c.take_uleb();
        return true;  // GNU_args_size
      default:
        return false;
    }
  }

  common_part const& common_;
  unwind_rule initial_;
  std::array<unwind_rule, 8> kept_{};
  std::size_t depth_ = 0;
};

/// What the table at `fde` says about the instruction `code`.
std::optional<unwind_rule> read_function(std::uintptr_t fde, std::uintptr_t code) noexcept {
  cursor c(fde);
  auto const length = c.take<std::uint32_t>();
  if (length == 0xffffffff) return {};  // of 64 bits
  program own;
  own.to = c.where() + length;
  std::uintptr_t const here = c.where();
  auto const common = read_common(here - c.take<std::uint32_t>());
  if (!common) return {};
  machine m(*common);
  m.rule.function = c.take_pcrel();
  if (code - m.rule.function >= c.take<std::uint32_t>()) return {};
  if (common->has_augmentation) {
    auto const n = c.take_uleb();
    c.skip(n);
  }
  own.from = c.where();
  if (!m.run(common->initial, ~std::uintptr_t())) return {};
  m.begin_function();
  if (!m.run(own, code)) return {};
  return m.rule;
}

/// An entry of the table in .eh_frame_hdr, which is in order; from the table's section on.
struct entry {
  std::int32_t function;
  std::int32_t fde;
};

std::optional<unwind_rule> search(std::uintptr_t header, std::uintptr_t code) noexcept {
  cursor c(header);
  auto const version = c.take<std::uint8_t>();
  auto const encodings = c.take<std::array<std::uint8_t, 3>>();
  if (version != 1 || encodings != std::array{pcrel_sdata4, udata4, datarel_sdata4}) return {};
  c.skip(4);  // where .eh_frame is
  auto const count = c.take<std::uint32_t>();
  std::span<entry const> const all(reinterpret_cast<entry const*>(c.where()), count);
  auto const wanted = static_cast<std::int64_t>(code - header);
  auto const after =
      std::upper_bound(all.begin(), all.end(), wanted,
                       [](std::int64_t x, entry const& e) { return x < e.function; });
  if (after == all.begin()) return {};
  std::int64_t const found = (after - 1)->fde;
  return read_function(header + static_cast<std::uintptr_t>(found), code);
}

}  // namespace

std::optional<unwind_rule> unwind_rule_at(std::uintptr_t code) noexcept {
  std::optional<unwind_rule> rule;
  with_object_at(code, [&](dl_phdr_info const& object, auto parts) {
    for (auto const& p : parts)
      if (p.p_type == PT_GNU_EH_FRAME) rule = search(object.dlpi_addr + p.p_vaddr, code);
  });
  return rule;
}

}  // namespace quartet::os
