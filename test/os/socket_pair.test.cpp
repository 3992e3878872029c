// SPDX-License-Identifier: Apache-2.0
// Messages and descriptors from one end to the other.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

#include <quartet/os/memory_file.hpp>
#include <quartet/os/socket_pair.hpp>
#include <quartet/seam/thread.hpp>

#include "support/recording_machine.hpp"

using namespace quartet;

namespace {

std::span<std::byte const> bytes(std::string_view s) { return std::as_bytes(std::span(s)); }

struct buffer {
  std::array<std::byte, 64> room;
  std::string_view first(std::size_t n) const {
    return {reinterpret_cast<char const*>(room.data()), n};
  }
};

}  // namespace

TEST(socket_pair, messages_keep_their_borders_and_their_order) {
  os::socket_pair p;
  buffer b;
  p.first.blocking_send(bytes("one"));
  p.first.blocking_send(bytes("three"));
  auto const one = p.second.blocking_receive(b.room);
  EXPECT_EQ(b.first(one.size), "one");
  auto const three = p.second.blocking_receive(b.room);
  EXPECT_EQ(b.first(three.size), "three");
  p.second.blocking_send(bytes("back"));
  EXPECT_EQ(p.first.blocking_receive(b.room).size, 4u);
}

TEST(socket_pair, descriptors_travel_with_a_message_and_close_on_exec) {
  os::socket_pair p;
  buffer b;
  os::memory_file const m("quartet-test", 100);
  m.bytes()[7] = std::byte{9};
  os::fd const null(open("/dev/null", O_RDWR | O_CLOEXEC));
  std::array const sent{m.descriptor(), null.get()};
  p.first.blocking_send(bytes("x"), sent);
  auto got = p.second.blocking_receive(b.room);
  ASSERT_EQ(got.descriptors.size(), 2u);
  for (auto const& d : got.descriptors) EXPECT_EQ(fcntl(d.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  os::memory_file const same(std::move(got.descriptors[0]));
  EXPECT_EQ(same.bytes()[7], std::byte{9});
}

TEST(socket_pair, a_closed_end_is_seen_by_both_verbs) {
  os::socket_pair p;
  buffer b;
  p.first.blocking_send(bytes("last words"));
  p.first.close();
  EXPECT_EQ(p.second.blocking_receive(b.room).size, 10u);
  EXPECT_TRUE(p.second.blocking_receive(b.room).closed());
  EXPECT_TRUE(p.second.try_receive(b.room)->closed());
  try {
    p.second.blocking_send(bytes("nobody"));
    FAIL();
  } catch (std::system_error const& e) {
    EXPECT_EQ(e.code().value(), EPIPE);
    EXPECT_NE(std::string(e.what()).find("6 bytes"), std::string::npos);
  }
}

TEST(socket_pair, an_end_closed_with_messages_unread_reads_as_closed) {
  os::socket_pair p;
  buffer b;
  p.second.blocking_send(bytes("never read"));
  p.first.close();
  EXPECT_TRUE(p.second.blocking_receive(b.room).closed());
}

TEST(socket_pair, the_try_verbs_answer_at_once) {
  os::socket_pair p;
  buffer b;
  EXPECT_FALSE(p.second.try_receive(b.room).has_value());
  std::string const big(4096, 'x');
  int sent = 0;
  while (p.first.try_send(bytes(big))) ASSERT_LT(++sent, 100'000);
  EXPECT_GT(sent, 0);
}

TEST(socket_pair, a_message_too_long_for_the_buffer_is_an_error) {
  os::socket_pair p;
  buffer b;
  p.first.blocking_send(bytes(std::string(65, 'x')));
  EXPECT_THROW(p.second.blocking_receive(b.room), std::system_error);
  EXPECT_FALSE(p.second.try_receive(b.room).has_value()) << "it is gone";
}

TEST(socket_pair, refuses_empty_messages_and_too_many_descriptors) {
  os::socket_pair p;
  EXPECT_THROW(p.first.blocking_send({}), std::invalid_argument);
  std::array<int, 17> many{};
  EXPECT_THROW(p.first.try_send(bytes("x"), many), std::invalid_argument);
  buffer b;
  std::array<int, os::packet_socket::max_descriptors> most{};
  EXPECT_TRUE(p.first.try_send(bytes("x"), most));
  EXPECT_EQ(p.second.blocking_receive(b.room).descriptors.size(), most.size());
  std::array const bad{-1};
  EXPECT_THROW(p.first.blocking_send(bytes("x"), bad), std::system_error);
  EXPECT_THROW(os::packet_socket().blocking_send(bytes("x")), std::system_error);
  EXPECT_THROW(os::packet_socket().blocking_receive(b.room), std::system_error);
}

TEST(socket_pair, a_receiver_is_woken_by_a_send_of_another_thread) {
  os::socket_pair p;
  buffer b;
  seam::thread sender([&] { p.first.blocking_send(bytes("hello")); });
  EXPECT_EQ(p.second.blocking_receive(b.room).size, 5u);
}

TEST(socket_pair, announces_each_transfer) {
#if QUARTET_SIM
  test::recording_machine m;
  seam::machine_scope const scope(m);
  os::socket_pair p;
  buffer b;
  p.first.blocking_send(bytes("x"));
  p.second.blocking_receive(b.room);
  EXPECT_EQ(m.count(seam::kind::transfer, &p.first), 1u);
  EXPECT_EQ(m.count(seam::kind::transfer, &p.second), 1u);
  EXPECT_TRUE(m.saw(seam::kind::transfer, "socket_pair.test.cpp"));
#else
  GTEST_SKIP() << "needs QUARTET_SIM=ON";
#endif
}
