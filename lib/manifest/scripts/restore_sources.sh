# What each kind of source is brought back by: place_of, kept_of, items_of, is_there, drop, stage, swap, unswap.
# $place is where it is made beside, $kept what it is called that was in use.

# PostgreSQL: a second database, and two names that change in one transaction.
place_of_postgres() { printf '%s_restore\n' "$1"; }
kept_of_postgres() { printf '%.41s_kept_%s\n' "$1" "$(printf '%s' "$stamp" | tr -d -)"; }
items_of_postgres() { find "$to/$chosen" -name '*.dump*' ! -name '*.size*' ! -name 'postgres.dump*' -printf '%f\n' | sed 's/\.dump.*//' | sort; }
is_there_postgres() {
  found=$(sql template1 -c "select count(*) from pg_database where datname = '$1'") || fail "PostgreSQL does not answer"
  [ "$found" -eq 1 ]
}
end_sessions() { printf "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname in ('%s', '%s') and pid <> pg_backend_pid()" "$1" "$2"; }
drop_postgres() {
  sql template1 -c "$(end_sessions "$place" "$place")" -c "drop database if exists \"$place\"" > /dev/null 2> "$flow/words" ||
    { cat -- "$flow/words" >&2; fail "the database $place cannot be dropped"; }
}

statements_to() {
  pg psql -X -q -v ON_ERROR_STOP=1 -d "$1"
}

# Roles that are not there any more, with all that makes them.
missing_roles() {
  sql template1 -c 'select quote_ident(rolname) from pg_roles' > "$flow/roles"
  awk -v list="$flow/roles" '
    BEGIN { while ((getline role < list) > 0) known[role] = 1 }
    /^CREATE ROLE / { role = substr($0, 13, length($0) - 13); if (!(role in known)) { made[role] = 1; print }; next }
    /^ALTER ROLE / { for (role in made) if (index($0, "ALTER ROLE " role " ") == 1) { print; next } }
    /^GRANT / { for (role in made) if (index($0, "GRANT " role " TO ") == 1 || index($0, " TO " role " ") || index($0, " TO " role ";")) { print; next } }' |
    statements_to template1
}

# The statements that make the database itself and its settings, under the name of the place beside.
make_database() {
  {
    pg pg_restore --create --schema-only -f - && : > "$flow/readable"
  } | awk -v plain="$1" -v place="\"$place\"" '
    function renamed(line, name,    form, at) {
      form = " DATABASE " name
      at = index(line, form)
      if (!at || substr(line, at + length(form), 1) !~ /[ ;]/) return ""
      return substr(line, 1, at - 1) " DATABASE " place substr(line, at + length(form))
    }
    /^-- Name: .*; Type: / { wanted = /; Type: DATABASE( PROPERTIES)?;/ || /^-- Name: DATABASE .*; Type: (ACL|COMMENT);/; next }
    wanted && !/^(--|\\|SET )/ { line = renamed($0, plain); if (line == "") line = renamed($0, "\"" plain "\""); print line == "" ? $0 : line }' |
    statements_to template1 || return 1
  [ -e "$flow/readable" ]
}

# The tables that the copy has rows of, counted.
count_rows() {
  : > "$flow/size"
  for size in "$to/$chosen/$1.dump.size" "$to/$chosen/$1.dump.size.age"; do
    [ -e "$size" ] || continue
    open_part "$size" > "$flow/noted"
    cut -f 1 "$flow/noted" > "$flow/tables"
    sed 's/.*/select count(*) from only &;/' "$flow/tables" |
      pg psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$place" > "$flow/counts" || fail "the tables of $place cannot be counted"
    paste -- "$flow/tables" "$flow/counts" > "$flow/size"
  done
  [ ! -e "$flow/noted" ] || compare_size "$1.dump"
}

stage_postgres() {
  take globals.sql missing_roles
  take "$1.dump" make_database "$1"
  take "$1.dump" pg pg_restore --exit-on-error -d "$place"
  count_rows "$1"
}

# Sessions that come in between make it fail as a whole; then it is tried again.
rename_databases() {
  tries=0
  until sql template1 -c "$(end_sessions "$1" "$3")" -c begin -c "$(names_change "$1" "$2")" -c "$(names_change "$3" "$1")" -c commit > /dev/null 2> "$flow/words"; do
    tries=$((tries + 1))
    [ "$tries" -lt 10 ] || { cat -- "$flow/words" >&2; fail "the database $1 cannot be renamed"; }
    sleep 1
  done
}
names_change() { ! is_there_postgres "$1" || printf 'alter database "%s" rename to "%s"' "$1" "$2"; }

swap_postgres() { ! is_there_postgres "$place" || rename_databases "$1" "$kept" "$place"; }
unswap_postgres() {
  is_there_postgres "$place" || ! is_there_postgres "$1" || rename_databases "$1" "$place" "$kept"
}

