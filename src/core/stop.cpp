// SPDX-License-Identifier: Apache-2.0
// The protocol of stop scopes.
//
// A hook is in one of three states: listed (in hooks_), firing (in firing_), idle. `guard_` is
// held for each change of state and never while a hook fires, so a hook may take any lock of its
// own and may detach itself or others. `detach` from another thread waits until the hook is no
// longer firing: afterwards its memory is free. Only one thread fires, because only the first
// request gets past the exchange.
#include <memory>
#include <vector>

#include <quartet/core/detail/pause_gate.hpp>
#include <quartet/core/stop.hpp>
#include <quartet/seam/context.hpp>

namespace quartet {

// Whoever has locked `guard_` quietly need not ask again whether a machine listens.
[[gnu::always_inline]] inline bool stop_hook::attach_here(stop_state& scope) noexcept {
  QUARTET_ASSERT(scope_ == nullptr, "a stop hook was attached twice");
  if (!scope.guard_.lock_quietly()) [[unlikely]]
    return seam::rarely([this, s = &scope] {
      s->tell_checkpoint();
      s->guard_.lock();
      bool const attached = attach_as<place>(*s);
      if (attached) s->tell_checkpoint();
      return attached;
    });
  return attach_as<seam::quiet>(scope);
}

bool stop_hook::attach(stop_state& scope) noexcept { return attach_here(scope); }

template <class W> bool stop_hook::attach_as(stop_state& scope) noexcept {
  if (!scope.add<W>(*this)) return false;
  scope.add_reference_as<W>();
  scope_ = &scope;
  return true;
}

void stop_hook::detach() noexcept {
  stop_state* const s = std::exchange(scope_, nullptr);
  if (s == nullptr) return;
  if (!s->guard_.lock_quietly()) [[unlikely]]
    return seam::rarely([this, s] {
      s->guard_.lock();
      s->remove(*this);
      s->release();
    });
  s->remove(*this);
  s->release_as<seam::quiet>();
}

void stop_state::announce_checkpoint() const noexcept {
  seam::this_machine().at_checkpoint({
      const_cast<stop_state*>(this),  // no scope is a constant
      [](void* s) noexcept { static_cast<stop_state*>(s)->add_reference(); },
      [](void* s) {
        static_cast<stop_state*>(s)->request();
        static_cast<stop_state*>(s)->release();
      },
  });
}

bool stop_state::try_add_reference() noexcept {
  unsigned n = references_.load(seam::relaxed);
  while (n != 0)
    if (references_.compare_exchange(n, n + 1, seam::relaxed, seam::relaxed)) return true;
  return false;
}

template <class W> bool stop_state::add(stop_hook& h) noexcept {
  seam::guard g(guard_, seam::adopt());
  if (reason_as<W>() != stop_reason::none) return false;
  hooks_.write().push_back(h);
  return true;
}

void stop_state::remove(stop_hook& h) noexcept {
  seam::guard g(guard_, seam::adopt());
  if (h.linked()) [[likely]]
    hooks_.write().remove(h);
  else
    outwait(h);
}

void stop_state::outwait(stop_hook& h) noexcept {
  auto const fires = [&] { return firing_.read() != nullptr && firing_.read()->hook == &h; };
  if (fires() && firing_.read()->thread == seam::thread_identity()) firing_.read()->hook = nullptr;
  while (fires()) fired_.wait(guard_);
}

// Scopes nest without a limit, and calls wait for calls without one, so a stop goes on by a list
// and not by recursion.
bool stop_state::request(stop_reason why) noexcept {
  if (!claim(why)) return false;
  stop_round round;
  round.next_ = this;
  while (round.next_ != nullptr) {
    stop_state& s = *std::exchange(round.next_, round.next_->next_);
    s.run_hooks(round);
    s.release();
  }
  return true;
}

// Who adds a hook and sees no reason yet has done so before `run_hooks` last had the guard.
bool stop_state::claim(stop_reason why) noexcept {
  unsigned char none = 0;
  if (!reason_.compare_exchange(none, static_cast<unsigned char>(why), seam::release,  // (1)
                                seam::relaxed))
    return false;
  add_reference();
  return true;
}

void stop_state::run_hooks(stop_round& round) noexcept {
  seam::guard g(guard_);
  firing now{nullptr, seam::thread_identity()};
  while (stop_hook* h = hooks_.write().pop_front()) {
    now.hook = h;
    firing_ = &now;
    guard_.unlock();
    if (h->fire_ != nullptr) {
      h->fire_(*h, round);
    } else if (stop_state& s = static_cast<stop_state&>(*h); s.try_add_reference()) {
      round.then(s);
      s.release();
    }  // else its last reference is gone and its destructor waits for us: not to be revived
    guard_.lock();
    firing_ = nullptr;
    fired_.notify_all();
  }
}

// A deadline was only that of the scope where the stop began.
void stop_round::then(stop_state& s) noexcept {
  if (s.claim(stop_reason::requested)) s.next_ = std::exchange(next_, &s);
}

bool stop_state::raise_here(priority to) noexcept {
  auto const wanted = static_cast<unsigned char>(to);
  unsigned char is = raised_.load(seam::relaxed);
  while (is < wanted)
    if (raised_.compare_exchange(is, wanted, seam::relaxed, seam::relaxed)) return true;
  return false;
}

// Those that link themselves to a scope later see its level in `link_to`. Without memory for the
// list the raise ends early: it is about who comes first, not about what happens.
void stop_state::raise(priority to) noexcept {
  if (!raise_here(to)) return;
  std::vector<stop_state*> found;  // each with a reference
  raise_below(to, found);
  while (!found.empty()) {
    stop_state& s = *found.back();
    found.pop_back();
    s.raise_below(to, found);
    s.release();
  }
}

void stop_state::raise_below(priority to, std::vector<stop_state*>& found) noexcept {
  std::size_t const first = found.size();
  {
    seam::guard g(guard_);
    hooks_.write().each([&](stop_hook& h) {
      if (h.fire_ != nullptr) return;
      stop_state& next = static_cast<stop_state&>(h);
      try {
        found.reserve(found.size() + 1);
      } catch (...) {
        return;
      }
      if (!next.raise_here(to) || !next.try_add_reference()) return;
      found.push_back(&next);
      next.will_be_raised();
    });
  }
  // In their order, and without the lock: a raise may make calls end, which unlink themselves.
  for (std::size_t i = first; i != found.size(); ++i) found[i]->on_raised(to);
}

void stop_state::link_to(stop_state& parent, task_context* opener, bool walked) noexcept {
  opener_ = opener;
  if (walked) parent_.store(&parent, seam::release, seam::quiet());
  if (!attach_here(parent)) {  // it does not hold the parent
    parent_.store(nullptr, seam::relaxed, seam::quiet());
    request();
  }
  if (priority const level = parent.raised(); level != priority::background) raise_here(level);
}

detail::pause_gate& stop_state::make_gate() {
  if (detail::pause_gate* const made = gate()) return *made;
  auto fresh = std::make_unique<detail::pause_gate>(*this);
  detail::pause_gate* other = nullptr;
  if (!gate_.compare_exchange(other, fresh.get(), seam::acq_rel, seam::acquire)) return *other;
  return *fresh.release();
}

void stop_state::delete_gate() noexcept { delete gate(); }

}  // namespace quartet
