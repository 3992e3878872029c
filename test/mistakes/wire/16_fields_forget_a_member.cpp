// SPDX-License-Identifier: Apache-2.0
// quartet_fields that forgets a member.
// expect: account
// expect: quartet_fields does not list every member
// expect: leave_out(member)

#include <string>

#include "pool.hpp"

class account {
 public:
  auto quartet_fields() { return std::tie(name_, balance_); }

 private:
  std::string name_;
  long balance_ = 0;
  long limit_ = 0;
};
int run(account const&) { return 1; }
void f(process_pool& p) { p.submit(run, account{}); }
