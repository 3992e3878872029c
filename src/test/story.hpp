// SPDX-License-Identifier: Apache-2.0
// A run in words: what went wrong, and what happened before.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <quartet/exec/sim/detail/world.hpp>
#include <quartet/os/code_place.hpp>

namespace quartet::detail {

/// Tells of one run. Operations are called by the function that the body called, at the body's
/// line, as far as the steps know their calls; else by themselves.
/// Threads: belongs to one. Stop: not concerned. Errors: none. Lifetime: what it is given outlives
/// it.
class story {
 public:
  /// `names[i]` is thread i's.
  story(std::span<sim::step const> steps, std::vector<std::string> const& names);

  /// What went wrong: for a deadlock who waits for whom, for a race both uses, for a check its text
  /// and place. Ends with a line break.
  std::string what_went_wrong(sim::outline const& o);
  /// The steps, thread by thread as they took turns, with a word where the failure becomes
  /// inevitable. Long turns are cut in the middle, unless `all`.
  std::string told(bool all, std::optional<std::uint64_t> inevitable_after = {});

 private:
  /// What a thread did, as its author would say it.
  struct act {
    std::string verb;   // the function that was called, or the kind of operation
    std::string place;  // the line that called it
    unsigned object;
    friend bool operator==(act const&, act const&) = default;
  };
  act act_of(sim::step const& s);
  sim::step const* last_of(unsigned thread, std::size_t before) const noexcept;
  std::string where(unsigned thread, std::size_t steps, place const& otherwise);
  std::string locks(unsigned thread, std::vector<sim::held> const& held);
  std::string waits_for(sim::outline const& o, sim::unfinished const& u);
  std::string cycle(sim::outline const& o) const;
  std::string waiting(sim::outline const& o);
  std::string use(sim::racing_use const& u);
  std::string broken_after(sim::outline const& o);
  std::string stray(sim::stray_call const& c);
  std::string caller(sim::stray_call const& c);
  std::string turn(std::size_t begin, std::size_t end, bool all);
  std::string name_of(unsigned thread) const;  // with its number, if others are called so

  std::span<sim::step const> steps_;
  std::vector<std::string> const& names_;
  os::code_places code_;
};

/// Of the threads, and of the tasks that were left.
std::vector<std::string> names_in(sim::world const& w, sim::outline const& o);

/// `bank.cpp:12 (withdraw)`.
std::string text_of(place const& where);

}  // namespace quartet::detail
