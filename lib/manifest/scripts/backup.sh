# What all backups of data are made of. The script of an entry, backup-NAME, sets what is declared, reads this file and
# hands over its words:
#   run              makes a copy
#   verify [COPY]    reads a copy from end to end, the newest when none is named
#   restore ...      brings data back: restore.sh
# A copy is a folder below $to that is named after the time it was begun at, in UTC. It is renamed to that name when all
# of it was written and checked, so what has such a name is whole.

set -eu
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
cd /
state=/var/lib/aegisctl/backup/$name
flow=$state/flow
copy=

fail() {
  printf 'backup %s: %s\n' "$name" "$1" >&2
  exit 1
}
say() { printf 'backup %s: %s\n' "$name" "$1"; }

clear_up() {
  resume_containers
  [ -z "$copy" ] || rm -rf -- "$copy"
  rm -rf -- "$flow"
}

# Nothing else is done with this backup meanwhile. What a killed run left is cleared away.
begin() {
  mkdir -p -- "$state"
  exec 9> "$state/lock"
  flock -w "${patience:-0}" 9 || fail "it is being made, checked or restored already"
  resume_containers
  rm -rf -- "$flow"
  mkdir -- "$flow"
  trap clear_up EXIT
  trap 'exit 1' HUP INT TERM
  [ -z "$mountpoint" ] || mountpoint -q -- "$mountpoint" || fail "nothing is mounted on $mountpoint"
  [ -z "$sealed" ] || command -v age > /dev/null || fail "there is no age here: declare the package"
  [ -z "$remote" ] || command -v rsync > /dev/null || fail "there is no rsync here: declare the package"
}

# The name of a part's file: one for each name of what it holds.
file_of() { printf '%s' "${1#/}" | sed -e 's/%/%25/g' -e 's|/|%2F|g' -e 's/^\./%2E/'; }

seal() { if [ -n "$sealed" ]; then with_recipients age --encrypt; else cat; fi; }
pack() {
  case $1 in
    .gz) gzip ;;
    .zst) zstd -q -T0 ;;
    *) cat ;;
  esac
}
unpack() {
  case $1 in
    *.gz) gzip -dc ;;
    *.zst) zstd -qdc ;;
    *) cat ;;
  esac
}

# part FILE PACKING CHECK COMMAND...: what COMMAND prints becomes FILE of the copy. CHECK reads it on its way; what it
# does not read is let through.
part() {
  file=$1 packing=$2 check=$3
  shift 3
  rm -f -- "$flow"/*
  mkfifo -- "$flow/seen"
  { "$check" && : > "$flow/checked"; cat > /dev/null; } < "$flow/seen" 9>&- &
  checker=$!
  {
    "$@"
    : > "$flow/made"
  } | tee -- "$flow/seen" | {
    pack "$packing"
    : > "$flow/packed"
  } | seal > "$copy/$file$packing$sealed"
  wait "$checker" || :
  [ -e "$flow/made" ] || fail "$1 failed, so there is no $file"
  [ -e "$flow/packed" ] || fail "$file could not be compressed"
  [ -e "$flow/checked" ] || fail "$file is not what it should be"
}

# How much the part that was just made holds, for who restores it.
note_size() { seal < "$flow/size" > "$copy/$1.size$sealed"; }

# What a part holds, unsealed and unpacked. Whoever reads it looks for $flow/opened at the end: what cannot be unsealed
# ends early.
open_part() {
  rm -f -- "$flow/opened"
  unsealed "$1" | unpack "${1%.age}"
}
unsealed() {
  case $1 in
    *.age) age --decrypt --identity "$identity" "$1" ;;
    *) cat -- "$1" ;;
  esac
  : > "$flow/opened"
}

# The names of the whole copies, newest first.
copies() {
  [ -d "$to" ] || return 0
  find "$to" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | { grep -xE '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z' || :; } | sort -r
}

period_of() {
  case $2 in
    last) printf '%s\n' "$1" ;;
    hourly) printf '%s\n' "${1%????Z}" ;;
    daily) printf '%s\n' "${1%T*}" ;;
    weekly) date -u -d "${1%T*}" +%G-%V ;;
    monthly) printf '%s\n' "${1%-*}" ;;
    yearly) printf '%s\n' "${1%%-*}" ;;
  esac
}

# What stays: of each rule, the last copy of so many periods; the newest in any case.
kept() {
  copies | head -n 1
  printf '%s\n' "$keep" | while read -r rule count; do
    before='' number=0
    for each in $(copies); do
      period=$(period_of "$each" "$rule")
      [ "$period" != "$before" ] || continue
      before=$period number=$((number + 1))
      [ "$number" -le "$count" ] || break
      printf '%s\n' "$each"
    done
  done
}

# A copy that goes is first seen not to be whole any more. What goes here goes at the other end too, and nothing else
# does: an empty folder here must not empty that.
retain() {
  [ -n "$keep" ] || return 0
  kept > "$flow/kept"
  copies | { grep -vxF -f "$flow/kept" || :; } | while read -r each; do
    if [ -n "$remote" ]; then
      mkdir -p -- "$state/forget"
      : > "$state/forget/$each"
    fi
    mv -T -- "$to/$each" "$to/.gone-$each"
    rm -rf -- "$to/.gone-$each"
    say "removed the copy $each"
  done
}

# A copy at the other end is whole when its checksums are there: they come last.
push() {
  [ -n "$remote" ] || return 0
  set -- --recursive --times --include='/[0-9]*T[0-9]*Z/' --include='/[0-9]*T[0-9]*Z/**' --exclude='*'
  rsync --exclude=SHA256SUMS "$@" "$to/" "$remote/" || fail "the copies did not get to $remote"
  rsync "$@" "$to/" "$remote/" || fail "the copies did not get to $remote"
  mkdir -p -- "$flow/empty" "$state/forget"
  for each in "$state/forget"/*; do
    [ -e "$each" ] || continue
    each=${each##*/}
    rsync --recursive --delete --include="/$each/" --include="/$each/**" --exclude='*' "$flow/empty/" "$remote/" ||
      fail "the copy $each cannot be removed from $remote"
    rm -f -- "$state/forget/$each"
  done
  copies | head -n 1 > "$state/pushed"
}

