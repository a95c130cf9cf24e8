# How data are brought back:
#   restore COPY|latest [ITEM...]    all of what follows, of all that the copy holds or of what is named
#   restore_open COPY STAMP ITEM...  says what is to be brought back; the copy is fetched and its checksums compared
#   restore_beside ITEM              makes it anew beside what is there, and counts what is in it
#   restore_check ITEM               runs the declared checks on that
#   restore_replay ITEM              runs the declared command on that
#   behind                           tells whether there is a newer copy than this system knows of
#   restore_swap                     stops who uses it, swaps by renaming, starts them again
# Each may be run again and goes on where it was cut. Until the swap nothing that is in use was touched; what was in
# use stays under a name with the time of the restore, and comes back when who uses it does not start.
# In git the point of a repository is a commit, a time, or latest.
work=$state/restore

restored_items() {
  while IFS= read -r item <&8; do
    "$1" "$item"
  done 8< "$work/items"
}

# What a restore that was begun is about.
know_restore() {
  patience=60
  begin
  [ -s "$work/copy" ] || fail "no restore was begun"
  chosen=$(sed -n 1p "$work/copy")
  stamp=$(sed -n 2p "$work/copy")
}

know_item() {
  mark=$(file_of "$1")
  place=$("place_of_$kind" "$1")
  kept=$("kept_of_$kind" "$1")
}

# The names of the whole copies at the other end, newest first.
copies_there() {
  there=$(rsync --recursive --list-only --include='/*/' --include='/*/SHA256SUMS' --exclude='*' "$remote/") ||
    fail "$remote cannot be listed"
  printf '%s\n' "$there" | sed -n 's|.* \([0-9-]*T[0-9]*Z\)/SHA256SUMS$|\1|p' | sort -r
}

# behind: the copy that is newer than all that this system knows of, as after it was brought back from an older backup or
# made anew; of git, the repositories that are not there. Changes nothing; prints nothing when it has all.
behind() {
  if [ "$kind" = git ]; then
    case $git_remote in *[:/]*) with_items missing_repositories ;; esac
    return
  fi
  known=
  if [ -f "$state/known" ]; then
    known=$(cat -- "$state/known")
  elif [ -d "$state" ]; then
    return
  fi
  far=
  [ -z "$remote" ] || far=$(copies_there)
  newest=$({ copies; printf '%s\n' "$far" "$known"; } | sort -r | head -n 1)
  [ "$newest" = "$known" ] || printf 'copy\t%s\n' "$newest"
}
missing_repositories() {
  for path; do
    [ -e "$path" ] || printf 'copy\tlatest\nitem\t%s\n' "$path"
  done
}

# One that is not here is brought from the other end.
get_copy() {
  chosen=$1
  [ "$chosen" != latest ] || chosen=$(copies | head -n 1)
  if [ -z "$chosen" ] || ! copies | grep -qxF -- "$chosen"; then
    [ -n "$remote" ] || fail "there is no copy ${chosen:-at all} in $to"
    [ -n "$chosen" ] || chosen=$(copies_there | head -n 1)
    [ -n "$chosen" ] || fail "there is no copy in $to and none at $remote"
    mkdir -p -- "$to"
    copy=$to/.partial-$chosen
    rsync --recursive --times "$remote/$chosen/" "$copy/" || fail "the copy $chosen does not come from $remote"
    cd -- "$copy"
    sha256sum --quiet --strict --check SHA256SUMS > "$flow/words" 2>&1 || fail "the copy $chosen came damaged from $remote"
    cd /
    sync -- "$copy"
    mv -T -- "$copy" "$to/$chosen"
    copy=
    say "fetched the copy $chosen"
  fi
  check_sums
}

# What an earlier restore left beside goes; what it swapped is an end that has to be come to.
give_up_restore() {
  [ ! -e "$work/swapping" ] ||
    fail "a restore of $(sed -n 1p "$work/copy") is in the middle of its swap: end that first (restore_swap)"
  restored_items drop_item
  rm -rf -- "$work"
}
drop_item() {
  know_item "$1"
  [ ! -e "$work/ours-$mark" ] || "drop_$kind"
}

