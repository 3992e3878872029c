// SPDX-License-Identifier: Apache-2.0
// What each operation of a run begins with, inlined into the few functions that do all of them.
#pragma once

#include <cstdint>
#include <utility>

#include <quartet/exec/sim/detail/world.hpp>

namespace quartet::detail::sim {

inline constexpr unsigned looks_max = 8;  // equal looks in a row; one more is a turn for others

// Most operations name what the one before named.
inline object& world::named(strand& me, void const* address) {
  if (me.recent->address != address) [[unlikely]]
    me.recent = &objects_.at(address);
  return *me.recent;
}

// In parts: a whole operation would be written to the stack first.
inline void world::comes_to(strand& me, object& x, seam::kind what, bool writes,
                            std::memory_order order, void const* address, char const* file,
                            unsigned line, char const* function) noexcept {
  bool const again = what == me.last.what && x.id == me.last_object && line == me.last.where.line;
  me.looks = again ? me.looks + 1 : 0;
  me.last.what = what;
  me.last.object = address;
  me.last.writes = writes;
  me.last.order = order;
  me.last.where = {file, line, function};
  me.last_object = x.id;
  ++outline_.points;
}

// One multiplication: enough to tell runs apart, and a run is mostly made of this.
inline std::uint64_t stirred(std::uint64_t x) noexcept {
  x *= 0x9E3779B97F4A7C15U;
  return x ^ x >> 29U;
}

// Adds what happens to what tells this run from others.
inline void world::stir(strand& me, object& x, seam::kind what, bool writes,
                        unsigned line) noexcept {
  std::uint64_t const digest = std::uint64_t{me.number} << 48U ^ std::uint64_t{line} << 6U ^
                               static_cast<std::uint64_t>(what);
  outline_.trace_hash = stirred(outline_.trace_hash ^ digest ^ std::uint64_t{x.id} << 24U);
  if (writes)
    x.written = stirred((x.written + std::exchange(x.looked, 0)) ^ digest);
  else
    x.looked += stirred(digest);
}

inline void world::happens(strand& me, object& x, seam::operation const& o) noexcept {
  stir(me, x, o.what, o.writes, o.where.line);
  if (listens_) [[unlikely]]
    return tell(me, x, o);
  takes_effect(me, x, o);
}

// One of the first so many that are ready, all with one chance. The number has been drawn before:
// who goes on is known at once, which a processor that guesses wrong every other time waits for.
inline strand& world::drawn(std::size_t among) noexcept {
  std::uint64_t const number = std::exchange(drawn_, even_->next());
  return ready_[static_cast<std::size_t>((static_cast<unsigned __int128>(number) * among) >> 64U)];
}

inline void world::switch_to(strand& next) noexcept {
  ++outline_.switches;
  strand& me = *std::exchange(running_, &next);
  next.flow->enter_from(*me.flow);
}

}  // namespace quartet::detail::sim
