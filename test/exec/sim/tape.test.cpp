// SPDX-License-Identifier: Apache-2.0
// Lists that outlive their writer.
#include <array>
#include <cstdint>
#include <gtest/gtest.h>

#include <quartet/exec/sim/detail/tape.hpp>

using quartet::detail::sim::tape;

TEST(tape, it_keeps_what_fits_and_counts_the_rest) {
  alignas(16) std::array<std::byte, tape<std::uint64_t>::bytes_for(3)> memory{};
  tape<std::uint64_t> t(memory.data(), memory.size());
  EXPECT_TRUE(t.written().empty());
  for (std::uint64_t n = 1; n != 6; ++n) t.push(n);
  EXPECT_EQ(t.count(), 5U);
  ASSERT_EQ(t.written().size(), 3U);
  EXPECT_EQ(t.written()[2], 3U);
  t.clear();
  EXPECT_TRUE(t.written().empty());
}

TEST(tape, another_one_over_the_same_memory_reads_it) {
  alignas(16) std::array<std::byte, 100> memory{};
  tape<std::uint32_t>(memory.data(), memory.size()).push(7);
  EXPECT_EQ((tape<std::uint32_t>(memory.data(), memory.size()).written()[0]), 7U);
}
