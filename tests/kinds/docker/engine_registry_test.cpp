#include <catch2/catch.hpp>

#include "engine_lab.h"
#include "model/report.h"
#include "support/private_registry.h"

using namespace aegis;
using namespace aegis::docker;

namespace {

const std::string k_name = "app:1";

std::string image() {
  return test::PrivateRegistry::host() + "/" + k_name;
}

Json stack(const std::string& policy) {
  return {{"services",
           {{"web",
             {{"image", image()},
              {"command", {"sleep", "1000"}},
              {"init", true},
              {"pull_policy", policy}}}}}};
}

Json with_login(Json stack, const std::string& password) {
  const Json login = {{"username", "deploy"},
                      {"password", password},
                      {"serveraddress", test::PrivateRegistry::host()}};
  stack["registries"][test::PrivateRegistry::host()] = {{"$secret", dump_json(login)}};
  return stack;
}

std::string first_error(const Report& report) {
  for (const StepResult& result : report.results) {
    if (result.error) return result.error->message;
  }
  return "";
}

}  // namespace

TEST_CASE("a real registry's newer image is seen without a pull, and fetched with the login") {
  Lab lab;
  const test::PrivateRegistry registry(engine(), "deploy", "s3cret");
  registry.push("demo:1", k_name);
  engine().run({"docker", "rmi", image()});
  const Json always = with_login(stack("always"), "s3cret");
  lab.rig.converge(always);
  CHECK(differences(lab.rig.plan(always)) == std::vector<std::string>{});

  const std::string fetched = engine().run({"docker", "images", "-q", image()});
  registry.push("plain:1", k_name);
  engine().run({"docker", "tag", "demo:1", image()});
  CHECK(engine().run({"docker", "images", "-q", image()}) == fetched);
  const Plan plan = lab.rig.plan(always);
  CHECK(differences(plan) == std::vector<std::string>{"service/web: image_digest"});
  CHECK(engine().run({"docker", "images", "-q", image()}) == fetched);
  lab.rig.converge(always);
  CHECK(engine().run({"docker", "images", "-q", image()}) != fetched);
  CHECK(differences(lab.rig.plan(always)) == std::vector<std::string>{});
  engine().run({"sh", "-c", "docker rm -f demo-web-1; docker rmi " + image()});
}

TEST_CASE("a real registry's refusal is told in its words, with what to do, and nothing is made") {
  Lab lab;
  const test::PrivateRegistry registry(engine(), "deploy", "s3cret");
  registry.push("demo:1", k_name);
  engine().run({"docker", "rmi", image()});

  const std::string stranger = first_error(lab.rig.apply(lab.rig.plan(stack("missing"))));
  INFO(stranger);
  CHECK(stranger.find("no basic auth credentials") != std::string::npos);
  CHECK(stranger.find("docker login 127.0.0.1:5000") != std::string::npos);

  const std::string wrong =
      first_error(lab.rig.apply(lab.rig.plan(with_login(stack("missing"), "wr0ng"))));
  INFO(wrong);
  CHECK(wrong.find("may be wrong") != std::string::npos);
  CHECK(wrong.find("wr0ng") == std::string::npos);
  CHECK(engine().run({"docker", "ps", "-aq"}).empty());
}
