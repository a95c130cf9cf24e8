#include "kinds/os/postgres_rig.h"

namespace aegis::test {

PostgresRig::PostgresRig() {
  root().sh(
      "useradd -u 999 postgres; install -d -o postgres /srv/pg /tmp/pg; cd /; "
      "as='runuser -u postgres --' bin=$(dirname \"$(ls -d /usr/lib/postgresql/*/bin/initdb)\"); "
      "echo \"$bin\" > /tmp/bin; $as \"$bin/initdb\" -D /srv/pg > /dev/null; "
      "$as \"$bin/pg_ctl\" -w -D /srv/pg -l /tmp/pg/log -o \"-k /tmp/pg -c listen_addresses= -p "
      "5499 "
      "-c fsync=off\" start > /dev/null");
  sql("postgres", "create database app");
  sql("postgres", "create role reader login password 'pw'");
  sql("app",
      "create table users (id int primary key, name text); insert into users select n, "
      "E'a\\nb' || n from generate_series(1, 1000) n; create table \"odd Name\" (x text); insert "
      "into \"odd Name\" values (E'COPY x (y) FROM stdin;'), (E'\\\\.'); create table empty (); "
      "grant select on users to reader");
}

PostgresRig::~PostgresRig() {
  root().sh(
      "cd /; runuser -u postgres -- \"$(cat /tmp/bin)/pg_ctl\" -D /srv/pg -m immediate stop > "
      "/dev/null");
}

std::string PostgresRig::sql(const std::string& database, const std::string& text) {
  root().sh("cat > /tmp/text <<'END'\n" + text + "\nEND");
  return root().sh(
      "cd /; runuser -u postgres -- psql -h /tmp/pg -p 5499 -XqAt -v ON_ERROR_STOP=1 -d " +
      database + " < /tmp/text");
}

}  // namespace aegis::test
