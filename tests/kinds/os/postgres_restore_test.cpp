#include <catch2/catch.hpp>

#include "kinds/os/postgres_rig.h"

using namespace aegis;
using namespace aegis::test;

namespace {

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string entry(const std::string& restore = "") {
  return "  db: { on: server/a, postgres: { socket: /tmp/pg, port: 5499 }, schedule: daily, "
         "restore: {" +
         restore + "} }\n";
}

std::string databases(PostgresRig& rig) {
  return rig.sql("postgres",
                 "select regexp_replace(datname, '[0-9]{8}T[0-9]{6}Z', 'TIME') from pg_database "
                 "where not datistemplate order by 1");
}

constexpr const char* k_rows = "select count(*), max(name) from users";
constexpr const char* k_good = "1000|a\nb999\n";

}  // namespace

TEST_CASE("a database comes back with its rows, settings and grants, and the bad one is kept") {
  PostgresRig rig;
  rig.sql("postgres",
          "alter database app set work_mem = '7MB'; comment on database app is 'ours'; revoke "
          "connect on database app from public; grant connect on database app to reader");
  rig.declare(entry());
  rig.must("db");
  rig.sql("app", "delete from users where id > 10");
  // Somebody who is in it does not keep it from coming back.
  rig.root().sh(
      "cd /; runuser -u postgres -- psql -h /tmp/pg -p 5499 -d app -c 'select pg_sleep(600)' > "
      "/dev/null 2>&1 &");
  rig.must("db", "restore latest app");
  CHECK(rig.sql("app", k_rows) == k_good);
  CHECK(databases(rig) == "app\napp_kept_TIME\npostgres\n");
  const std::string kept =
      rig.sql("postgres", "select datname from pg_database where datname ~ 'kept'");
  CHECK(rig.sql(kept.substr(0, kept.size() - 1), "select count(*) from users") == "10\n");
  CHECK(rig.sql("app",
                "show work_mem; select shobj_description(oid, 'pg_database'), "
                "has_database_privilege('reader', oid, 'connect') from pg_database where datname = "
                "'app'; select has_table_privilege('reader', 'users', 'select')") ==
        "7MB\nours|t\nt\n");
  CHECK(rig.sql("postgres",
                "select not exists (select from aclexplode((select datacl from pg_database where "
                "datname = 'app')) where grantee = 0 and privilege_type = 'CONNECT')") == "t\n");
}

TEST_CASE("databases and roles that are gone come back") {
  PostgresRig rig;
  rig.sql("postgres",
          "create role team; grant team to reader; alter role reader set work_mem = '8MB'; create "
          "database \"Odd-1\" owner reader");
  rig.declare(entry());
  rig.must("db");
  rig.sql("postgres", "drop database app");
  rig.sql("postgres", "drop database \"Odd-1\"");
  rig.sql("postgres", "drop role reader");
  rig.must("db", "restore latest app Odd-1");
  CHECK(rig.sql("app", k_rows) == k_good);
  CHECK(databases(rig) == "Odd-1\napp\npostgres\n");
  CHECK(rig.sql("postgres",
                "select rolconfig, rolpassword is not null, pg_has_role('reader', 'team', "
                "'member') from pg_authid left join pg_db_role_setting on setrole = pg_authid.oid, "
                "lateral (select setconfig) as c(rolconfig) where rolname = 'reader'") ==
        "{work_mem=8MB}|t|t\n");
  CHECK(rig.sql("postgres",
                "select pg_get_userbyid(datdba) from pg_database where datname = 'Odd-1'") ==
        "reader\n");
}

TEST_CASE("queries and row counts judge the database beside before anything is swapped") {
  PostgresRig rig;
  rig.declare(
      entry("queries: { app: [select count(*) >= 1000 from users, "
            "\"with gone as (delete from users returning 1) select count(*) > 0 from gone\"] }"));
  rig.must("db");
  rig.sql("app", "delete from users");
  CHECK(mentions(rig.attempt("db", "restore latest app"), "read-only transaction"));
  CHECK(rig.sql("app", "select count(*) from users") == "0\n");
  rig.declare(entry("queries: { app: [select count(*) > 1000 from users] }"));
  CHECK(mentions(rig.attempt("db", "restore latest app"), "says f where it should say t"));
  rig.declare(entry("queries: { app: [select count(*) >= 1000 from users] }"));
  rig.root().sh(
      "cd /var/backups/aegisctl/db/*Z; sed -i s/1000/999/ app.dump.size; sha256sum -- *.* > "
      "SHA256SUMS");
  rig.root().sh("rm -r /var/lib/aegisctl/backup/db/restore");
  rig.sql("postgres", "drop database app_restore");
  CHECK(mentions(rig.attempt("db", "restore latest app"), "does not hold what the copy"));
  CHECK(rig.sql("app", "select count(*) from users") == "0\n");
}

TEST_CASE("a database of somebody's beside is not taken for ours") {
  PostgresRig rig;
  rig.declare(entry());
  rig.must("db");
  rig.sql("postgres", "create database app_restore");
  CHECK(mentions(rig.attempt("db", "restore latest app"), "app_restore is in the way"));
  CHECK(databases(rig) == "app\napp_restore\npostgres\n");
}

TEST_CASE("a restore of a database killed before any of its commands goes on, and loses nothing") {
  PostgresRig rig;
  rig.declare(
      entry("replay: \"runuser -u postgres -- psql -q -h /tmp/pg -p 5499 -d $PLACE -c 'create "
            "table replayed ()'\""));
  rig.must("db");
  int deaths = 0;
  for (int nth = 1; nth < 200; nth += 3) {
    INFO("killed at command " << nth);
    const std::string mark = "only" + std::to_string(nth);
    rig.sql("app",
            "delete from users; drop table if exists replayed; create table " + mark + " ()");
    if (!rig.dies_at("db", "restore latest app", nth)) break;
    ++deaths;
    rig.go_on("db", "restore latest app");
    CHECK(rig.sql("app", std::string(k_rows) + "; select count(*) from replayed") ==
          std::string(k_good) + "0\n");
    REQUIRE(databases(rig) == "app\napp_kept_TIME\npostgres\n");
    const std::string kept =
        rig.sql("postgres", "select datname from pg_database where datname ~ 'kept'");
    const std::string name = kept.substr(0, kept.size() - 1);
    CHECK(rig.sql(name, "select count(*) from " + mark) == "0\n");
    rig.sql("postgres", "drop database \"" + name + "\"");
  }
  CHECK(deaths > 8);
}
