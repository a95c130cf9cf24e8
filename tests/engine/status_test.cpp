#include "engine/status.h"

#include <array>
#include <catch2/catch.hpp>

#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;
using std::chrono::seconds;

namespace {

Query greeting(const Scope& scope) {
  return {Query::Type::http_get, text_or(scope.settings, "endpoint"), "/hello"};
}

std::vector<Query> ask(const Batch& batch, const Replies&) {
  return {greeting(batch.scope)};
}

// A server with the name that its answer says.
Result<Done> read(const Batch& batch, const Replies& replies, TimePoint, Status& status) {
  const Reply& reply = replies.at(greeting(batch.scope));
  if (reply.error) return *reply.error;
  HostStatus host;
  host.name = text_or(reply.body, "name");
  status.hosts.push_back(host);
  return Done{};
}

constexpr std::array<StatusReader, 1> k_readers{{{"server", ask, read}}};

std::vector<std::string> texts(const std::vector<Finding>& findings) {
  std::vector<std::string> texts;
  for (const Finding& finding : findings) texts.push_back(finding.subject + " " + finding.text);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("all systems are asked in one wave, and one that does not tell hides no other") {
  Desired desired;
  desired.scopes["server/a"] = {"server/a", {{"endpoint", "a"}}, {}};
  desired.scopes["server/b"] = {"server/b", {{"endpoint", "b"}}, {}};
  desired.scopes["stack/c"] = {"stack/c", {{"endpoint", "c"}}, {}};
  Alerting alerting;
  alerting.endpoint = "am";
  ScriptedHttp http;
  FakeShell shell;
  http.on("GET a/hello", [](const HttpRequest&) -> Result<HttpResponse> {
    return Error{ErrorCode::unreachable, "no route"};
  });
  http.on("GET b/hello", 200, R"({"name":"b"})");
  http.on("GET am/api/v2/alerts?active=true", 200, R"([
    {"labels":{"alertname":"Low","severity":"warning","instance":"x"},"status":{"silencedBy":["1"]}},
    {"labels":{"alertname":"Down","severity":"critical","resource":"stack/c"},"annotations":{"summary":"s"}}])");
  Vault vault;
  const Status status =
      read_status({desired, &alerting, k_readers, {}}, http, shell, vault, {}).status;
  CHECK(status.waves == 1);
  REQUIRE(status.hosts.size() == 1);
  CHECK(status.hosts.front().name == "b");
  REQUIRE(status.gaps.size() == 1);
  CHECK(status.gaps.front().scope == "server/a");
  REQUIRE(status.alerts);
  CHECK(status.alerts->at(0).name == "Down");
  CHECK(status.alerts->at(1).held == "silenced");
  CHECK(texts(status.findings) == Texts{"stack/c has the alert Down"});
  CHECK_FALSE(status.is_well());
}

TEST_CASE("an Alertmanager that does not answer is a gap") {
  Alerting alerting;
  alerting.endpoint = "am";
  ScriptedHttp http;
  FakeShell shell;
  http.on("GET am/api/v2/alerts?active=true", 502, "no");
  Vault vault;
  const Desired nothing;
  const Status status =
      read_status({nothing, &alerting, k_readers, {}}, http, shell, vault, {}).status;
  CHECK_FALSE(status.alerts);
  REQUIRE(status.gaps.size() == 1);
  CHECK(status.gaps.front().error.message == "Alertmanager says 502");
}

TEST_CASE("what is stopped though it is declared as started is found, unless something holds it") {
  Status status;
  GuestStatus guest;
  guest.address = "container/a";
  guest.state = "stopped";
  status.guests = {guest};
  CHECK(texts(findings_of(status)) == Texts{"container/a is stopped, and is declared as started"});
  status.guests.front().lock = "backup";
  CHECK(findings_of(status).empty());
  status.guests.front().lock.clear();
  status.guests.front().is_wanted = false;
  CHECK(findings_of(status).empty());
}

TEST_CASE("a storage or disk beyond nine tenths, or out of reach, is found") {
  Status status;
  HostStatus host;
  host.name = "a";
  host.storages = {{"full", true, {91, 100}}, {"fine", true, {90, 100}}, {"gone", false, {}}};
  status.hosts = {host};
  GuestStatus guest;
  guest.address = "container/a";
  guest.state = "running";
  guest.disk = {95, 100};
  status.guests = {guest};
  CHECK(texts(findings_of(status)) == Texts{"server/a storage full is 91 % full",
                                            "server/a storage gone cannot be reached",
                                            "container/a disk is 95 % full"});
}

TEST_CASE("a service that is not well is found") {
  Status status;
  ServiceStatus service;
  service.address = "stack/a/service/b";
  service.state = "unhealthy";
  service.is_well = false;
  status.services = {service};
  CHECK(texts(findings_of(status)) == Texts{"stack/a/service/b is unhealthy"});
}

TEST_CASE("a check that fails is found, and so is a certificate that will not last two weeks") {
  using std::chrono::days;
  Status status;
  const auto add = [&](const char* name, const char* state, std::optional<seconds> left) {
    CheckStatus check;
    check.name = name;
    check.state = state;
    check.is_well = check.state == "passed";
    check.certificate = left;
    status.checks.push_back(check);
  };
  add("shop", "failed", std::nullopt);
  add("db", "overdue", std::nullopt);
  add("mail", "unknown", std::nullopt);
  add("soon", "passed", days(13));
  add("fine", "passed", days(15));
  add("gone", "passed", days(-1));
  CHECK(texts(findings_of(status)) ==
        Texts{"check shop failed",
              "check db is overdue: it is not made any more",
              "check mail has no result",
              "check soon looks at a certificate that expires in 13 days",
              "check gone looks at a certificate that has expired"});
}

TEST_CASE("what is declared is observed in the same waves, so that what differs can be told") {
  Desired desired;
  desired.scopes["server/a"] = {"server/a", {{"endpoint", "a"}}, {}};
  ScriptedHttp http;
  FakeShell shell;
  Vault vault;
  http.on("GET a/hello", 200, R"({"name":"a"})");
  http.on("GET a/things", 200, "[]");
  Kind kind{};
  kind.name = "thing";
  kind.scope_type = "server";
  kind.queries = [](const Batch&, const Replies&) {
    return std::vector<Query>{{Query::Type::http_get, "a", "/things"}};
  };
  kind.interpret = [](const Batch& batch, const Replies&, Vault&) {
    Observation seen;
    seen.address = {"", "thing", batch.scope.name};
    return Result<std::vector<Observation>>(std::vector<Observation>{seen});
  };
  const Look look = read_status(
      {desired, nullptr, k_readers, std::span<const Kind>(&kind, 1)}, http, shell, vault, {});
  CHECK(look.status.waves == 1);
  CHECK(look.status.hosts.size() == 1);
  CHECK(look.observed.world.objects.size() == 1);
}
