#include "engine/silences.h"

#include <catch2/catch.hpp>

#include "engine/alertmanager.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

void add(Desired& desired, const std::string& scope, const Address& address) {
  Resource resource;
  resource.address = address;
  resource.scope = scope;
  desired.resources[address] = resource;
}

/// Server "s" with the containers "web" and "other"; a stack and an operating system in "web".
Desired system_of_two() {
  const Json web{{"endpoint", "proxmox/s"}, {"address", "container/web"}};
  Desired desired;
  desired.scopes["server/s"] = {"server/s", {{"endpoint", "proxmox/s"}}, {}};
  desired.scopes["guest/web"] = {"guest/web", {{"endpoint", "proxmox/s"}, {"guest", web}}, {}};
  desired.scopes["stack/core"] = {
      "stack/core", {{"endpoint", "docker/guest:s/101"}, {"guest", web}}, {}};
  add(desired, "server/s", {"", "container", "web"});
  add(desired, "server/s", {"", "container", "other.one"});
  add(desired, "stack/core", {"stack/core", "service", "db"});
  return desired;
}

std::vector<std::string> matchers_for(const std::string& subject, const Alerting& alerting = {}) {
  std::vector<std::string> texts;
  for (const Silence& silence : silences_for(subject, system_of_two(), alerting)) {
    for (const AlertMatcher& matcher : silence.matchers) texts.push_back(to_string(matcher));
  }
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a silence on something covers what it holds, and nothing else") {
  CHECK(matchers_for("container/web") ==
        Texts{R"(resource=~"(container/web|guest/web|stack/core)(/.*)?")"});
  CHECK(matchers_for("stack/core") == Texts{R"(resource=~"(stack/core)(/.*)?")"});
  CHECK(matchers_for("stack/core/service/db") ==
        Texts{R"(resource=~"(stack/core/service/db)(/.*)?")"});
  CHECK(matchers_for("container/other.one") ==
        Texts{R"(resource=~"(container/other\.one)(/.*)?")"});
  CHECK(
      matchers_for("server/s") ==
      Texts{
          R"(resource=~"(container/other\.one|container/web|guest/web|server/s|stack/core)(/.*)?")"});
}

TEST_CASE("a silence on a system covers what its node exporter tells") {
  Alerting alerting;
  alerting.node_exporters = {"web", "db"};
  CHECK(matchers_for("container/web", alerting).back() == R"x(instance=~"(web)")x");
  CHECK(matchers_for("stack/core", alerting).size() == 1);
}

TEST_CASE("there is no silence on what the manifests do not have") {
  CHECK(matchers_for("container/we").empty());
  CHECK(matchers_for("container").empty());
}

TEST_CASE("silences are listed as Alertmanager has them, without those that are over") {
  ScriptedHttp http;
  http.on("GET am/api/v2/silences", 200, R"([
    {"id":"b","status":{"state":"active"},"startsAt":"1","endsAt":"2026-02-02T00:00:00Z","createdBy":"x","comment":"y",
     "matchers":[{"name":"a","value":"1","isRegex":false,"isEqual":false}]},
    {"id":"c","status":{"state":"expired"},"endsAt":"2026-01-01T00:00:00Z","matchers":[]},
    {"id":"a","status":{"state":"pending"},"endsAt":"2026-02-01T00:00:00Z","matchers":[]}])");
  const auto silences = Alertmanager(http, "am").silences();
  REQUIRE(silences);
  REQUIRE(silences->size() == 2);
  CHECK(silences->at(0).id == "a");
  CHECK(to_string(silences->at(1).matchers.at(0)) == R"(a!="1")");
}