# Trees: a folder beside, renamed. What something is mounted on cannot be renamed: there it is made in it, and all that
# is in it changes place.
real_path() { if [ -L "$1" ]; then realpath -m -- "$1"; else printf '%s\n' "$1"; fi; }
beside() {
  path=$(real_path "$1")
  if mountpoint -q -- "$path"; then printf '%s/.aegisctl-%s\n' "$path" "$2"; else printf '%s.aegisctl-%s\n' "$path" "$2"; fi
}
place_of_directories() { beside "$1" restore; }
kept_of_directories() { beside "$1" "kept-$stamp"; }
items_of_directories() { with_items printf '%s\n'; }
is_there_directories() { [ -e "$1" ] || [ -L "$1" ]; }
drop_directories() { rm -rf -- "$place"; }

no_mounts_in() {
  found=$(awk -v path="$1/" 'index($5, path) == 1 { print $5; exit }' /proc/self/mountinfo)
  [ -z "$found" ] || fail "$found is mounted in $1, and would move with it: unmount it first"
}

untar_into() { tar --extract --file=- --numeric-owner --same-permissions --xattrs --xattrs-include='*' --acls --directory="$1"; }

# What is unpacked has to find room beside what is there.
check_room() {
  take "$1" wc -c > "$flow/bytes"
  free=$(df --output=avail -B1 -- "$2" | tail -n 1)
  [ "$(cat -- "$flow/bytes")" -lt "$free" ] || fail "there is no room for $1 in $2"
}

stage_tree() {
  check_room "$1" "${2%/*}/"
  mkdir -- "$2"
  take "$1" untar_into "$2"
  sync -f -- "$2"
  find "$2" -printf x | wc -c > "$flow/size"
  compare_size "$1"
}

stage_directories() {
  no_mounts_in "$(real_path "$1")"
  (umask 022; mkdir -p -- "${place%/*}")
  stage_tree "$(file_of "$1").tar" "$place"
}

move_all() {
  find "$1" -mindepth 1 -maxdepth 1 ! -name '.aegisctl-*' ! -name lost+found -exec mv -t "$2" -- {} +
}

swap_content() {
  if [ ! -e "$work/out-$mark" ]; then
    mkdir -p -- "$kept"
    move_all "$1" "$kept"
    : > "$work/out-$mark"
    sync -- "$work/out-$mark"
  fi
  move_all "$place" "$1"
  chown --reference="$place" -- "$1"
  chmod --reference="$place" -- "$1"
  rmdir -- "$place"
}
unswap_content() {
  if [ -e "$work/out-$mark" ]; then
    mkdir -p -- "$place"
    move_all "$1" "$place"
    rm -f -- "$work/out-$mark"
  fi
  [ ! -e "$kept" ] || { move_all "$kept" "$1"; rmdir -- "$kept"; }
}

swap_directories() {
  path=$(real_path "$1")
  is_there_directories "$place" || return 0
  if mountpoint -q -- "$path"; then swap_content "$path"; return; fi
  if is_there_directories "$path"; then
    while is_there_directories "$kept"; do kept=$kept+; done
    mv -T -- "$path" "$kept"
  fi
  mv -T -- "$place" "$path"
}
unswap_directories() {
  path=$(real_path "$1")
  if mountpoint -q -- "$path"; then unswap_content "$path"; return; fi
  is_there_directories "$place" || ! is_there_directories "$path" || mv -T -- "$path" "$place"
  is_there_directories "$path" || ! is_there_directories "$kept" || mv -T -- "$kept" "$path"
}

# Docker volumes: another volume, whose folder changes place with it. Nobody may have it open.
place_of_volumes() { printf '%s-restore\n' "$1"; }
kept_of_volumes() { printf '%s-kept-%s\n' "$1" "$stamp"; }
items_of_volumes() { with_items printf '%s\n'; }
is_there_volumes() { docker volume inspect "$1" > /dev/null 2>&1; }
drop_volumes() { ! is_there_volumes "$place" || docker volume rm "$place" > /dev/null; }

stage_volumes() {
  case $(docker volume inspect --format '{{.Driver}} {{len .Options}}' "$1") in
    'local 0') ;;
    '') fail "there is no volume $1: aegisctl apply brings it" ;;
    *) fail "the engine does not keep $1 itself, so it cannot be swapped" ;;
  esac
  docker volume create "$place" > /dev/null
  folder=$(folder_of_volume "$place")
  rmdir -- "$folder"
  stage_tree "$(file_of "$1").tar" "$folder"
}

