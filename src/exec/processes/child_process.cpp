// SPDX-License-Identifier: Apache-2.0
// Starting a plain process, and learning how it ended.
#include "child_process.hpp"

#include <cstring>
#include <signal.h>

#include <quartet/core/detail/after_fork.hpp>
#include <quartet/os/error.hpp>

namespace quartet::detail::processes {

child_process::child_process(entry run, wire::buffer const& request) : zygote_(zygote::get(0)) {
  home_.is_here();
  wire::buffer whole;
  {
    wire::writer out(whole);
    wire::encode_token(out, wire::token_of(reinterpret_cast<void const*>(run)));
    out.bytes(request.data(), request.size());
  }
  memory_ = os::memory_file("quartet-process", whole.size());
  std::memcpy(memory_.bytes().data(), whole.data(), whole.size());
  os::socket_pair sockets;
  int const send[] = {sockets.second.descriptor(), memory_.descriptor()};
  zygote_->ask({role::once, whole.size()}, send);
  sockets.second.close();
  line_ = std::move(sockets.first);
  ending_.add(line_.descriptor(), os::interest::readable, nullptr);
  line_message m{};
  os::packet p = line_.blocking_receive(writable_bytes_of(m));
  if (p.size == sizeof m && m.what == notice::not_started)
    os::throw_error(static_cast<int>(m.number), "cannot start a process");
  if (p.size != sizeof m || m.what != notice::started)
    throw std::runtime_error("cannot start a process: what starts them has ended");
  pid_ = static_cast<int>(m.number);
  process_ = os::pidfd(std::move(p.descriptors.at(0)));
}

void child_process::signal(int number) { process_.send_signal(number); }

// Guarded. The zygote tells the status; without a zygote nobody does, and its children were killed.
void child_process::read_line() {
  line_message m{};
  std::optional<os::packet> const p = line_.try_receive(writable_bytes_of(m));
  if (!p.has_value()) return;
  if (p->size == sizeof m && m.what == notice::exited)
    ended_ = {static_cast<int>(m.number), 0};
  else if (p->size == sizeof m)
    ended_ = {-1, static_cast<int>(m.number)};
  else
    ended_ = {-1, SIGKILL};
}

std::optional<process_status> child_process::status() {
  seam::guard g(guard_);
  if (!ended_.has_value()) read_line();
  return ended_;
}

process_status child_process::wait() {
  if (is_elsewhere()) std::rethrow_exception(left_in_parent());
  for (;;) {
    if (auto const s = status(); s.has_value()) return *s;
    os::poll_event event;
    ending_.wait({&event, 1}, never);
  }
}

std::shared_ptr<child_process> start_process(entry run, wire::buffer const& request) {
  return std::make_shared<child_process>(run, request);
}

}  // namespace quartet::detail::processes

namespace quartet {

process& process::operator=(process&& other) noexcept {
  process before(std::move(*this));  // joined at the end
  child_ = std::move(other.child_);
  return *this;
}

process::~process() {
  if (child_ != nullptr && !child_->is_elsewhere()) child_->wait();
}

void process::join() { child_->wait(); }
void process::terminate() { child_->signal(SIGTERM); }
void process::kill() { child_->signal(SIGKILL); }
std::optional<process_status> process::exit_status() const { return child_->status(); }
int process::pid() const noexcept { return child_->pid(); }

}  // namespace quartet
