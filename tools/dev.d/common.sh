# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the verbs share: talk, how many jobs, configure and build, run tests.

say() { printf '\n== %s\n' "$*" >&2; }
die() { printf 'dev: %s\n' "$*" >&2; exit 1; }

# How many compilers at a time: the cores we may use, 1.5 GiB of free memory each.
jobs_here() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ {print int($2 / 1572864)}' /proc/meminfo)
  [ "${memory:-1}" -ge 1 ] || memory=1
  echo "${QUARTET_JOBS:-$((cores < memory ? cores : memory))}"
}

# How many tests at a time; they wait more than they compute, and a few need all cores.
tests_here() { nproc; }

configure() { # PRESET
  say "configure $1"
  mkdir -p "build/$1"
  cmake --preset "$1" >"build/$1/configure.log" 2>&1 || {
    cat "build/$1/configure.log" >&2
    die "CMake could not configure build/$1; its words are above"
  }
  grep -E 'left out' "build/$1/configure.log" >&2 || true
}

build() { # PRESET [TARGET...]
  local preset=$1
  shift
  say "build $preset ($(jobs_here) at a time)"
  cmake --build "build/$preset" --parallel "$(jobs_here)" ${1:+--target "$@"} >&2
}

# Thread sanitizer wants less address randomness than new kernels give.
steady_addresses() {
  if setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
    setarch "$(uname -m)" --addr-no-randomize "$@"
  else
    "$@"
  fi
}

# Each case by itself; but all cases of a program at once under sanitizers, where it takes half a
# second to start.
run_tests() { # PRESET [NAME [LABELS]]: those named so, but for those labelled so
  local preset=$1 without=whole status=0
  case $preset:${2:-} in asan: | tsan:) without=single ;; esac
  local results=$PWD/build/$preset/junit.xml cases=$PWD/build/$preset/cases
  say "test $preset"
  rm -rf "$results" "$cases"
  steady_addresses ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
    --parallel "$(tests_here)" --output-junit "$results" ${2:+-R "$2"} \
    -LE "$without${3:+|$3}" || status=$?
  [ ! -d "$cases" ] || python3 -B tools/dev.d/cases.py "$results" "$cases"
  python3 -B tools/dev.d/skips.py "$results" >&2 || true
  return "$status"
}

# The test program that holds what a name means, if one does: core, core/task, core/task.a_case
# are in test_core.
test_target() { # PRESET NAME
  local name=$2 target
  while :; do
    target="test_${name//\//_}"
    if ninja -C "build/$1" -t query "$target" >/dev/null 2>&1; then
      echo "$target"
      return
    fi
    case $name in */*) name=${name%/*} ;; *) return ;; esac
  done
}
