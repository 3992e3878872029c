// SPDX-License-Identifier: Apache-2.0
// A worker process: takes requests from its channel in order, runs them, writes the replies.
#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <signal.h>
#include <stdexcept>
#include <stdio.h>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <vector>

#include <quartet/base/errors.hpp>
#include <quartet/os/memory_file.hpp>
#include <quartet/seam/thread.hpp>
#include <quartet/wire/error.hpp>
#include <quartet/wire/remote_ops.hpp>

#include "byte_ring.hpp"
#include "layout.hpp"
#include "shared_futex.hpp"
#include "slab.hpp"
#include "worker_executor.hpp"
#include "zygote_main.hpp"

namespace quartet::detail::processes {

namespace {

using thunk = void (*)(wire::reader&, wire::writer&, executor_base&);

struct known_function {
  thunk run = nullptr;
  std::string problem;  // why there is none
};

class worker_loop {
 public:
  explicit worker_loop(birth b)
      : line_(std::move(b.line)),
        doorbell_(std::move(b.doorbell)),
        memory_(std::move(b.memory)),
        shared_(reinterpret_cast<channel_memory*>(memory_.bytes().data())) {}

  void run();

 private:
  bool wait_for(slot& s) noexcept;
  bool spin_for(slot& s) noexcept;
  void serve(slot& s, std::uint64_t position);
  void learn(std::uint32_t id, wire::reader& in);
  template <class F> reply_kind guarded(F f);
  void call(slot const& s);
  void pass_over(slot const& s);
  std::span<std::byte const> request(slot const& s);
  void write_reply(slot& s, std::uint64_t position);
  void wait_collected(std::uint64_t positions) noexcept;
  void free_replies() noexcept;
  void ring() noexcept;
  void ring_if_armed() noexcept;

