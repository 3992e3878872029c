// SPDX-License-Identifier: Apache-2.0
// Name and second scope of a call.
#include <quartet/core/detail/call_extras.hpp>
#include <quartet/core/detail/call_record.hpp>

namespace quartet::detail {

call_extras::call_extras(std::string_view name, stop_source const* stop)
    : stop_hook([](stop_hook& h, stop_round& round) noexcept {
        round.then(*static_cast<call_extras&>(h).call_);
      }),
      name_(name),
      stop_(stop == nullptr ? nullptr : &stop->state()) {}

call_extras::~call_extras() = default;

std::unique_ptr<call_extras> call_extras::make(std::string_view name, stop_source const* stop) {
  return std::unique_ptr<call_extras>(new call_extras(name, stop));
}

void call_extras::serve(call_record& call) noexcept {
  call_ = &call;
  if (!name_.empty()) call.name = name_.c_str();
  if (stop_ != nullptr && !attach(*stop_)) call.request();
}

}  // namespace quartet::detail