# The folders tell how far it came: $away is there when the old data are out of the way, $beside until the new ones are in.
folders_of_volume() {
  folder=$(folder_of_volume "$1")
  beside=${folder%/"$1"/_data}/$place/_data
  away=${folder%/"$1"/_data}/$kept/_data
}
swap_volumes() {
  folders_of_volume "$1"
  if [ -e "$beside" ]; then
    docker volume create "$kept" > /dev/null
    if [ -e "$folder" ]; then
      [ ! -e "$away" ] || rmdir -- "$away" || fail "$kept holds something already"
      mv -T -- "$folder" "$away"
    fi
    mv -T -- "$beside" "$folder"
  fi
  ! is_there_volumes "$place" || docker volume rm "$place" > /dev/null
}
unswap_volumes() {
  folders_of_volume "$1"
  if [ ! -e "$beside" ] && [ -e "$folder" ] && [ -e "$away" ]; then
    (umask 066; mkdir -p -- "${beside%/*}")
    mv -T -- "$folder" "$beside"
  fi
  [ -e "$folder" ] || mv -T -- "$away" "$folder"
  [ ! -e "$beside" ] || docker volume create "$place" > /dev/null
  [ ! -e "$away" ] || rmdir -- "$away"
  [ -e "$away" ] || ! is_there_volumes "$kept" || docker volume rm "$kept" > /dev/null
}

# Repositories: a clone beside, renamed.
place_of_git() { beside "$1" restore; }
kept_of_git() { beside "$1" "kept-$stamp"; }
items_of_git() { with_items printf '%s\n'; }
is_there_git() { is_there_directories "$1"; }
drop_git() { drop_directories; }
swap_git() { swap_directories "$1"; }
unswap_git() { unswap_directories "$1"; }

# What is damaged may still tell: git itself does not open a repository without its objects.
told_by() {
  for file in "$1/.git/$2" "$1/$2"; do
    if [ -f "$file" ]; then printf '%s\n' "$file"; return; fi
  done
  printf '/dev/null\n'
}

url_of_remote() {
  runuser -u "$user" -- git config --file "$(told_by "$1" config)" --get "remote.$git_remote.url" || case $git_remote in
    *[:/]*) printf '%s\n' "$git_remote" ;;
    *) fail "$1 does not tell where $git_remote is: declare its URL as \`remote\`" ;;
  esac
}

# The branch of the repository that is there, where it still tells; else that of the other end.
branch_of() {
  was=$(sed -n 's|^ref: refs/heads/||p' "$(told_by "$1" HEAD)")
  if [ -n "$was" ] && in_repository "$place" show-ref --verify --quiet "refs/heads/$was"; then
    printf '%s\n' "$was"
  else
    in_repository "$place" symbolic-ref --short HEAD
  fi
}

point_of() {
  case $chosen in
    latest) in_repository "$place" rev-parse "refs/heads/$1" ;;
    [0-9][0-9][0-9][0-9]-*) in_repository "$place" rev-list -1 --before="$chosen" "refs/heads/$1" ;;
    *) in_repository "$place" rev-parse --verify --quiet "$chosen^{commit}" ;;
  esac
}

stage_git() {
  repository=$1
  no_mounts_in "$(real_path "$repository")"
  url=$(url_of_remote "$repository")
  case $git_remote in *[:/]*) remote_name=origin ;; *) remote_name=$git_remote ;; esac
  (umask 022; mkdir -p -- "${place%/*}"; mkdir -- "$place")
  chown "$user": -- "$place"
  (umask 022; runuser -u "$user" -- git clone --quiet --origin "$remote_name" "$url" "$place") || fail "$url cannot be cloned"
  for branch in $(in_repository "$place" for-each-ref --format='%(refname:strip=3)' "refs/remotes/$remote_name"); do
    [ "$branch" = HEAD ] || in_repository "$place" show-ref --verify --quiet "refs/heads/$branch" ||
      in_repository "$place" branch --quiet --track "$branch" "$remote_name/$branch"
  done
  in_repository "$place" fsck --no-progress > /dev/null || fail "the clone of $url is damaged"
  branch=$(branch_of "$repository")
  point=$(point_of "$branch")
  [ -n "$point" ] || fail "$branch of $url has no commit at $chosen"
  in_repository "$place" checkout --quiet "$branch"
  in_repository "$place" reset --quiet --hard "$point"
  sync -f -- "$place"
}

# Of a command only the files are known: its replay takes them.
place_of_command() { printf '%s\n' "$work/files"; }
kept_of_command() { printf '/nonexistent\n'; }
items_of_command() { printf 'files\n'; }
is_there_command() { [ -e "$1" ]; }
drop_command() { rm -rf -- "$place"; }
swap_command() { :; }
unswap_command() { :; }
stage_command() {
  mkdir -p -- "$place"
  find "$to/$chosen" -type f ! -name SHA256SUMS -printf '%f\n' > "$flow/parts"
  while IFS= read -r each <&6; do
    plain=${each%.age}
    case $packing_of_trees in ?*) plain=${plain%"$packing_of_trees"} ;; esac
    find_part "$each"
    rm -f -- "$flow/opened"
    unsealed "$part" | unpack "$packing_of_trees" > "$place/$plain"
    [ -e "$flow/opened" ] || fail "$each cannot be unsealed with $identity"
  done 6< "$flow/parts"
}