  os::packet_socket line_;
  os::fd doorbell_;
  os::memory_file memory_;
  channel_memory* shared_;
  worker_executor executor_;
  std::vector<known_function> functions_;
  slab_in requests_;
  slab_out replies_;
  std::uint64_t slab_until_ = 0;  // the slab is in use until so many slots were collected
  wire::buffer reply_;            // of the present call
  byte_ring ring_{ring_bytes};
  time_point now_ = clock::now();  // when the last call ended, or the worker last woke
  std::uint64_t collected_ = 0;    // slots whose replies we know to be read
  std::array<std::uint64_t, slot_count> reply_end_{};
};

void worker_loop::run() {
  shared_->alive.store(1, seam::release);
  ring();
  executor_scope const inside(executor_);
  for (std::uint64_t position = 0;; ++position) {
    slot& s = shared_->slots[position % slot_count];
    if (!wait_for(s)) return;
    serve(s, position);
  }
}

bool waits(slot const& s) noexcept {
  std::uint32_t const state = s.state.load(seam::acquire);
  return state == ready || state == revoked;
}

// False: the pool is closing, nothing will come.
bool worker_loop::wait_for(slot& s) noexcept {
  while (!waits(s) && !spin_for(s)) {
    if (shared_->closing.load(seam::acquire) != 0) return waits(s);
    fflush(stdout);  // what calls have printed is seen, and survives a kill
    shared_->parked.store(1, seam::relaxed);
    seam::fence();
    if (!waits(s) && shared_->closing.load(seam::relaxed) == 0) shared_wait(shared_->parked, 1);
    shared_->parked.store(0, seam::relaxed);
    now_ = clock::now();
  }
  return true;
}

// Only while the pool says that there are idle processors.
bool worker_loop::spin_for(slot& s) noexcept {
  if (shared_->may_spin.load(seam::relaxed) == 0) return false;
  time_point const end = after(std::chrono::microseconds(50));
  do
    for (int i = 0; i < 64; ++i) {
      if (waits(s)) {
        now_ = clock::now();
        return true;
      }
      seam::pause();
    }
  while (shared_->may_spin.load(seam::relaxed) != 0 && clock::now() < end);
  return false;
}

std::span<std::byte const> worker_loop::request(slot const& s) {
  if ((s.flags & in_slab) == 0)
    return {shared_->requests + s.request_at, static_cast<std::size_t>(s.request_size)};
  while (!requests_.has(s.request_at)) {
    line_message m{};
    os::packet p = line_.blocking_receive(writable_bytes_of(m));
    if (p.closed()) leave(0);  // the program has gone
    if (m.what == notice::slab)
      requests_.arrived(static_cast<std::uint32_t>(m.number), std::move(p.descriptors.at(0)));
  }
  return requests_.bytes(static_cast<std::size_t>(s.request_size));
}

// Also of a revoked request, whose function later ones name.
void worker_loop::learn(std::uint32_t id, wire::reader& in) {
  if (functions_.size() <= id) functions_.resize(id + 1);
  wire::function_token const token = wire::decode_token(in);
  try {
    functions_[id].run = reinterpret_cast<thunk>(const_cast<void*>(wire::address_of(token)));
  } catch (std::exception const& e) {
    functions_[id].problem = e.what();
  }
}

void worker_loop::serve(slot& s, std::uint64_t position) {
  time_point const begin = now_;
  s.started.store(begin.time_since_epoch().count(), seam::relaxed);
  std::uint32_t expected = ready;
  bool const ours =
      s.state.compare_exchange(expected, claimed, seam::acq_rel, seam::acquire);  // (2)
  if (ours) {
    s.kind = guarded([&] { call(s); });
    if ((s.flags & in_slab) != 0) requests_.used();
    auto const writing = guarded([&] { write_reply(s, position); });
    if (writing == reply_kind::error) {  // no memory for it: say that instead
      s.kind = writing;
      write_reply(s, position);
    }
  } else {
    if ((s.flags & introduces) != 0) guarded([&] { pass_over(s); });
    reply_end_[position % slot_count] = ring_.position();
  }
  now_ = clock::now();
  auto const took = now_ - begin;
  s.run_ns = static_cast<std::uint32_t>(
      std::min<std::int64_t>(took.count(), std::numeric_limits<std::uint32_t>::max()));
  s.state.store(ours ? done : skipped, seam::release);  // (3)
  ring_if_armed();
}

// How `f` ended; unless well, `reply_` then holds the error.
template <class F> reply_kind worker_loop::guarded(F f) {
  try {
    f();
    return reply_kind::value;
  } catch (stopped const&) {
    reply_.clear();
    return reply_kind::stopped;
  } catch (...) {
    reply_.clear();
    wire::writer out(reply_);
    wire::encode_exception(out, std::current_exception());
    return reply_kind::error;
  }
}

void worker_loop::call(slot const& s) {
  wire::reader in(request(s));
  if ((s.flags & introduces) != 0) learn(s.function, in);
  reply_.clear();
  if (s.function >= functions_.size())
    throw wire::identity_error("a function was not introduced to a worker process");
  known_function const& f = functions_[s.function];
  if (f.run == nullptr) throw wire::identity_error(f.problem);
  wire::writer out(reply_);
  f.run(in, out, executor_);
}

// A request that was taken back: only what it introduces counts.
void worker_loop::pass_over(slot const& s) {
  wire::reader in(request(s));
  learn(s.function, in);
}

void worker_loop::write_reply(slot& s, std::uint64_t position) {
  std::size_t const size = reply_.size();
  s.reply_size = size;
  s.reply_in_slab = size > inline_max ? 1 : 0;
  if (size > inline_max) {
    wait_collected(slab_until_);
    slab_until_ = position + 1;
    std::memcpy(replies_.room(size, line_).data(), reply_.data(), size);
    s.reply_at = replies_.generation();
    replies_.used();
    if (reply_.capacity() > warm_max) reply_ = wire::buffer();
  } else {
    free_replies();
    auto where = ring_.place(size);
    while (!where.has_value()) {
      wait_collected(collected_ + 1);
      where = ring_.place(size);
    }
    if (size != 0) std::memcpy(shared_->replies + *where, reply_.data(), size);
    s.reply_at = static_cast<std::uint32_t>(*where);
  }
  reply_end_[position % slot_count] = ring_.position();
}

void worker_loop::free_replies() noexcept {
  std::uint32_t const now = shared_->collected.load(seam::acquire);  // (6)
  collected_ += static_cast<std::uint32_t>(now - static_cast<std::uint32_t>(collected_));
  if (collected_ != 0) ring_.free_up_to(reply_end_[(collected_ - 1) % slot_count]);
}

// Until the pool has read the replies of so many slots. It is rung, as it may not expect any.
void worker_loop::wait_collected(std::uint64_t positions) noexcept {
  for (free_replies(); collected_ < positions; free_replies()) {
    std::uint32_t const seen = static_cast<std::uint32_t>(collected_);
    shared_->wants_room.store(1, seam::relaxed);
    seam::fence();
    if (shared_->collected.load(seam::acquire) != seen) continue;
    ring();
    shared_wait(shared_->collected, seen);
  }
}

void worker_loop::ring() noexcept {
  std::uint64_t const one = 1;
  seam::this_machine().write(doorbell_.get(), &one, sizeof one);
}

void worker_loop::ring_if_armed() noexcept {
  seam::fence();
  if (shared_->armed.load(seam::relaxed) == 0) return;
  if (shared_->armed.exchange(0, seam::acq_rel) != 0) ring();
}

}  // namespace

void end_with(int parent) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(70);  // it died before we could ask to be told
}

void worker_main(birth b) noexcept {
  end_with(b.parent);
  setpgid(0, 0);  // what it starts can be found, and a terminal's signals do not reach it
  signal(SIGINT, SIG_IGN);
  prctl(PR_SET_NAME, "quartet-worker");
  try {
    worker_loop(std::move(b)).run();
  } catch (std::exception const& e) {
    fprintf(stderr, "quartet: worker process %d cannot go on: %s\n", getpid(), e.what());
    leave(70);
  }
  leave(0);
}

}  // namespace quartet::detail::processes
