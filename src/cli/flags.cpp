// SPDX-License-Identifier: Apache-2.0
// The flags, each with its effect.
#include "flags.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <quartet/core/pool_options.hpp>
#include <quartet/models/make_executor.hpp>

#include "usage_error.hpp"

namespace quartet::cli {

namespace {

struct range {
  unsigned least;
  unsigned most;
  std::string_view else_do = {};  // what else may be done, after "choose 1 to 100"
};

/// Sets `into` from whole decimal numbers within the range.
template <class T> void number(arguments& a, flag const& f, range r, T& into) {
  a.option(f, [name = std::string(f.name), r, &into](std::string const& text) {
    unsigned value = 0;
    char const* const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc() && at == end && value >= r.least && value <= r.most) {
      into = static_cast<T>(value);
      return;
    }
    throw usage_error(name + " " + text + ": is not a number that fits; choose " +
                      std::to_string(r.least) + " to " + std::to_string(r.most) +
                      std::string(r.else_do));
  });
}

void require_model(std::string const& name) {
  try {
    find_model(name);
  } catch (std::invalid_argument const& e) {
    throw usage_error("--on " + name + ": " + e.what());
  }
}

std::vector<std::string> split_at_commas(std::string const& text) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t const end = std::min(text.find(',', begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

}  // namespace

void width_flag(arguments& a, unsigned& into) {
  number(a, {"--width", "N", "256", "width of the results in pixels; nothing is enlarged"},
         {1, 65'500}, into);
}

void quality_flag(arguments& a, int& into) {
  number(a, {"--quality", "Q", "95", "quality of JPEG results, 1 to 100"}, {1, 100}, into);
}

void model_flag(arguments& a, std::string& into) {
  a.option({"--on", "MODEL", "threads", "sync, async, threads, processes or sim"},
           [&into](std::string const& name) {
             require_model(name);
             into = name;
           });
}

void models_flag(arguments& a, std::vector<std::string>& into) {
  a.option({"--on", "MODEL,...", "", "models to compare (default: all)"},
           [&into](std::string const& text) {
             into.clear();
             for (std::string& name : split_at_commas(text)) {
               require_model(name);
               if (find_model(name).simulated)
                 throw usage_error("--on " + text + ": '" + name +
                                   "' takes turns in virtual time, so what it takes says nothing; "
                                   "compare the others");
               if (std::ranges::find(into, name) != into.end())
                 throw usage_error("--on " + text + ": names '" + name +
                                   "' twice; name each model once");
               into.push_back(std::move(name));
             }
           });
}

void workers_flag(arguments& a, unsigned& into) {
  number(a,
         {"--workers", "N", "", "threads or processes at work (default: as many as fit the CPUs)"},
         {1, most_workers, ", or leave it out for as many as fit the CPUs"}, into);
}

void rounds_flag(arguments& a, unsigned& into) {
  number(a, {"--rounds", "N", "3", "runs of each model, in turn"}, {1, 1'000}, into);
}

void keep_flag(arguments& a, std::string& into) {
  a.option({"--keep", "OUT", "", "keep the results, in OUT/MODEL"},
           [&into](std::string const& folder) { into = folder; });
}

void quiet_flag(arguments& a, bool& into) {
  a.toggle({"--quiet", "", "", "show no progress; problems are still named"}, into);
}

void schedule_flag(arguments& a, std::string& into) {
  a.option(
      {"--seed", "TOKEN", "", "run only this schedule, as a report names it, and tell each step"},
      [&into](std::string const& text) { into = text; });
}

void points_flag(arguments& a, bool& into) {
  a.toggle({"--points", "", "", "also list the source files whose operations were reached"}, into);
}

void demo_flag(arguments& a, bool& into) {
  a.toggle({"--demo", "", "", "no PROGRAM: show how rare and how soon found seven small bugs are"},
           into);
}

void seconds_flag(arguments& a, std::optional<duration>& into) {
  a.option({"--seconds", "N", "6", "--demo: how long real threads run each bug"},
           [&into](std::string const& text) {
             double value = 0;
             char const* const end = text.data() + text.size();
             auto const [at, error] = std::from_chars(text.data(), end, value);
             if (error != std::errc() || at != end || !(value >= 0.001 && value <= 3600))
               throw usage_error("--seconds " + text +
                                 ": is not a number that fits; choose 0.001 to 3600");
             into = std::chrono::duration_cast<duration>(std::chrono::duration<double>(value));
           });
}

void json_flag(arguments& a, bool& into) {
  a.toggle({"--json", "", "", "print the result as one JSON object"}, into);
}

}  // namespace quartet::cli
