#include "engine/observe.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/reading.h"
#include "support/fake_shell.h"
#include "support/scripted_http.h"

using namespace aegis;

namespace {

Query get_query(const Batch& batch, std::string path) {
  return {Query::Type::http_get, text_or(batch.scope.settings, "endpoint"), std::move(path)};
}

/// A kind that lists its scope, reads each item, and follows an item's "next" to a further wave.
std::vector<Query> thing_queries(const Batch& batch, const Replies& replies) {
  std::vector<Query> queries{get_query(batch, "/things")};
  for (const Resource* resource : batch.resources) {
    const Query item = get_query(batch, "/things/" + resource->address.name);
    queries.push_back(item);
    const auto reply = replies.find(item);
    if (reply == replies.end()) continue;
    const std::string next = text_or(reply->second.body, "next");
    if (!next.empty()) queries.push_back(get_query(batch, next));
  }
  return queries;
}

Result<std::vector<Observation>> read_things(const Batch& batch, const Replies& replies, Vault&) {
  const Reply& list = replies.at(get_query(batch, "/things"));
  if (list.error) return *list.error;
  if (list.status != 200) return Error{ErrorCode::rejected, list.reason};
  std::vector<Observation> observations;
  std::vector<std::string> names;
  for (const Resource* resource : batch.resources) {
    const Reply& item = replies.at(get_query(batch, "/things/" + resource->address.name));
    names.push_back(resource->address.name);
    observations.push_back({resource->address, "", item.status == 200, true, item.body, {}, {}});
  }
  for (const Json& live : list.body) {
    const auto name = live.get<std::string>();
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    observations.push_back({{"", "thing", name}, "", true, true, Json::object(), {}, {}});
  }
  return observations;
}

/// A second kind that wants the same list and one fact script.
std::vector<Query> note_queries(const Batch& batch, const Replies&) {
  return {get_query(batch, "/things"), {Query::Type::facts, "host/a", "cat /etc/notes"}};
}

Result<std::vector<Observation>> read_notes(const Batch& batch, const Replies& replies, Vault&) {
  const Reply& facts = replies.at({Query::Type::facts, "host/a", "cat /etc/notes"});
  if (facts.error) return *facts.error;
  const Address address{"", "note", "a"};
  return std::vector<Observation>{{address, batch.scope.name, true, true, facts.body, {}, {}}};
}

std::vector<Query> endless_queries(const Batch& batch, const Replies& replies) {
  return {get_query(batch, fmt::format("/page/{}", replies.size()))};
}

Kind make_kind(std::string_view name,
               decltype(Kind::queries) queries,
               decltype(Kind::interpret) read) {
  Kind kind{};
  kind.name = name;
  kind.scope_type = "server";
  kind.queries = queries;
  kind.interpret = read;
  return kind;
}

const Kind k_thing = make_kind("thing", thing_queries, read_things);
const Kind k_note = make_kind("note", note_queries, read_notes);

void add_scope(Desired& desired, const std::string& name) {
  const std::string endpoint = "proxmox/" + name.substr(name.find('/') + 1);
  desired.scopes[name] = {name, {{"endpoint", endpoint}}, {}};
}

void add_thing(Desired& desired, const std::string& scope, const std::string& name) {
  Resource resource;
  resource.address = {"", "thing", name};
  resource.scope = scope;
  desired.resources[resource.address] = resource;
}

struct Rig {
  ScriptedHttp http;
  FakeShell shell;
  Vault vault;
  Desired desired;

  Observed observe_with(std::vector<Kind> kinds) {
    return observe(desired, kinds, http, shell, vault);
  }
};

}  // namespace

