#include "kinds/docker/stateful_data.h"

#include "fake_rig.h"
#include "model/report.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

Json environment(const std::vector<std::string>& entries) {
  return {{"Env", entries}};
}

Json postgres(const std::string& major) {
  Json config = environment({"PATH=/bin", "PG_MAJOR=" + major, "PGDATA=/var/lib/postgresql/data"});
  config["Cmd"] = {"postgres"};
  return config;
}

Json database(const std::string& image, const std::string& volume = "data") {
  return {
      {"services",
       {{"db",
         {{"image", image},
          {"volumes",
           {{{"type", "volume"}, {"source", volume}, {"target", "/var/lib/postgresql/data"}}}}}}}},
      {"volumes", {{volume, Json::object()}}}};
}

std::string blocked(const Plan& plan) {
  for (const Change& change : plan.changes) {
    if (change.address.kind == "service") return change.blocked;
  }
  return "(no change)";
}

struct DatabaseRig : FakeRig {
  DatabaseRig() {
    engine.add_image("db:a", postgres("15"));
    engine.add_image("db:b", postgres("16"));
    engine.add_image("db:c", postgres("15"));
    rig.converge(database("db:a"));
  }
};

}  // namespace

TEST_CASE("an image says itself which database it is, whatever its tag") {
  const auto said = [](const Json& config) {
    const auto format = data_format(config);
    return format ? format->product + " " + format->major : "";
  };
  CHECK(said(environment({"PG_MAJOR=16", "PG_VERSION=16.2-1.pgdg120+2"})) == "PostgreSQL 16");
  CHECK(said(environment({"MARIADB_VERSION=1:10.11.6+maria~ubu2204"})) == "MariaDB 10");
  CHECK(said(environment({"MYSQL_MAJOR=8.0", "MYSQL_VERSION=8.0.36-1.el8"})) == "MySQL 8");
  CHECK(said(environment({"MONGO_VERSION=7.0.5"})) == "MongoDB 7");
  CHECK(said(environment({"REDIS_VERSION=7.2.4"})) == "Redis 7");
  CHECK(said({{"Labels",
               {{"org.label-schema.name", "Elasticsearch"},
                {"org.label-schema.version", "7.17.0"}}}}) == "Elasticsearch 7");
  CHECK(said(environment({"PATH=/bin", "PG_MAJOR="})).empty());
  CHECK(said(Json()).empty());
}

TEST_CASE("another major version on data that is there is held back, with the steps to take") {
  DatabaseRig fake;
  const Plan plan = fake.rig.plan(database("db:b"));
  CHECK(blocked(plan).find("PostgreSQL 15") != std::string::npos);
  CHECK(blocked(plan).find("docker exec demo-db-1 pg_dumpall") != std::string::npos);
  CHECK(operations(plan, "service/db").empty());
}

TEST_CASE("another image of the same major version, and new data, are nobody's danger") {
  DatabaseRig fake;
  CHECK(blocked(fake.rig.plan(database("db:c"))).empty());
  CHECK(blocked(fake.rig.plan(database("db:b", "fresh"))).empty());
}

TEST_CASE("what is in the data counts, not what the image was") {
  DatabaseRig fake;
  // Somebody has upgraded the data.
  fake.engine.write_file("demo-db-1", "/var/lib/postgresql/data/PG_VERSION", "16\n");
  CHECK(blocked(fake.rig.plan(database("db:b"))).empty());
}

TEST_CASE("a label on the service allows the version that it names") {
  DatabaseRig fake;
  Json stack = database("db:b");
  stack["services"]["db"]["labels"] = {{"io.aegisctl.data-version", "17"}};
  CHECK_FALSE(blocked(fake.rig.plan(stack)).empty());
  stack["services"]["db"]["labels"] = {{"io.aegisctl.data-version", "16"}};
  CHECK(blocked(fake.rig.plan(stack)).empty());
}

TEST_CASE("an image that is only fetched then is looked at before anything is stopped") {
  DatabaseRig fake;
  fake.engine.publish_image("db:d", postgres("17"));
  const Json before = fake.engine.essence();
  const Plan plan = fake.rig.plan(database("db:d"));
  CHECK(blocked(plan).empty());
  const Report report = fake.rig.apply(plan);
  CHECK(report.outcome != Outcome::succeeded);
  std::string told;
  for (const StepResult& result : report.results) {
    if (result.error) told = result.error->message;
  }
  CHECK(told.find("PostgreSQL 17") != std::string::npos);
  CHECK(fake.engine.essence() == before);
}
