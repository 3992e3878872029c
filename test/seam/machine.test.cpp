// SPDX-License-Identifier: Apache-2.0
// Scopes, transfers, polling and processes of the machine.
#include <array>
#include <chrono>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <set>
#include <signal.h>
#include <span>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <quartet/seam/context.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;
using namespace std::chrono_literals;

namespace {

char const* const no_environment[] = {nullptr};

seam::process_end run(std::initializer_list<char const*> words, std::span<int const> keep = {}) {
  std::vector<char const*> argv(words);
  argv.push_back(nullptr);
  auto& m = seam::real_machine();
  auto const h = m.start_process({argv[0], argv.data(), no_environment, keep.data(), keep.size()});
  EXPECT_GT(h.pid, 0);
  auto const end = m.wait_process(h.pidfd);
  close(h.pidfd);
  return end;
}

}  // namespace

TEST(machine, the_default_is_the_real_one) {
  EXPECT_EQ(&seam::this_machine(), &seam::real_machine());
  EXPECT_FALSE(seam::hooked());
  EXPECT_FALSE(seam::simulated());
}

TEST(machine, scopes_nest_and_restore) {
  test::recording_machine outer, inner;
  {
    seam::machine_scope const a(outer);
    EXPECT_EQ(&seam::this_machine(), &outer);
    {
      seam::machine_scope const b(inner);
      EXPECT_EQ(&seam::this_machine(), &inner);
    }
    EXPECT_EQ(&seam::this_machine(), &outer);
#if QUARTET_SIM
    EXPECT_TRUE(seam::hooked());
    EXPECT_TRUE(seam::simulated());
#endif
  }
  EXPECT_EQ(&seam::this_machine(), &seam::real_machine());
  EXPECT_FALSE(seam::hooked());
  EXPECT_EQ(seam::current(), nullptr);
}

TEST(machine, a_scope_belongs_to_its_thread_and_leaves_the_context_of_others_alone) {
  test::recording_machine m;
  seam::machine_scope const scope(m);
  seam::context plain;  // a thread that is on the real machine although another is not
  auto* const before = seam::exchange_current(&plain);
  EXPECT_EQ(&seam::this_machine(), &seam::real_machine());
  EXPECT_FALSE(seam::simulated());
  {
    test::recording_machine other;
    seam::machine_scope const nested(other);
    EXPECT_EQ(seam::current(), &plain);
    EXPECT_EQ(&seam::this_machine(), &other);
  }
  EXPECT_EQ(seam::current(), &plain) << "the scope did not make it, so it does not end it";
  seam::exchange_current(before);
}

TEST(machine, a_scope_inside_a_started_thread_ends_well) {
  seam::thread([] {
    test::recording_machine m;
    seam::machine_scope const scope(m);
    EXPECT_EQ(&seam::this_machine(), &m);
  }).join();
  EXPECT_FALSE(seam::hooked());
}

