#include "engine/run_silences.h"

#include <catch2/catch.hpp>

#include "base/vault.h"
#include "engine/silences.h"
#include "monitoring/private_alertmanager.h"
#include "transport/doors.h"

namespace aegis::test {
namespace {

constexpr const char* k_endpoint = "alertmanager";

/// A real Alertmanager with one channel, asked by the real transport.
struct Silenced {
  static Connections connections(const PrivateAlertmanager& alertmanager) {
    Connections connections;
    connections.sites[k_endpoint] = "http://" + alertmanager.address();
    return connections;
  }

  std::vector<Silence> about_web() { return {silence_of_resources({"container/web"})}; }

  Receiver ops;
  Vault vault;
  PrivateAlertmanager real{
      Json{{"channels", {{"ops", {{"webhook", {{"url", vault.seal(ops.url())}}}}}}}}, vault};
  transport::SystemDoors doors{connections(real)};
  Alertmanager alertmanager{doors.http(), k_endpoint};
  RunSilences run{alertmanager, doors.clock()};
};

}  // namespace

TEST_CASE("a real Alertmanager holds alerts about what a run disturbs, and tells after a failure") {
  Silenced silenced;
  REQUIRE(silenced.run.open(silenced.about_web(), "ops"));
  const auto open = silenced.alertmanager.silences();
  REQUIRE(open);
  REQUIRE(open->size() == 1);
  silenced.real.post({{"alertname", "Held"}, {"resource", "container/web"}}, "");
  CHECK(silenced.alertmanager.find("Held")->held == "silenced");
  silenced.real.post({{"alertname", "Other"}, {"resource", "container/web2"}}, "");
  CHECK(silenced.ops.next().find("Other") != std::string::npos);
  REQUIRE(silenced.run.close(false));
  CHECK(silenced.alertmanager.silences()->empty());
  CHECK(silenced.alertmanager.find("Held")->held.empty());
}

TEST_CASE("after a success a real Alertmanager holds them two minutes longer, and not an hour") {
  Silenced silenced;
  REQUIRE(silenced.run.open(silenced.about_web(), "ops"));
  const std::string first = silenced.alertmanager.silences()->at(0).until;
  REQUIRE(silenced.run.close(true));
  const auto left = silenced.alertmanager.silences();
  REQUIRE(left);
  REQUIRE(left->size() == 1);
  CHECK(left->at(0).until < first);
}

}  // namespace aegis::test
