# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The verbs of ./dev, one function each.

photos=build/photos

verb_demo() {
  local folder=${1:-$photos}
  [ $# -le 1 ] || die "demo takes one folder at most, this is more: $*"
  [ -z "${1:-}" ] || [ -d "$1" ] || die "there is no folder $1; give one with photos, or none"
  need build
  configure release
  build release quartet_program make_photos
  if [ -z "${1:-}" ]; then
    say "make 1,000 photos in $photos (those that are there stay)"
    build/release/bin/make_photos "$photos" --count 1000
  fi
  say "compare the models on $folder"
  build/release/bin/quartet compare images "$folder"
}

verb_build() {
  local preset=${1:-release}
  case $preset in
    debug | release | check) need build test ;;
    clang | asan | tsan) need build test sanitize ;;
    *) die "there is no preset $preset; there are: debug release check clang asan tsan" ;;
  esac
  configure "$preset"
  build "$preset"
}

verb_test() {
  need build test
  test_preset release "$@"
}

verb_asan() {
  need build test sanitize
  test_preset asan "$@"
}

verb_tsan() {
  need build test sanitize
  test_preset tsan "$@"
}

test_preset() { # PRESET [NAME]
  local preset=$1 name=${2:-} target=''
  [ $# -le 2 ] || die "one test name at most (a regular expression), these are more: ${*:2}"
  configure "$preset"
  [ -z "$name" ] || target=$(test_target "$preset" "$name")
  build "$preset" ${target:+"$target"}
  if [ "$name" = conformance ] && [ -n "$target" ]; then
    say "test $preset, the conformance matrix"
    steady_addresses "build/$preset/bin/$target"
  elif [ "$target" = "test_${name//\//_}" ]; then
    run_tests "$preset" "^$name/"
  else
    run_tests "$preset" "$name"
  fi
}

verb_check() {
  need build test format
  say format
  tools/dev.d/format "$@"
  say tidy
  tools/tidy
  verb_docs
  need test
  test_preset release
}

verb_bench() {
  need build bench
  configure release
  if [ "${1:-}" = sim ]; then
    [ $# -eq 1 ] || die "bench sim takes nothing more, this is: ${*:2}"
    bench_sim
    return
  fi
  if [ "${1:-}" = threads ]; then
    shift
    set -- "${thread_problems[@]}" "$@"
  fi
  say bench
  tools/bench "$@"
}

# What the pool promises: `bench threads` is these, with the goals beside the ratios.
thread_problems=(fib nqueens skynet tree submit submit_idle submit_awake for_even for_tiny
  for_uneven reduce compile)

# What the simulator promises, as tables: what it finds, how soon it reports, how fast it is.
bench_sim() {
  local status=0
  build release sim_cases sim_goals
  say "bench sim: the acceptance cases, a million schedules for each twin"
  build/release/bin/sim_cases --slow --silent 1000000 || status=$?
  say "bench sim: reports, time, replays"
  build/release/bin/sim_goals || status=$?
  say "bench sim: schedules"
  tools/bench sim_mutex || status=$?
  return "$status"
}

# Every primitive and executor under many schedules, others each time, its own data watched.
verb_races() { # [TIMES | --mutants [new] | --stops]
  case ${1:-} in
    --mutants | --stops)
      [ $# -eq 1 ] || [ "$*" = "--mutants new" ] ||
        die "races $1 takes nothing more, this is: ${*:2}"
      "${1#--}" "${@:2}"
      return
      ;;
  esac
  local times=${1:-20} fresh
  [ $# -le 1 ] && [[ $times =~ ^[1-9][0-9]*$ ]] ||
    die "races takes --mutants, --stops, or how many times as many schedules as ./dev test has"
  need build test
  configure check
  build check test_races
  fresh=$((RANDOM * 32768 + RANDOM))
  say "races: $times times as many schedules, QUARTET_FRESH=$fresh"
  QUARTET_FRESH=$fresh QUARTET_TIMES=$times build/check/bin/test_races --gtest_brief=1
}

# One synchronisation after the other left out: some exploration must notice each. `new` leaves
# those alone that are listed as equivalent.
mutants() { # [new]
  need build test
  configure check
  build check test_races
  say "races --mutants"
  python3 -B tools/dev.d/mutants.py build/check/bin/test_races \
    test/races/equivalent_mutants.txt "$@"
}

# A stop at each checkpoint of each primitive and executor: nothing may leak or get lost.
stops() {
  need build test
  configure check
  build check test_stops
  say "races --stops"
  python3 -B tools/dev.d/stops.py build/check/bin/test_stops
}

verb_cases() {
  local kind=${1:-sim}
  [ "$kind" = sim ] || die "there are no cases of $kind; there are: sim"
  [ $# -eq 0 ] || shift
  need build
  configure release
  build release sim_cases
  say "cases sim"
  build/release/bin/sim_cases "$@"
}

verb_new() {
  need build
  python3 -B tools/new "$@"
}

verb_docs() {
  need build
  say docs
  python3 -B tools/docs
}
