# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Installs what is missing of packages.txt, and says so when it may not.

need() { # GROUP...
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "install ${missing[*]}"
  install_packages "${missing[@]}"
}

missing_packages() { # GROUP...
  local package groups check group
  while read -r package groups check; do
    case $package in '' | '#'*) continue ;; esac
    for group in "$@"; do
      case ,$groups, in *,"$group",*)
        is_there "$package" "$check" || echo "$package"
        break
        ;;
      esac
    done
  done <packages.txt
}

is_there() { # PACKAGE CHECK
  case $2 in
    command:*) command_is_there "${2#command:}" ;;
    header:*) header_is_there "${2#header:}" ;;
    file:*) compgen -G "${2#file:}" >/dev/null ;;
  esac || { command -v dpkg-query >/dev/null && package_is_there "$1"; }
}

package_is_there() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

command_is_there() { # NAME[>=VERSION]
  local name=${1%%>=*} wanted=${1#*>=} found
  command -v "$name" >/dev/null || return 1
  [ "$wanted" != "$1" ] || return 0
  found=$("$name" --version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  [ "$(printf '%s\n%s\n' "$wanted" "$found" | sort -V | head -n 1)" = "$wanted" ]
}

header_is_there() {
  local folder
  for folder in /usr/include /usr/local/include "/usr/include/$(uname -m)-linux-gnu"; do
    [ ! -e "$folder/$1" ] || return 0
  done
  return 1
}

install_packages() {
  local root=()
  command -v apt-get >/dev/null ||
    die "these Debian packages, or their like in your system, are missing: $*"
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      root=(sudo)
    else
      die "packages are missing and only root can install them: apt-get install $*"
    fi
  fi
  apt_get "${root[@]}" -- "$@" && return 0
  say "refresh the package lists"
  "${root[@]}" apt-get update -qq >&2 || die "apt-get update failed: is the network there?"
  apt_get "${root[@]}" -- "$@" || die "apt-get install $* failed; its words are above"
}

apt_get() { # [sudo] -- PACKAGE...
  local root=() log=build/install.log
  while [ "$1" != -- ]; do
    root+=("$1")
    shift
  done
  shift
  mkdir -p build
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 || {
    grep -E '^[EW]: ' "$log" >&2 || tail -n 5 "$log" >&2
    return 1
  }
}
