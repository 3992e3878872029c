// SPDX-License-Identifier: Apache-2.0
// Stop scopes: who asked whom to end, seen in O(1), passed down a tree, never taken back.
// Priority that is raised goes the same way.
#pragma once

#include <concepts>
#include <utility>
#include <vector>

#include <quartet/base/intrusive_list.hpp>
#include <quartet/core/detail/scope_walk.hpp>
#include <quartet/core/priority.hpp>
#include <quartet/seam/machine.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/shared.hpp>

namespace quartet {

/// Why a scope was asked to stop.
enum class stop_reason : unsigned char { none, requested, deadline };

class stop_state;
class task_context;
namespace detail {
class call_record;
class pause_gate;
class task_chain;
}  // namespace detail

/// A stop on its way: who is to be stopped next. So it passes on by a list and not by recursion.
/// Threads: of whoever requests the stop. Stop: not concerned. Errors: none.
/// Lifetime: until that request has ended.
class stop_round {
 public:
  /// `s` counts as stopped at once; its hooks run when the present one has returned.
  void then(stop_state& s) noexcept;

 private:
  friend class stop_state;
  stop_state* next_ = nullptr;  // each claimed by us, with a reference
};

/// Something that is told when a scope stops: a wait, a nested scope, a user's callback.
/// Threads: attached and detached by one owner; fired on the thread that requests the stop.
/// Stop: this is how a stop is passed on. Errors: none; `fire` must not throw nor block.
/// Lifetime: detached before it dies; `detach` returns when a running `fire` has returned.
class stop_hook : public list_node {
 public:
  using function = void (*)(stop_hook&, stop_round&) noexcept;

  explicit stop_hook(function fire) noexcept : fire_(fire) {}
  ~stop_hook() { detach(); }

  /// Listens to `scope`. False, and not attached, if it has stopped already.
  bool attach(stop_state& scope) noexcept;
  /// Blocks: only while the hook fires on another thread. May be called from inside `fire`.
  void detach() noexcept;

 private:
  friend class stop_state;
  friend class detail::task_chain;
  bool attach_here(stop_state& scope) noexcept;
  template <class W> bool attach_as(stop_state& scope) noexcept;
  function fire_;                                 // null: a nested scope
  detail::watched<stop_state*> scope_ = nullptr;  // null: not attached; holds a reference
};

/// The state behind scopes, tokens and calls: one flag and those who listen. Counted references.
/// Threads: all members concurrently. Stop: `request` is level-triggered and final.
/// Errors: none. Lifetime: lives until the last reference goes; holds its parent.
/// Cost: `requested` is one load. Progress: `request` is blocking (runs the hooks).
class stop_state : stop_hook {  // in the list of the scope above
 public:
  stop_state() noexcept : stop_hook(nullptr) {}
  stop_state(stop_state const&) = delete;
  stop_state& operator=(stop_state const&) = delete;

  bool requested() const noexcept {
    if (seam::hooked()) [[unlikely]]
      return seam::rarely([this] { return requested_as<place>(); });
    return requested_as<seam::quiet>();
  }
  template <class W> bool requested_as() const noexcept {
    if constexpr (std::same_as<W, place>) announce_checkpoint();
    return reason_as<W>() != stop_reason::none;
  }
  stop_reason reason() const noexcept { return reason_as<place>(); }
  template <class W> stop_reason reason_as() const noexcept {
    return static_cast<stop_reason>(reason_.load(seam::acquire, W::here()));  // sees (1)
  }

  /// Asks for a stop; the first reason stays. Runs the hooks here. True: we were the first.
  bool request(stop_reason why = stop_reason::requested) noexcept;

  /// What runs in this scope has at least this level.
  priority raised() const noexcept {
    return static_cast<priority>(raised_.load(seam::relaxed, seam::quiet()));
  }
  /// Raises the level of what runs in this scope, or will, and in all scopes below it.
  void raise(priority to) noexcept;

  /// Stops when `parent` stops, also if it has already; is raised with it.
  /// `opener`: the task that does so; null: none, or not known. `walked`: whether what runs in this
  /// scope ends before what runs in `parent`, so that it counts as a part of it.
  void link_to(stop_state& parent, task_context* opener = nullptr, bool walked = true) noexcept;
  /// The task that opened it; it may be gone. Null: none, or not known.
  task_context const* opener() const noexcept { return opener_; }
  /// The scope it is linked to; null: none, or not for walks. See scope_walk.
  stop_state* above() const noexcept { return parent_.load(seam::acquire); }
  /// Itself, if it is the scope of a call.
  virtual detail::call_record* as_call() noexcept { return nullptr; }
  /// The task that opened it, if no `link_to` says so.
  void opened_by(task_context& t) noexcept { opener_ = &t; }
  /// Where the calls of this scope stay while it is paused; null: it never was.
  detail::pause_gate* gate() const noexcept { return gate_.load(seam::acquire); }
  /// The same, made if need be. Errors: bad_alloc.
  detail::pause_gate& make_gate();
  /// Ends the link to the parent, so that it no longer holds us.
  void unlink() noexcept {
    parent_.store(nullptr, seam::relaxed, seam::quiet());
    detail::scope_walk::let_finish<seam::quiet>();
    detach();
  }

