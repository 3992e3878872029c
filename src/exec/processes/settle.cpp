// SPDX-License-Identifier: Apache-2.0
// What comes back: replies, failures, stops and timeouts; each item is settled exactly once.
//
// Ending an item that runs means ending its worker. So that no other item is hit, everything behind
// it is revoked first: the worker can then begin nothing new. If the item turns out to be done
// meanwhile, the worker lives, and only skips what was revoked.
#include <algorithm>
#include <stdexcept>

#include <quartet/base/errors.hpp>
#include <quartet/exec/processes/worker_died.hpp>
#include <quartet/wire/error.hpp>

#include "supervisor.hpp"

namespace quartet::detail::processes {

void supervisor::collect() noexcept {
  for (worker& w : workers_) collect(w);
}

void supervisor::collect(worker& w) noexcept {
  channel& c = w.channel();
  while (c.has_reply()) {  // (4)
    slot& s = c.at(c.first());
    worker::item const it = std::exchange(w.at(c.first()), {});
    if (it.of != nullptr) {
      it.of->function.ran(s.run_ns);
      back_from_worker(*it.of);
      settle_reply(w, it, s);
    }
    c.pop();
  }
}

void supervisor::settle_reply(worker& w, worker::item it, slot const& s) noexcept {
  job& j = *it.of;
  call& c = j.of;
  reply_kind const kind = s.kind;
  bool const slab = s.reply_in_slab != 0;
  try {
    wire::reader in(w.reply(s));
    switch (kind) {
      case reply_kind::value:
        last_item_of(j, 1);
        c.remote->decode(c, it.index, in);
        settled(j, 1);
        break;
      case reply_kind::error:
        item_failed(j, it.index, wire::decode_exception(in));
        break;
      default:
        settle_failed(j, it.index, it.index + 1, ending::stopped, nullptr);
    }
  } catch (...) {
    settle_failed(j, it.index, it.index + 1, ending::failed, std::current_exception());
  }
  if (slab) w.reply_used();
}

// Before the last item is settled nobody else may know the job any more.
void supervisor::last_item_of(job& j, std::size_t items) noexcept {
  if (j.unsettled != items) return;
  j.watch.detach();
  if (j.linked()) queue_of(j).remove(j);
  seam::guard g(inbox_lock_);
  if (j.asked.linked()) stops_.remove(j.asked);
}

// `items` of the job were settled; with the last one the call may be gone already.
void supervisor::settled(job& j, std::size_t items) noexcept {
  j.unsettled -= items;
  if (j.unsettled == 0) delete &j;
}

void supervisor::settle_failed(job& j, std::size_t first, std::size_t last, ending how,
                               std::exception_ptr error) noexcept {
  last_item_of(j, last - first);
  j.of.fail(j.of, first, last, how, std::move(error));
  settled(j, last - first);
}

// An item failed by itself, or with its worker: it waits again if it has attempts left.
void supervisor::item_failed(job& j, std::size_t index, std::exception_ptr error) noexcept {
  bool again = false;
  try {
    again = j.may_try_again(index);
    if (again) j.again.push_back(index);
  } catch (...) {
    again = false;  // no memory for another attempt: the failure stands
  }
  if (again)
    enqueue(j, true);
  else
    settle_failed(j, index, index + 1, ending::failed, std::move(error));
}

// An item is no longer with a worker; a job that waited for that may go on.
void supervisor::back_from_worker(job& j) noexcept {
  --j.out;
  if (j.waits()) enqueue(j, true);
}

// An item never began where it was: it goes to another worker, or ends if its call is stopping.
void supervisor::came_back(job& j, std::size_t index) noexcept {
  back_from_worker(j);
  if (j.stopping) return settle_failed(j, index, index + 1, ending::stopped, nullptr);
  try {
    j.again.push_back(index);
  } catch (...) {
    return settle_failed(j, index, index + 1, ending::failed, std::current_exception());
  }
  enqueue(j, true);
}

// What waits never starts; what runs is ended with its worker.
void supervisor::stop(job& j) noexcept {
  if (j.stopping) return;
  j.stopping = true;
  if (j.linked()) queue_of(j).remove(j);
  ending const how =
      j.of.scope->reason() == stop_reason::deadline ? ending::timed_out : ending::stopped;
  std::vector<std::size_t> const waiting = std::exchange(j.again, {});
  std::size_t const first = std::exchange(j.next, j.of.count);
  std::size_t const count = j.of.count;
  std::size_t left = j.unsettled;  // when it gets to 0 the job is gone
  for (std::size_t const i : waiting) {
    --left;
    settle_failed(j, i, i + 1, how, nullptr);
  }
  if (first < count) {
    left -= count - first;
    settle_failed(j, first, count, how, nullptr);
  }
  if (left == 0) return;
  for (worker& w : workers_) {
    channel& c = w.channel();
    for (std::uint64_t p = c.end(); p > c.first(); --p) {
      if (left == 0) return;
      worker::item& it = w.at(p - 1);
      if (it.of != &j) continue;
      if (c.revoke(p - 1)) {
        it.of = nullptr;
        --j.out;
        --left;
        settle_failed(j, it.index, it.index + 1, how, nullptr);
      } else {
        kill_item(w, p - 1, worker::reason::stop);
      }
    }
  }
}

void supervisor::kill_item(worker& w, std::uint64_t position, worker::reason why) noexcept {
  channel& c = w.channel();
  if (!w.usable()) return;
  w.take_back(static_cast<std::size_t>(position - c.first()) + 1,
              [&](job* j, std::size_t i) { came_back(*j, i); });
  if (c.at(position).state.load(seam::acquire) != claimed) return;
  w.at(position).ended_for = why;
  w.kill();
}

// The clock of an item starts when it starts. When it is not known to have started we look again
// after the whole time: it cannot have passed before.
void supervisor::check_timeouts() noexcept {
  next_look_ = never;
  time_point now{};
  for (worker& w : workers_) {
    channel& c = w.channel();
    if (c.used() == 0 || !w.usable()) continue;
    worker::item const& it = w.at(c.first());
    if (it.of == nullptr || it.of->of.timeout == duration::zero()) continue;
    if (now == time_point{}) now = clock::now();
    slot& s = c.at(c.first());
    time_point end = now + it.of->of.timeout;
    if (s.state.load(seam::acquire) == claimed)
      end = time_point(duration(s.started.load(seam::relaxed))) + it.of->of.timeout;
    if (end <= now)
      kill_item(w, c.first(), worker::reason::timeout);
    else
      next_look_ = std::min(next_look_, end);
  }
}

void supervisor::fail_all(std::exception_ptr error) noexcept {
  while (job* const j = first_waiting()) {
    queue_of(*j).remove(*j);
    std::vector<std::size_t> const waiting = std::exchange(j->again, {});
    std::size_t const first = std::exchange(j->next, j->of.count);
    std::size_t const count = j->of.count;
    for (std::size_t const i : waiting) settle_failed(*j, i, i + 1, ending::failed, error);
    if (first < count) settle_failed(*j, first, count, ending::failed, error);
  }
}

}  // namespace quartet::detail::processes
