#include <catch2/catch.hpp>

#include "kinds/os/backup_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A system with a PostgreSQL of its own, on a socket in its /tmp, with the database "app".
class Cluster : public BackupRig {
 public:
  Cluster() {
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
  ~Cluster() override {
    root().sh(
        "cd /; runuser -u postgres -- \"$(cat /tmp/bin)/pg_ctl\" -D /srv/pg -m immediate stop > "
        "/dev/null");
  }
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  std::string sql(const std::string& database, const std::string& text) {
    root().sh("cat > /tmp/text <<'END'\n" + text + "\nEND");
    return root().sh(
        "cd /; runuser -u postgres -- psql -h /tmp/pg -p 5499 -XqAt -v ON_ERROR_STOP=1 -d " +
        database + " < /tmp/text");
  }
};

constexpr const char* k_database =
    "  db: { on: server/a, postgres: { socket: /tmp/pg, port: 5499 }, schedule: daily }\n";

}  // namespace

TEST_CASE("databases are dumped, their rows counted, and what was dumped can be restored") {
  Cluster cluster;
  cluster.declare(k_database);
  cluster.must("db");
  cluster.must("db", "verify");
  const std::string copy = "/var/backups/aegisctl/db/*";
  CHECK(cluster.root().sh("ls " + copy) ==
        "SHA256SUMS\napp.dump\napp.dump.size\nglobals.sql\npostgres.dump\npostgres.dump.size\n");
  CHECK(cluster.root().sh("cat " + copy + "/app.dump.size") ==
        "public.empty\t0\npublic.\"odd Name\"\t2\npublic.users\t1000\n");
  CHECK(mentions(cluster.root().sh("cat " + copy + "/globals.sql"), "CREATE ROLE reader"));
  cluster.sql("postgres", "create database back");
  cluster.root().sh("chmod o+x /var/backups; cat " + copy +
                    "/app.dump | runuser -u postgres -- pg_restore -h /tmp/pg -p 5499 -d back");
  CHECK(cluster.sql("back", "select count(*), max(name) from users") == "1000|a\nb999\n");
}

TEST_CASE("a dump that breaks off is no backup") {
  Cluster cluster;
  cluster.declare(k_database);
  cluster.root().sh(
      "printf '#!/bin/sh\\n/usr/bin/pg_dump \"$@\" | head -c 900\\n' > /usr/local/sbin/pg_dump; "
      "chmod 755 /usr/local/sbin/pg_dump");
  CHECK(mentions(cluster.attempt("db"), "is not what it should be"));
  cluster.root().sh(
      "printf '#!/bin/sh\\n/usr/bin/pg_dump \"$@\"\\nexit 1\\n' > /usr/local/sbin/pg_dump");
  CHECK(mentions(cluster.attempt("db"), "failed, so there is no"));
  CHECK(cluster.copies("db") == "");
}

TEST_CASE("a database that is not there fails the backup, with PostgreSQL's own words") {
  Cluster cluster;
  cluster.declare(
      "  db: { on: server/a, postgres: { socket: /tmp/pg, port: 5499, databases: [app, gone] }, "
      "schedule: daily }\n");
  CHECK(mentions(cluster.attempt("db"), "database \"gone\" does not exist"));
  CHECK(cluster.copies("db") == "");
}