  void add_reference() noexcept { add_reference_as<place>(); }
  void release() noexcept { release_as<place>(); }
  // The same; `W` is place, or seam::quiet.
  template <class W> void add_reference_as() noexcept {
    references_.fetch_add(1, seam::relaxed, W::here());
  }
  template <class W> void release_as() noexcept {
    if (references_.fetch_sub(1, seam::acq_rel, W::here()) == 1) delete this;
  }

 protected:
  virtual ~stop_state() {
    if (scope_.read() != nullptr) detach();  // whoever stops or raises our parent may look at us
    if (gate_.load(seam::relaxed, seam::quiet()) != nullptr) [[unlikely]]
      delete_gate();
  }
  /// The scope above is raised, and locked meanwhile: we cannot be unlinked. What `on_raised` needs
  /// is to be held until then.
  virtual void will_be_raised() noexcept {}
  /// After `will_be_raised`; nothing is locked.
  virtual void on_raised(priority to) noexcept { static_cast<void>(to); }

 private:
  friend class stop_hook;
  friend class stop_round;
  friend class detail::task_chain;
  /// To a machine that is not the real one, which may have this scope stopped here.
  void tell_checkpoint() const noexcept {
    if (seam::hooked()) [[unlikely]]
      announce_checkpoint();
  }
  [[gnu::cold, gnu::noinline]] void announce_checkpoint() const noexcept;
  struct firing {
    stop_hook* hook;  // null once detached from inside
    void const* thread;
  };
  /// The first request: true, and the hooks are the caller's to run, who has a reference more.
  bool claim(stop_reason why) noexcept;
  void run_hooks(stop_round& round) noexcept;
  bool try_add_reference() noexcept;
  /// True: this was lower.
  bool raise_here(priority to) noexcept;
  /// `found` gets the scopes right below that were lower.
  void raise_below(priority to, std::vector<stop_state*>& found) noexcept;
  [[gnu::cold]] void delete_gate() noexcept;
  // With guard_ held; they unlock it.
  template <class W> bool add(stop_hook&) noexcept;
  void remove(stop_hook&) noexcept;
  [[gnu::cold, gnu::noinline]] void outwait(stop_hook&) noexcept;

  seam::atomic<unsigned char> reason_{0};  // (1) released by request
  seam::atomic<unsigned char> raised_{0};  // only grows
  seam::atomic<unsigned> references_{1};
  seam::mutex guard_;                                 // guards the fields below
  seam::condition fired_;                             // a hook has returned
  detail::watched<intrusive_list<stop_hook>> hooks_;  // not yet fired
  detail::watched<firing*> firing_ = nullptr;         // null: no hook runs
  seam::atomic<stop_state*> parent_{nullptr};         // the scope above, for who walks
  task_context* opener_ = nullptr;
  seam::atomic<detail::pause_gate*> gate_{nullptr};
  detail::watched<stop_state*> next_ = nullptr;  // in a stop_round, whose thread alone looks
};

/// Shows whether a scope was asked to stop. A counted reference.
/// Threads: a value. Stop: `requested` is level-triggered: once true, always true.
/// Errors: none. Lifetime: keeps the state alive.
class stop_token {
 public:
  stop_token() noexcept = default;  // never stops
  explicit stop_token(stop_state* s) noexcept : state_(s) {
    if (state_ != nullptr) state_->add_reference();
  }
  stop_token(stop_token const& other) noexcept : stop_token(other.state_) {}
  stop_token(stop_token&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  stop_token& operator=(stop_token other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~stop_token() {
    if (state_ != nullptr) state_->release();
  }

  bool requested() const noexcept { return state_ != nullptr && state_->requested(); }
  stop_reason reason() const noexcept {
    return state_ == nullptr ? stop_reason::none : state_->reason();
  }
  stop_state* state() const noexcept { return state_; }

 private:
  stop_state* state_ = nullptr;  // null: no stop can come
};

/// Asks for a stop from outside: pass `&source` in the options of a call, or hand out tokens.
/// Threads: all members concurrently. Stop: the origin of one. Errors: none.
/// Lifetime: tokens may outlive it; its destruction asks for nothing.
class stop_source {
 public:
  stop_source() : state_(new stop_state) {}
  stop_source(stop_source const&) = delete;
  stop_source& operator=(stop_source const&) = delete;
  ~stop_source() { state_->release(); }

  bool request() noexcept { return state_->request(); }
  bool requested() const noexcept { return state_->requested(); }
  stop_token token() const noexcept { return stop_token(state_); }
  stop_state& state() const noexcept { return *state_; }

 private:
  stop_state* state_;
};

/// Calls `f()` once when the scope of `token` stops, at once if it has already.
/// Threads: `f` runs on the thread that requests the stop. Stop: is told of it.
/// Errors: `f` must not throw. Lifetime: the destructor waits for a running `f`, unless called
/// from inside it.
template <class F> class stop_callback : stop_hook {
 public:
  stop_callback(stop_token const& token, F f)
      : stop_hook([](stop_hook& h, stop_round&) noexcept { static_cast<stop_callback&>(h).f_(); }),
        f_(std::move(f)) {
    if (token.state() != nullptr && !attach(*token.state())) f_();
  }
  ~stop_callback() { detach(); }

 private:
  F f_;
};

}  // namespace quartet
