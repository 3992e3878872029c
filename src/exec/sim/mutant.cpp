// SPDX-License-Identifier: Apache-2.0
// Which operations a run can do without, and their names.
#include <charconv>

#include <quartet/exec/sim/detail/mutant.hpp>

namespace quartet::detail::sim {

bool mutant::of(seam::operation const& o) noexcept {
  switch (o.what) {
    case seam::kind::lock:
    case seam::kind::fence:
    case seam::kind::futex_wake:
    case seam::kind::thread_join:
      return true;
    case seam::kind::transfer:
      return o.order == seam::release;  // reads tell of nothing
    case seam::kind::load:
    case seam::kind::store:
    case seam::kind::exchange:
    case seam::kind::compare_exchange:
    case seam::kind::fetch_modify:
      return o.order != seam::relaxed;
    default:
      return false;
  }
}

std::optional<mutant> mutant::parse(std::string_view text) {
  std::size_t const kind_at = text.rfind(':');
  std::size_t const line_at = text.rfind(':', kind_at - 1);
  if (kind_at == text.npos || line_at == text.npos || line_at == 0) return {};
  std::string_view const digits = text.substr(line_at + 1, kind_at - line_at - 1);
  mutant m{std::string(text.substr(0, line_at)), 0, seam::kind::load};
  auto const end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, m.line).ptr != end || m.line == 0) return {};
  for (auto k = seam::kind::load; k <= seam::kind::entropy;
       k = static_cast<seam::kind>(static_cast<unsigned>(k) + 1)) {
    m.what = k;
    if (seam::name(k) == text.substr(kind_at + 1)) return m;
  }
  return {};
}

}  // namespace quartet::detail::sim