restore_open() {
  patience=60
  begin
  wanted=$1 stamp=$2
  shift 2
  rm -rf -- "$state"/.ended-*
  if [ "$kind" = git ]; then chosen=$wanted; else get_copy "$wanted"; fi
  [ "$#" -gt 0 ] || { "items_of_$kind" > "$flow/all"; while IFS= read -r item; do set -- "$@" "$item"; done < "$flow/all"; }
  [ "$#" -gt 0 ] || fail "there is nothing in the copy $chosen"
  printf '%s\n' "$@" > "$flow/items"
  if [ -s "$work/copy" ]; then
    [ "$(sed -n 1p "$work/copy")" != "$chosen" ] || ! cmp -s -- "$flow/items" "$work/items" || return 0
    old=$stamp new=$chosen
    chosen=$(sed -n 1p "$work/copy") stamp=$(sed -n 2p "$work/copy")
    give_up_restore
    chosen=$new stamp=$old
  fi
  rm -rf -- "$work"
  mkdir -- "$work"
  cp -- "$flow/items" "$work/items"
  printf '%s\n' "$chosen" "$stamp" > "$flow/copy"
  sync -- "$work/items" "$flow/copy"
  mv -T -- "$flow/copy" "$work/copy"
  sync -- "$work"
}

# What lies at the place beside is ours to remove only when it was put there by a restore.
claim() {
  if [ -e "$work/ours-$mark" ]; then
    "drop_$kind"
  elif "is_there_$kind" "$place"; then
    fail "$place is in the way: move it away"
  fi
  : > "$work/ours-$mark"
  sync -- "$work/ours-$mark" "$work"
}

restore_beside() {
  know_restore
  know_item "$1"
  [ ! -e "$work/staged-$mark" ] || return 0
  [ ! -e "$work/swapping" ] || return 0
  rm -f -- "$work/replaying-$mark" "$work/replayed-$mark"
  claim
  "stage_$kind" "$1"
  : > "$work/staged-$mark"
  sync -- "$work/staged-$mark" "$work"
  say "restored $1 as $place"
}

is_staged() {
  know_item "$1"
  [ -e "$work/staged-$mark" ] || fail "$1 was not restored beside yet"
}

# The part of the copy that is called so, however it was packed.
find_part() {
  for part in "$to/$chosen/$1" "$to/$chosen/$1".gz "$to/$chosen/$1".zst \
    "$to/$chosen/$1".age "$to/$chosen/$1".gz.age "$to/$chosen/$1".zst.age; do
    [ ! -f "$part" ] || break
  done
  [ -f "$part" ] || fail "there is no $1 in the copy $chosen"
  case $part in *.age)
    [ -r "${identity:-/nonexistent}" ] || fail "the copy $chosen is encrypted, and there is no identity here to read it" ;;
  esac
}

# take PART COMMAND...: COMMAND reads what the part holds, all of it.
take() {
  find_part "$1"
  shift
  rm -f -- "$flow/opened" "$flow/taken"
  open_part "$part" | { "$@" && : > "$flow/taken"; cat > /dev/null; }
  [ -e "$flow/opened" ] || fail "${part##*/} cannot be unsealed with $identity"
  [ -e "$flow/taken" ] || fail "${part##*/} of the copy $chosen cannot be restored"
}

# Compares $flow/size with what was noted when the copy was made.
compare_size() {
  for size in "$to/$chosen/$1.size" "$to/$chosen/$1.size.age"; do
    [ -e "$size" ] || continue
    open_part "$size" | cmp -s -- - "$flow/size" || fail "$place does not hold what the copy $chosen says"
  done
}

# The declared checks and the replay learn what it is and where it lies beside.
declared_command() {
  case $kind in
    command) cd -- "$place" ;;
    volumes) place=$(folder_of_volume "$place") ;;
  esac
  ITEM=$item PLACE=$place COPY=$chosen "$@" < /dev/null 9>&-
}

assert_command() { (declared_command "$@") || fail "the check of $item failed: $*"; }

# Changes nothing; it has to say true.
assert_query() {
  [ "$1" = "$item" ] || return 0
  answer=$(sql "$place" -c 'begin read only' -c "$2") || fail "the query failed: $2"
  [ "$answer" = t ] || fail "the query says ${answer:-nothing} where it should say t: $2"
}

restore_check() {
  know_restore
  [ ! -e "$work/swapping" ] || return 0
  item=$1
  is_staged "$item"
  checks
}

# One that was cut may have done half of its work: it gets a new ground.
restore_replay() {
  if [ -e "$work/replaying-$(file_of "$1")" ] && [ ! -e "$work/replayed-$(file_of "$1")" ]; then
    rm -f -- "$work/staged-$(file_of "$1")"
    restore_beside "$1"
  fi
  know_restore
  item=$1
  is_staged "$item"
  { [ ! -e "$work/replayed-$mark" ] && [ ! -e "$work/swapping" ]; } || return 0
  : > "$work/replaying-$mark"
  sync -- "$work/replaying-$mark" "$work"
  (replay) || fail "the replay of $item failed"
  : > "$work/replayed-$mark"
  sync -- "$work/replayed-$mark" "$work"
}