TEST_CASE("everything that can be asked at once is asked in one round trip") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  for (int i = 0; i < 100; ++i) {
    add_thing(rig.desired, "server/a", fmt::format("t{}", i));
    rig.http.on(fmt::format("GET proxmox/a/things/t{}", i), 200, R"({"size":1})");
  }
  rig.http.on("GET proxmox/a/things", 200, "[]");

  const Observed observed = rig.observe_with({k_thing});

  CHECK(observed.failures.empty());
  CHECK(observed.waves == 1);
  CHECK(observed.queries == 101);
  CHECK(rig.http.waves() == std::vector<std::size_t>{101});
  CHECK(observed.world.objects.size() == 100);
  CHECK(observed.world.objects.at({"", "thing", "t7"}).attributes == Json{{"size", 1}});
  CHECK(observed.world.objects.at({"", "thing", "t7"}).scope == "server/a");
}

TEST_CASE("an answer that leads on costs one more round trip, for that alone") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  add_thing(rig.desired, "server/a", "one");
  rig.http.on("GET proxmox/a/things", 200, "[]");
  rig.http.on("GET proxmox/a/things/one", 200, R"({"next":"/more"})");
  rig.http.on("GET proxmox/a/more", 200, "{}");

  const Observed observed = rig.observe_with({k_thing});

  CHECK(observed.waves == 2);
  CHECK(rig.http.waves() == std::vector<std::size_t>{2, 1});
}

TEST_CASE("what two kinds want to know is asked once, and fact scripts travel in the same wave") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  rig.http.on("GET proxmox/a/things", 200, "[]");
  rig.shell.on("host/a", "cat /etc/notes", "hello", 3);

  const Observed observed = rig.observe_with({k_thing, k_note});

  CHECK(observed.waves == 1);
  CHECK(observed.queries == 2);
  CHECK(rig.http.calls().size() == 1);
  REQUIRE(rig.shell.commands().size() == 1);
  CHECK(rig.shell.commands()[0].reads_only);
  CHECK(rig.shell.commands()[0].words == std::vector<std::string>{"sh"});
  const Json expected = {{"out", "hello"}, {"exit_status", 3}};
  CHECK(observed.world.objects.at({"", "note", "a"}).attributes == expected);
}

TEST_CASE("a server without resources is read too, so that its orphans are found") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  rig.http.on("GET proxmox/a/things", 200, R"(["left-over"])");

  const Observed observed = rig.observe_with({k_thing});

  CHECK(observed.world.objects.at({"", "thing", "left-over"}).owned);
}

TEST_CASE("an orphan with the name of something declared elsewhere does not take its place") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  add_scope(rig.desired, "server/b");
  add_thing(rig.desired, "server/b", "web");
  rig.http.on("GET proxmox/a/things", 200, R"(["web"])");
  rig.http.on("GET proxmox/b/things", 200, "[]");
  rig.http.on("GET proxmox/b/things/web", 404, "");

  const Observed observed = rig.observe_with({k_thing});

  REQUIRE(observed.world.objects.size() == 2);
  CHECK(observed.world.objects.at({"", "thing", "web"}).scope == "server/b");
  CHECK_FALSE(observed.world.objects.at({"", "thing", "web"}).exists);
  CHECK(observed.world.objects.at({"", "thing", "web@a"}).scope == "server/a");
}

TEST_CASE("a server that does not answer is a failure of that server, told once") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  add_scope(rig.desired, "server/b");
  add_thing(rig.desired, "server/b", "web");
  const Error refused{ErrorCode::unreachable, "connection refused"};
  rig.http.on("GET proxmox/a/things", [&](const HttpRequest&) { return refused; });
  rig.http.on("GET proxmox/b/things", 200, "[]");
  rig.http.on("GET proxmox/b/things/web", 200, "{}");
  const Kind same_list = make_kind("twin", thing_queries, read_things);

  const Observed observed = rig.observe_with({k_thing, same_list});

  REQUIRE(observed.failures.size() == 1);
  CHECK(observed.failures[0].scope == "server/a");
  CHECK(observed.failures[0].error.code == ErrorCode::unreachable);
  CHECK(observed.failures[0].error.message == "server a: connection refused");
  CHECK(observed.world.objects.at({"", "thing", "web"}).exists);
}

