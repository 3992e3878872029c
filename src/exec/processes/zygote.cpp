// SPDX-License-Identifier: Apache-2.0
// Starting a zygote by executing ourselves, and ending it.
#include "zygote.hpp"

#include <cstring>
#include <errno.h>
#include <map>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

#include <quartet/os/error.hpp>
#include <quartet/seam/mutex.hpp>
#include <quartet/seam/thread.hpp>

#include "role.hpp"
#include "zygote_main.hpp"

extern "C" char** environ;

namespace quartet::detail::processes {

namespace {

void demand_guard() {
  link_zygote();
  if (guard_present()) return;
  throw std::logic_error(
      "cannot start worker processes: nothing keeps main() from running again in them. Link the "
      "CMake target quartet::quartet, which passes -Wl,--wrap=main to the linker, or call "
      "quartet::worker_guard(argc, argv) first in main()");
}

secret fresh_secret() {
  secret s;
  for (std::size_t at = 0; at < s.size(); at += 8) {
    std::uint64_t const bits = seam::entropy();
    std::memcpy(s.data() + at, &bits, 8);
  }
  return s;
}

std::string hex(secret const& s) {
  std::string text;
  for (std::byte const b : s) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4U];
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15U];
  }
  return text;
}

// Our environment, the role, and the share of the processors unless the user has said himself.
std::vector<std::string> zygote_environment(secret const& s, unsigned threads_each) {
  std::vector<std::string> all;
  std::string const role = std::string(role_variable) + "=";
  for (char** e = environ; e != nullptr && *e != nullptr; ++e)
    if (!std::string_view(*e).starts_with(role)) all.emplace_back(*e);  // the user's would be found
  all.push_back(role + hex(s));
  for (char const* name : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"})
    if (threads_each != 0 && getenv(name) == nullptr)
      all.push_back(std::string(name) + "=" + std::to_string(threads_each));
  return all;
}

os::pidfd start(os::packet_socket const& theirs, secret const& s, unsigned threads_each) {
  std::vector<std::string> const text = zygote_environment(s, threads_each);
  std::vector<char const*> environment;
  for (std::string const& e : text) environment.push_back(e.c_str());
  environment.push_back(nullptr);
  os::pidfd const us = os::pidfd::open(getpid());
  int const keep[] = {theirs.descriptor(), us.descriptor()};
  char const* const argv[] = {program_invocation_name, nullptr};
  seam::process_handle const h = seam::this_machine().start_process(
      {"/proc/self/exe", argv, environment.data(), keep, std::size(keep)});
  if (h.pid < 0) os::throw_errno("cannot start the process that worker processes come from");
  return os::pidfd(os::fd(h.pidfd));
}

struct shared_zygotes {
  seam::mutex guard;
  std::map<unsigned, std::weak_ptr<zygote>> by_share;
};
// Never destroyed: a pool may outlive static destructors.
shared_zygotes& all_zygotes() {
  static auto* const all = new shared_zygotes;
  return *all;
}

}  // namespace

std::shared_ptr<zygote> zygote::get(unsigned threads_each) {
  shared_zygotes& all = all_zygotes();
  seam::guard g(all.guard);
  std::weak_ptr<zygote>& known = all.by_share[threads_each];
  std::shared_ptr<zygote> z = known.lock();
  if (z != nullptr && z->owner_ == getpid() && z->alive()) return z;
  z = std::make_shared<zygote>(threads_each);
  known = z;
  return z;
}

zygote::zygote(unsigned threads_each) : owner_(getpid()) {
  demand_guard();
  os::socket_pair sockets;
  secret const s = fresh_secret();
  sockets.first.blocking_send(s);  // waits in the socket
  process_ = start(sockets.second, s, threads_each);
  socket_ = std::move(sockets.first);
}

zygote::~zygote() {
  if (owner_ != getpid()) return;
  try {
    ask({role::quit, 0}, {});
  } catch (...) {  // it is gone already, or about to be
  }
  socket_.close();
  seam::this_machine().wait_process(process_.descriptor());  // nothing, if the user has reaped it
}

void zygote::ask(request what, std::span<int const> descriptors) {
  socket_.blocking_send(bytes_of(what), descriptors);
}

bool zygote::alive() const { return !process_.ends_by(clock::now()); }

}  // namespace quartet::detail::processes
