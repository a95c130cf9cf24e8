#pragma once

namespace aegis::test {

/// A systemctl for root trees without a running systemd. What concerns files (enable, mask) is done
/// by the real one. What runs is kept in /var/lib/fake-systemd: a unit that is active has there
/// what it read when it started: its unit file as it was at the last daemon-reload, and its
/// EnvironmentFile. A service does not come up when the latter says "broken", and dies after a
/// moment when it says "mortal"; one of Type=oneshot ends at once. Stopping a timer takes what
/// k_fake_systemd_run keeps of it away. All calls are in /tmp/systemctl.log.
inline constexpr const char* k_fake_systemctl = R"sh(#!/bin/sh
real=/usr/bin/systemctl
kept=/var/lib/fake-systemd
mkdir -p "$kept/active" "$kept/known"
echo "$*" >> /tmp/systemctl.log
verb=$1
shift
properties= quiet=
while [ "$#" -gt 0 ]; do
  case $1 in
    -p) properties=$2; shift 2 ;;
    --quiet) quiet=--quiet; shift ;;
    --) shift; break ;;
    *) break ;;
  esac
done
fragment() {
  for folder in /etc/systemd/system /usr/lib/systemd/system; do
    if [ -e "$folder/$1" ]; then echo "$folder/$1"; return; fi
  done
  return 1
}
setting() { sed -n "s/^$2=//p" "$(fragment "$1")"; }
file_state() { "$real" --root=/ is-enabled -- "$1" 2> /dev/null || :; }
environment() {
  file=$(setting "$1" EnvironmentFile)
  [ ! -f "$file" ] || cat "$file"
}
know() {
  file=$(fragment "$1") || file=/dev/null
  sha256sum < "$file" > "$kept/known/$1"
}
start() {
  if [ "$(file_state "$1")" = masked ]; then echo "Unit $1 is masked." >&2; exit 1; fi
  fragment "$1" > /dev/null || { echo "Unit $1 not found." >&2; exit 5; }
  [ -f "$kept/known/$1" ] || know "$1"
  case $(environment "$1") in
    *broken*) stop "$1"; echo "Job for $1 failed." >&2; exit 1 ;;
    *mortal*) stop "$1"; return ;;
  esac
  if [ "$(setting "$1" Type)" = oneshot ]; then stop "$1"; return; fi
  { cat "$kept/known/$1"; environment "$1"; } > "$kept/active/$1"
}
stop() { rm -f "$kept/active/$1" "$kept/known/$1" "$kept/timers/$1"; }
show() {
  state=$(file_state "$1") load=loaded active=inactive path=$(fragment "$1") || load=not-found
  [ "$state" != masked ] || load=masked
  [ ! -f "$kept/active/$1" ] || active=active
  printf 'Names=%s\nLoadState=%s\nActiveState=%s\nFragmentPath=%s\nUnitFileState=%s\n' \
    "$1" "$load" "$active" "$path" "$state"
}
case $verb in
  enable | disable | mask | unmask) exec "$real" --root=/ "$verb" -- "$@" ;;
  is-enabled) exec "$real" --root=/ is-enabled -- "$@" ;;
  is-active) [ -f "$kept/active/$1" ] ;;
  start) [ -f "$kept/active/$1" ] || start "$1" ;;
  stop) stop "$1" ;;
  restart) start "$1" ;;
  reload | reload-or-restart)
    case $(environment "$1") in *broken*) echo "Job for $1 failed." >&2; exit 1 ;; esac
    { head -n 1 "$kept/active/$1"; environment "$1"; } > "$kept/active/new"
    mv "$kept/active/new" "$kept/active/$1" ;;
  reset-failed) ;;
  daemon-reload) for each in "$kept"/known/*; do [ ! -f "$each" ] || know "${each##*/}"; done ;;
  show)
    first=yes
    for each; do
      [ -n "$first" ] || echo
      first=
      show "$each"
    done ;;
  *) echo "the fake systemctl knows no $verb" >&2; exit 2 ;;
esac
)sh";

/// A systemd-run that keeps the words of a command with a timer in /var/lib/fake-systemd/timers,
/// for PrivateRoot::elapse(). It refuses a timer of the same name, as the real one does.
inline constexpr const char* k_fake_systemd_run = R"sh(#!/bin/sh
kept=/var/lib/fake-systemd/timers
mkdir -p "$kept"
while [ "$#" -gt 0 ]; do
  case $1 in
    --unit=*) unit=${1#--unit=} ;;
    --*) ;;
    *) break ;;
  esac
  shift
done
[ ! -e "$kept/$unit.timer" ] || { echo "Unit $unit.timer was already loaded" >&2; exit 1; }
printf '%s\0' "$@" > "$kept/$unit.timer"
)sh";

}  // namespace aegis::test