TEST(machine, every_kind_has_a_name_of_its_own) {
  std::set<std::string> names;
  for (int k = 0; k <= static_cast<int>(seam::kind::entropy); ++k)
    names.insert(seam::name(static_cast<seam::kind>(k)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(seam::kind::entropy) + 1);
  EXPECT_STREQ(seam::name(seam::kind::compare_exchange), "compare_exchange");
  EXPECT_STREQ(seam::name(seam::kind::entropy), "entropy");
}

TEST(machine, poll_waits_at_least_until_the_deadline_and_reports_what_happened) {
  auto& m = seam::real_machine();
  int const poller = epoll_create1(EPOLL_CLOEXEC);
  int const bell = eventfd(0, EFD_CLOEXEC);
  epoll_event e{EPOLLIN, {.fd = bell}};
  ASSERT_EQ(epoll_ctl(poller, EPOLL_CTL_ADD, bell, &e), 0);
  std::array<epoll_event, 2> events;
  for (auto const wait : {0us, 50us, 2500us}) {
    auto const deadline = after(wait);
    EXPECT_EQ(m.poll(poller, events.data(), 2, deadline), 0);
    EXPECT_GE(m.now(), deadline);
  }
  EXPECT_EQ(m.poll(poller, events.data(), 2, time_point::min()), 0);
  std::uint64_t one = 1;
  EXPECT_EQ(m.write(bell, &one, sizeof one), 8);
  ASSERT_EQ(m.poll(poller, events.data(), 2, never), 1);
  EXPECT_EQ(static_cast<int>(events[0].data.fd), bell);
  EXPECT_EQ(m.read(bell, &one, sizeof one), 8);
  close(bell);
  close(poller);
}

TEST(machine, send_and_receive_carry_a_message) {
  auto& m = seam::real_machine();
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  char out[] = "hello", in[8] = {};
  iovec part{out, 5};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  EXPECT_EQ(m.send(ends[0], &message, 0), 5);
  part = {in, sizeof in};
  EXPECT_EQ(m.receive(ends[1], &message, 0), 5);
  EXPECT_STREQ(in, "hello");
  EXPECT_LT(m.read(-1, in, 1), 0);
  close(ends[0]);
  close(ends[1]);
}

TEST(machine, a_process_ends_with_its_exact_status) {
  EXPECT_EQ(run({"/bin/true"}).code, 0);
  EXPECT_EQ(run({"/bin/false"}).code, 1);
  EXPECT_EQ(run({"/bin/sh", "-c", "exit 201"}).code, 201);
  auto const killed = run({"/bin/sh", "-c", "kill -USR1 $$"});
  EXPECT_TRUE(killed.signalled);
  EXPECT_EQ(killed.code, SIGUSR1);
  auto const missing = run({"/no/such/program"});
  EXPECT_FALSE(missing.signalled);
  EXPECT_EQ(missing.code, 127);
}

TEST(machine, a_process_gets_the_descriptors_kept_for_it_and_no_others) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  int const leaked = fcntl(ends[0], F_DUPFD, 30);  // not closed on exec by itself
  std::array const keep{ends[1], ends[0]};         // as 3 and 4, whatever their numbers here
  std::string const script = "test ! -e /proc/self/fd/" + std::to_string(leaked) +
                             " && echo written >&3 && read word <&4 && test \"$word\" = written && "
                             "test ! -e /proc/$$/fd/5";
  EXPECT_EQ(run({"/bin/sh", "-c", script.c_str()}, keep).code, 0);
  close(ends[0]);
  close(ends[1]);
  close(leaked);
}

TEST(machine, kept_descriptors_may_cross_over) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  // The numbers 3 and 4 themselves, given in the wrong order, must not overwrite each other.
  int const saved3 = fcntl(3, F_DUPFD_CLOEXEC, 20), saved4 = fcntl(4, F_DUPFD_CLOEXEC, 20);
  int const in = fcntl(ends[1], F_DUPFD_CLOEXEC, 20), out = fcntl(ends[0], F_DUPFD_CLOEXEC, 20);
  ASSERT_EQ(dup3(out, 3, O_CLOEXEC), 3);
  ASSERT_EQ(dup3(in, 4, O_CLOEXEC), 4);
  std::array const keep{4, 3};
  EXPECT_EQ(run({"/bin/sh", "-c", "echo x >&3 && read word <&4"}, keep).code, 0);
  for (auto const& [number, saved] : {std::pair{3, saved3}, {4, saved4}}) {
    if (saved >= 0)
      dup3(saved, number, O_CLOEXEC), close(saved);
    else
      close(number);
  }
  close(in);
  close(out);
}

TEST(machine, a_process_starts_with_no_signal_blocked_and_ours_stay_as_they_are) {
  sigset_t block, before, now;
  sigemptyset(&block);
  sigaddset(&block, SIGTERM);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &block, &before), 0);
  auto const end = run({"/bin/sh", "-c", "kill -TERM $$; exit 0"});
  EXPECT_TRUE(end.signalled);
  EXPECT_EQ(end.code, SIGTERM);
  ASSERT_EQ(pthread_sigmask(SIG_SETMASK, &before, &now), 0);
  EXPECT_EQ(sigismember(&now, SIGTERM), 1);
  EXPECT_EQ(sigismember(&now, SIGINT), 0);
}

TEST(machine, waiting_for_what_is_no_child_says_so) {
  auto const end = seam::real_machine().wait_process(-1);
  EXPECT_FALSE(end.signalled);
  EXPECT_EQ(end.code, -1);
}

TEST(machine, too_many_kept_descriptors_end_the_child_with_127) {
  std::vector<int> const keep(17, 0);
  EXPECT_EQ(run({"/bin/true"}, keep).code, 127);
}