run() {
  begin
  if [ "$kind" = git ]; then
    with_items push_repositories
    : > "$state/pushed"
    return
  fi
  begun=$(date +%s)
  mkdir -p -- "$to"
  rm -rf -- "$to"/.partial-* "$to"/.gone-*
  while stamp=$(date -u +%Y-%m-%dT%H%M%SZ) && [ -e "$to/$stamp" ]; do sleep 1; done
  copy=$to/.partial-$stamp
  mkdir -- "$copy"
  with_items "copy_$kind"
  cd -- "$copy"
  sha256sum -- * > "$flow/sums" || fail "there is nothing to keep"
  cp -- "$flow/sums" SHA256SUMS
  sync -- * .
  cd /
  mv -T -- "$copy" "$to/$stamp"
  sync -- "$to"
  copy=
  printf '%s\n' "$stamp" > "$state/known"
  printf '%s\n' "$(($(date +%s) - begun))" > "$state/took"
  say "made the copy $stamp"
  retain
  push
}

# The copy that is named, or the newest.
find_copy() {
  chosen=${1:-$(copies | head -n 1)}
  [ -n "$chosen" ] || fail "there is no copy in $to"
  copies | grep -qxF -- "$chosen" || fail "there is no copy $chosen in $to"
}

check_sums() {
  cd -- "$to/$chosen"
  sha256sum --quiet --strict --check SHA256SUMS > "$flow/words" 2>&1 || {
    cat -- "$flow/words" >&2
    fail "the copy $chosen is damaged: its checksums do not match"
  }
  cd /
}

# Reads a part as a restore would, and counts what is in it.
check_part() {
  case ${1%"$sealed"} in
    *.dump) set -- "$1" check_dump ;;
    *globals.sql) set -- "$1" check_globals ;;
    *.tar | *.tar.gz | *.tar.zst) set -- "$1" check_tar ;;
    *) set -- "$1" check_any ;;
  esac
  open_part "$1" | { "$2" && : > "$flow/checked"; cat > /dev/null; }
  [ -e "$flow/opened" ] || fail "${1##*/} of the copy $chosen cannot be unsealed with $identity"
  [ -e "$flow/checked" ] || fail "${1##*/} of the copy $chosen is not what it should be"
  size=${1%"$sealed"}
  size=${size%.gz}
  size=${size%.zst}.size$sealed
  [ -e "$size" ] || return 0
  open_part "$size" | cmp -s -- - "$flow/size" || fail "${1##*/} of the copy $chosen does not hold what was put into it"
}

verify() {
  begin
  [ "$kind" != git ] || { with_items compare_repositories; say "the other end has all"; return; }
  find_copy "${1-}"
  check_sums
  if [ -n "$sealed" ] && [ ! -r "$identity" ]; then
    say "the checksums of the copy $chosen match; what is in it is encrypted, and there is no identity here to read it"
    return
  fi
  for each in "$to/$chosen"/*; do
    case ${each%"$sealed"} in *.size | */SHA256SUMS) continue ;; esac
    rm -f -- "$flow"/*
    check_part "$each"
  done
  say "the copy $chosen is good"
}
