# What can be backed up. copy_KIND gets the names that are declared.

check_any() { cat > /dev/null; }

# PostgreSQL: as the user whose peer authentication lets in, or in the container of a service.
pg() {
  if [ -n "$service" ]; then
    program=$1
    shift
    database_container=$(container_of_service)
    docker exec -i "$database_container" "$program" -U "$user" "$@"
  else
    runuser -u "$user" -- "$@"
  fi
}

container_of_service() {
  found=$(docker ps -q --filter "label=com.docker.compose.project=$project" \
    --filter "label=com.docker.compose.service=$service")
  case $found in
    '') fail "no container of the service $service runs" ;;
    *[!0-9a-f]*) fail "several containers of the service $service run" ;;
  esac
  printf '%s\n' "$found"
}

sql() {
  base=$1
  shift
  pg psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$base" "$@" < /dev/null
}

databases() {
  sql postgres -c 'select datname from pg_database where datallowconn and not datistemplate order by 1'
}

# What dumps hold is counted as it goes by: pg_restore turns it into the statements of a restore.
check_dump() {
  {
    pg pg_restore -f - && : > "$flow/readable"
  } | awk '
    /^COPY .* FROM stdin;$/ && !inside { inside = 1; rows = 0; name = substr($0, 6); sub(/ ( FROM stdin;$|\(.*)/, "", name); next }
    inside && $0 == "\\." { inside = 0; print name "\t" rows; next }
    inside { rows++ }' > "$flow/size"
  [ -e "$flow/readable" ]
}
check_globals() { tail -n 5 | grep -q 'PostgreSQL database cluster dump complete'; }

copy_postgres() {
  part globals.sql '' check_globals pg pg_dumpall --globals-only
  if [ "$#" -eq 0 ]; then
    databases > "$state/databases"
    # shellcheck disable=SC2046 # their names are checked below
    set -- $(cat -- "$state/databases")
  fi
  [ "$#" -gt 0 ] || fail "there is no database"
  for database; do
    case $database in
      *[!A-Za-z0-9_-]* | -*) fail "the database $database has a name that no backup can be called" ;;
    esac
    part "$database.dump" '' check_dump pg pg_dump --format=custom "$database"
    note_size "$database.dump"
  done
}

# Patterns that are paths hold for what is below the folder; all others anywhere.
excludes_below() {
  excludes | while IFS= read -r pattern; do
    case $pattern in
      "$1"/*) printf './%s\n' "${pattern#"$1"/}" ;;
      /*) ;;
      *) printf '%s\n' "$pattern" ;;
    esac
  done
}

# A file that changes while it is read is no failure of a system that runs; tar says so in the log and ends with 1.
tar_up() {
  tar --create --file=- --sort=name --numeric-owner --xattrs --acls --one-file-system \
    --exclude='./.aegisctl-*' --exclude-from="$state/exclude" --directory="$1" . || [ "$?" -eq 1 ]
}

check_tar() {
  tar --list --file=- > "$flow/list" || return 1
  wc -l < "$flow/list" > "$flow/size"
}

copy_tree() {
  excludes_below "$2" > "$state/exclude"
  part "$(file_of "$1").tar" "$packing_of_trees" check_tar tar_up "$2"
  note_size "$(file_of "$1").tar"
}

copy_directories() {
  for path; do
    [ -d "$path" ] || fail "there is no directory $path"
    copy_tree "$path" "$path"
  done
}

folder_of_volume() {
  docker volume inspect --format '{{.Mountpoint}}' "$1" || fail "there is no volume $1"
}

pause_containers() {
  [ -n "$pause" ] || return 0
  docker ps -q --filter "volume=$1" --filter status=running > "$state/paused"
  xargs -r docker pause < "$state/paused" > /dev/null
}

# One that was not paused yet, or is gone, needs nothing.
resume_containers() {
  [ -s "$state/paused" ] || return 0
  for each in $(cat -- "$state/paused"); do
    [ "$(docker inspect --format '{{.State.Paused}}' "$each" 2> /dev/null)" != true ] || docker unpause "$each" > /dev/null
  done
  rm -f -- "$state/paused"
}

copy_volumes() {
  for volume; do
    folder=$(folder_of_volume "$volume")
    pause_containers "$volume"
    copy_tree "$volume" "$folder"
    resume_containers
  done
}

in_repository() {
  path=$1
  shift
  runuser -u "$user" -- git -C "$path" "$@"
}

# The other end has to have what is here, branch by branch.
compare_repositories() {
  for path; do
    in_repository "$path" ls-remote "$git_remote" 'refs/heads/*' > "$state/refs"
    in_repository "$path" for-each-ref --format='%(objectname)%09%(refname)' refs/heads > "$state/ours"
    [ -s "$state/ours" ] || fail "there is no commit in $path"
    missing=$(grep -vxF -f "$state/refs" -- "$state/ours" || :)
    [ -z "$missing" ] || fail "$git_remote of $path does not have ${missing#*	}"
  done
}

push_repositories() {
  for path; do
    if [ -n "$commit" ]; then
      in_repository "$path" add --all
      in_repository "$path" diff --cached --quiet || in_repository "$path" commit --quiet --message="$commit"
    fi
    in_repository "$path" push --quiet --all "$git_remote" || fail "$path cannot be pushed to $git_remote"
    compare_repositories "$path"
    say "pushed $path"
  done
}

# The files that the command leaves in its folder are what is kept.
copy_command() {
  mkdir -p -- "$state/files"
  find "$state/files" -mindepth 1 -delete
  (cd -- "$state/files" && with_command) || fail "the command failed"
  for each in "$state/files"/*; do
    [ -e "$each" ] || fail "the command left no file in its directory"
    { [ -f "$each" ] && [ ! -L "$each" ]; } || fail "the command left ${each##*/}, which is no file"
    part "${each##*/}" "$packing_of_trees" check_any cat -- "$each"
  done
  find "$state/files" -mindepth 1 -delete
}
