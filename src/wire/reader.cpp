// SPDX-License-Identifier: Apache-2.0
// The errors of the reader.
#include <quartet/wire/reader.hpp>

namespace quartet::wire {

void reader::fail(std::string_view why) const {
  throw decode_error("damaged message at byte " + std::to_string(offset()) + " of " +
                         std::to_string(static_cast<std::size_t>(end_ - begin_)) + ": " +
                         std::string(why),
                     offset());
}

void reader::too_short(std::size_t wanted) const {
  fail("the next value takes " + std::to_string(wanted) + " bytes, " + std::to_string(remaining()) +
       " are left");
}

void reader::too_long(std::uint64_t count, std::size_t size_min) const {
  fail(std::to_string(count) + " elements of at least " + std::to_string(size_min) +
       " bytes are announced, " + std::to_string(remaining()) + " bytes are left");
}

}  // namespace quartet::wire
