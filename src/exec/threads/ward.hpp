// SPDX-License-Identifier: Apache-2.0
// One pool, as the watchdog sees it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <quartet/core/observer.hpp>
#include <quartet/seam/mutex.hpp>

#include "stuck_call.hpp"
#include "suspect.hpp"

namespace quartet::detail::pool {

class core;

/// Threads: `look` and `works` by the watchdog, `observe` and `told` by the reporter, `forget` by
/// who ends the pool; all concurrently. Stop: not concerned. Errors: none. Lifetime: shared;
/// outlives the pool, which it forgets.
class ward {
 public:
  /// `p`: zero: looks at no worker. `follows`: the pool has as many as the machine gives us.
  ward(core& c, std::string n, observer* o, duration p, bool follows)
      : patience(p), name_(std::move(n)), follows_(follows), pool_(&c), observer_(o) {}

  /// Looks at every worker, and has those relieved that are stuck; `found` gets what is to be told
  /// of them. Now and then looks how many workers the machine gives us. False: all are idle.
  bool look(time_point now, std::vector<stuck_call>& found) noexcept;
  /// Whether any worker has something to do.
  bool works() noexcept;
  /// True: the pool has an observer to whom that is enough.
  bool observe(stuck_call const& call, std::string const& text) noexcept;
  /// One that was found has been told, or never will be.
  void told() noexcept;
  /// The pool ends, and its observer. Blocks: up to ten seconds until what was found is told; until
  /// an observer who is being told has been.
  void forget() noexcept;

  duration const patience;

 private:
  bool take_stock();
  void take_in();
  bool any_works() const noexcept;
  void measure(time_point now);
  stuck_call describe(suspect const& s, progress p, time_point now) const;
  void accuse(suspect const& s, progress p, time_point now, std::vector<stuck_call>& found);

  std::string const name_;
  bool const follows_;
  // The watchdog's own:
  time_point measured_ = clock::now();  // the machine
  std::vector<suspect> suspects_;
  std::vector<std::shared_ptr<pulse>> pulses_;

  seam::mutex guard_;  // guards the fields below
  seam::condition told_;
  core* pool_;               // null: gone
  observer* observer_;       // null: nobody, or gone
  bool observing_ = false;   // somebody tells it something
  unsigned to_be_told_ = 0;  // found, not told yet
};

}  // namespace quartet::detail::pool