TEST_CASE("a server that lets nobody in is told of once, whatever was to be read there") {
  std::vector<Unreadable> failures;
  const Error refused{ErrorCode::unreachable, "connection refused"};
  add_failure(failures, "server/a", refused.in_context("reading the storages"));
  add_failure(failures, "server/a", refused.in_context("reading the users"));
  add_failure(failures, "server/b", refused.in_context("reading the users"));
  add_failure(failures, "server/a", {ErrorCode::forbidden, "no Sys.Audit"});
  add_failure(failures, "server/a", {ErrorCode::forbidden, "no VM.Audit"});

  REQUIRE(failures.size() == 4);
  CHECK(failures[0].error.message == "server a: reading the storages: connection refused");
  CHECK(failures[1].scope == "server/b");
}

TEST_CASE("a shell that is not reached is told by the kind that needs it") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  rig.http.on("GET proxmox/a/things", 200, "[]");
  rig.shell.on("host/a", "", [](const ShellCommand&) -> Result<ShellOutput> {
    return Error{ErrorCode::unauthorized, "no key was accepted"};
  });

  const Observed observed = rig.observe_with({k_thing, k_note});

  REQUIRE(observed.failures.size() == 1);
  CHECK(observed.failures[0].error.message == "server a: no key was accepted");
}

TEST_CASE("a kind that never stops asking is stopped and named; the others are read") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  rig.http.on_others([](const HttpRequest&) { return HttpResponse{200, {}, {}, "[]"}; });
  const Kind endless = make_kind("endless", endless_queries, read_things);
  add_thing(rig.desired, "server/a", "web");

  const Observed observed = rig.observe_with({endless, k_thing});

  CHECK(observed.waves == 16);
  REQUIRE(observed.failures.size() == 1);
  CHECK_THAT(observed.failures[0].error.message, Catch::Contains("endless"));
  CHECK(observed.world.objects.contains({"", "thing", "web"}));
}

TEST_CASE("a resource that nothing reads is a failure, not absent") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  add_thing(rig.desired, "server/a", "web");

  const Observed observed = rig.observe_with({});

  REQUIRE(observed.failures.size() == 1);
  CHECK_THAT(observed.failures[0].error.message, Catch::Contains("thing/web"));
}

TEST_CASE("bodies are parsed when they are JSON and kept as text when they are not") {
  Rig rig;
  add_scope(rig.desired, "server/a");
  rig.http.on("GET proxmox/a/things", 500, "<html>broken</html>");
  const Kind kind =
      make_kind("raw", thing_queries, [](const Batch& batch, const Replies& replies, Vault&) {
        const Reply& reply = replies.at(get_query(batch, "/things"));
        const Json seen = {{"status", reply.status}, {"text", reply.text}, {"body", reply.body}};
        return Result<std::vector<Observation>>(
            std::vector<Observation>{{{"", "raw", "x"}, "", true, true, seen, {}, {}}});
      });

  const Observed observed = rig.observe_with({kind});

  const Json expected = {{"status", 500}, {"text", "<html>broken</html>"}, {"body", nullptr}};
  CHECK(observed.world.objects.at({"", "raw", "x"}).attributes == expected);
}

TEST_CASE("kinds are asked once a wave, however many resources there are") {
  static int asked = 0;
  asked = 0;
  const Kind counting = make_kind(
      "thing",
      [](const Batch& batch, const Replies& replies) {
        ++asked;
        return thing_queries(batch, replies);
      },
      read_things);
  Rig rig;
  add_scope(rig.desired, "server/a");
  for (int i = 0; i < 1000; ++i) add_thing(rig.desired, "server/a", fmt::format("t{}", i));
  rig.http.on_others([](const HttpRequest&) { return HttpResponse{200, {}, {}, "[]"}; });

  rig.observe_with({counting});

  CHECK(asked == 2);
}
