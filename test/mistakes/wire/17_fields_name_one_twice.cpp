// SPDX-License-Identifier: Apache-2.0
// quartet_fields that names one member twice and so forgets another.
// expect: account
// expect: quartet_fields lists a member twice
// expect: list every member once

#include "pool.hpp"

class account {
 public:
  constexpr auto quartet_fields() { return std::tie(balance_, balance_); }

 private:
  long balance_ = 0;
  long limit_ = 0;
};
int run(account const&) { return 1; }
void f(process_pool& p) { p.submit(run, account{}); }