is_ready() {
  is_staged "$1"
  [ -z "$has_replay" ] || [ -e "$work/replayed-$mark" ] || fail "$1 was not replayed yet"
}

note_stop() {
  grep -qxF -- "$1" "$work/stopped" 2> /dev/null || printf '%s\n' "$1" >> "$work/stopped"
  sync -- "$work/stopped"
}
stop_unit() {
  systemctl is-active --quiet -- "$1" || return 0
  note_stop "unit $1"
  systemctl stop -- "$1" || fail "$1 does not stop"
}
stop_containers() {
  docker ps -q "$@" > "$flow/running" || fail "the engine does not tell of its containers"
  for each in $(cat -- "$flow/running"); do
    note_stop "container $each"
    docker stop "$each" > /dev/null || fail "the container $each does not stop"
  done
}
stop_service() {
  stop_containers --filter "label=com.docker.compose.project=$1" --filter "label=com.docker.compose.service=$2"
}

# Who has a volume open would go on with what it was.
stop_users_of_volume() { stop_containers --filter "volume=$1"; }

comes_up() {
  if [ "$1" = unit ]; then
    systemctl start -- "$2" && sleep 1 && systemctl is-active --quiet -- "$2"
    return
  fi
  docker start "$2" > /dev/null || return 1
  for _ in $(seq 120); do
    sleep 1
    case $(docker inspect --format '{{.State.Status}}{{with .State.Health}} {{.Status}}{{end}}' "$2") in
      running | 'running healthy') return 0 ;;
      'running starting') ;;
      *) return 1 ;;
    esac
  done
  return 1
}

# Those that were stopped, last first. What does not come up is in $down.
start_users() {
  down=
  [ -s "$work/stopped" ] || return 0
  tac -- "$work/stopped" > "$flow/starting"
  while read -r type name_of_user <&7; do
    comes_up "$type" "$name_of_user" || down="$down $name_of_user"
  done 7< "$flow/starting"
}

swap_item() {
  know_item "$1"
  "swap_$kind" "$1"
}
unswap_item() {
  know_item "$1"
  "unswap_$kind" "$1"
}

# Whatever went wrong: what was in use comes back, and so does who uses it.
take_back() {
  set +e
  trap '' HUP INT TERM
  restored_items unswap_item
  start_users
  [ -z "$down" ] || printf 'backup %s: these do not start:%s\n' "$name" "$down" >&2
  rm -f -- "$work/swapping" "$work/stopped"
  clear_up
}

tell_kept() {
  know_item "$1"
  ! "is_there_$kind" "$kept" || say "what was $1 is now $kept"
}

restore_swap() {
  know_restore
  if [ ! -e "$work/swapping" ]; then
    restored_items is_ready
    : > "$work/swapping"
    sync -- "$work/swapping" "$work"
  fi
  if [ ! -e "$work/ended" ]; then
    trap take_back EXIT
    users
    [ "$kind" != volumes ] || restored_items stop_users_of_volume
    restored_items swap_item
    start_users
    [ -z "$down" ] || fail "with what was restored these do not start, so all is as it was before:$down"
    : > "$work/ended"
    sync -- "$work/ended" "$work"
    trap clear_up EXIT
  fi
  restored_items tell_kept
  restored_items ended_item
  [ "$kind" = git ] || { know_copies > "$flow/known"; mv -T -- "$flow/known" "$state/known"; }
  mv -T -- "$work" "$state/.ended-$stamp"
  rm -rf -- "$state/.ended-$stamp"
  say "the restore from $chosen has ended"
}
# The newest copy that this system knows of, whichever it took.
know_copies() { { copies; printf '%s\n' "$chosen"; cat -- "$state/known" 2> /dev/null || :; } | sort -r | head -n 1; }
ended_item() {
  know_item "$1"
  [ "$kind" != command ] || rm -rf -- "$place"
}

restore() {
  wanted=${1-latest}
  [ "$#" -eq 0 ] || shift
  restore_open "$wanted" "$(date -u +%Y-%m-%dT%H%M%SZ)" "$@"
  restored_items by_hand
  restore_swap
}
by_hand() {
  restore_beside "$1"
  restore_check "$1"
  [ -z "$has_replay" ] || restore_replay "$1"
}
