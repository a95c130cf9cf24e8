#include <catch2/catch.hpp>

#include "kinds/os/postgres_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* k_database =
    "  db: { on: server/a, postgres: { socket: /tmp/pg, port: 5499 }, schedule: daily }\n";

}  // namespace

TEST_CASE("databases are dumped, their rows counted, and what was dumped can be restored") {
  PostgresRig cluster;
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
  PostgresRig cluster;
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
  PostgresRig cluster;
  cluster.declare(
      "  db: { on: server/a, postgres: { socket: /tmp/pg, port: 5499, databases: [app, gone] }, "
      "schedule: daily }\n");
  CHECK(mentions(cluster.attempt("db"), "database \"gone\" does not exist"));
  CHECK(cluster.copies("db") == "");
}
