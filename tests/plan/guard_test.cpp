#include <catch2/catch.hpp>

#include "case.h"

namespace aegis {
namespace {

using fake::Case;

TEST_CASE("an unmarked object is planned as adopted, with its differences, and waits for --adopt") {
  Case given =
      Case().want("container/a", {{"memory", 2}}).there("container/a", {{"memory", 1}}, false);
  const Change waiting = given.change("container/a");
  CHECK(waiting.action == Action::adopt);
  CHECK(waiting.attributes.size() == 1);
  CHECK(waiting.blocked.find("--adopt container/a") != std::string::npos);
  CHECK(given.plan().steps.empty());

  given.options.adopts = {"container"};
  CHECK(given.change("container/a").blocked.empty());
  CHECK(given.plan().steps.size() == 1);
}

TEST_CASE("an unmarked object without differences is adopted all the same") {
  const Change change =
      Case().want("container/a", {}).there("container/a", {}, false).change("container/a");
  CHECK(change.action == Action::adopt);
  CHECK(change.attributes.empty());
}

TEST_CASE("adopting never replaces, unless the replacement is named too") {
  Case given = Case()
                   .want("container/a", {{"unprivileged", true}})
                   .there("container/a", {{"unprivileged", false}}, false);
  given.options.adopts = {"container/a"};
  const Change change = given.change("container/a");
  CHECK(change.action == Action::adopt);
  CHECK(change.blocked.find("unprivileged cannot be changed") != std::string::npos);
  given.options.replaces = {"container/a"};
  CHECK(given.change("container/a").action == Action::replace);
  CHECK(given.change("container/a").blocked.empty());
}

TEST_CASE(
    "a replacement that loses data is blocked, and says what is lost and which flag allows it") {
  Case given = Case()
                   .want("container/a", {{"unprivileged", true}, {"memory", 2}})
                   .there("container/a", {{"unprivileged", false}, {"memory", 1}});
  const Change change = given.change("container/a");
  CHECK(change.action == Action::replace);
  CHECK(change.destroys_data);
  CHECK(change.disruption == Disruption::data_loss);
  CHECK(
      change.blocked ==
      "Replacing it destroys its data, and unprivileged cannot be changed on the existing object. "
      "To allow that, after a backup, name it: --replace container/a.");
  CHECK(given.plan().steps.empty());

  given.options.replaces = {"container/a"};
  CHECK(given.change("container/a").blocked.empty());
  CHECK(given.plan().steps.size() == 4);
}

TEST_CASE("what the kind keeps is neither removed nor replaced, however it is asked for") {
  const Json kept{{"unprivileged", false}, {"protection", true}};
  Case replaced = Case().want("container/a", {{"unprivileged", true}}).there("container/a", kept);
  replaced.options.replaces = {"container/a"};
  CHECK(replaced.change("container/a").blocked == "It is protected.");
  CHECK(replaced.plan().steps.empty());

  Case removed = Case().there("container/a", kept);
  removed.options.prune = true;
  CHECK(removed.change("container/a").blocked == "It is protected.");
  CHECK(removed.plan().steps.empty());
}

TEST_CASE("a wide pattern does not destroy the data that it happens to cover") {
  Case given = Case()
                   .unchanged("stack/app/volume/data", {{"driver", "local"}})
                   .unchanged("stack/app/service/web", {{"image", "x"}});
  given.options.replaces = {"stack/app"};
  const Plan plan = given.plan();
  REQUIRE(plan.changes.size() == 1);
  CHECK(plan.changes[0].address.kind == "service");
  REQUIRE(plan.notes.size() == 1);
  CHECK(plan.notes[0].detail.find("stack/app/volume/data: Replacing it destroys its data") == 0);

  given.options.replaces = {"stack/app", "stack/app/volume/data"};
  CHECK(given.change("stack/app/volume/data").action == Action::replace);
}

TEST_CASE("a thing is replaced on request even where nothing differs") {
  Case given = Case().unchanged("stack/app/service/web", {{"image", "x"}});
  given.options.replaces = {"stack/app/service/web"};
  const Change change = given.change("stack/app/service/web");
  CHECK(change.action == Action::replace);
  CHECK(change.cause == "asked for with --replace");
}

TEST_CASE("an orphan is shown, and removed only with --prune") {
  Case given = Case().there("container/old", {});
  const Change shown = given.change("container/old");
  CHECK(shown.action == Action::remove);
  CHECK(shown.cause == "no longer in the manifests");
  CHECK(shown.destroys_data);
  CHECK(shown.blocked.find("--prune") != std::string::npos);
  CHECK(given.plan().steps.empty());
  given.options.prune = true;
  CHECK(given.change("container/old").blocked.empty());
  CHECK(given.plan().steps.size() == 2);
}

TEST_CASE("what nobody declares and is not ours is not even mentioned") {
  Case given = Case().there("container/theirs", {}, false);
  given.options.prune = true;
  CHECK(given.plan().changes.empty());
}

TEST_CASE("what is not ours is not destroyed, even when it is named") {
  Case given = Case().want("container/a", {}).there("container/a", {}, false);
  given.options.destroys = {"container/a"};
  CHECK(given.change("container/a").blocked.find("not made by aegisctl") != std::string::npos);
  CHECK(given.plan().steps.empty());
}

TEST_CASE("what only root may set is blocked where we cannot be root, naming it and the ways in") {
  Case given = Case()
                   .want("container/a", {{"features", {{"keyctl", true}, {"nesting", true}}}})
                   .there("container/a", {});
  given.desired.scopes.at("server/s1").settings = {{"root", false}};
  const Change change = given.change("container/a");
  CHECK(change.blocked ==
        "Proxmox lets only root@pam set features.keyctl, and an API token never counts as root. "
        "Give server/s1 an ssh: connection, or user: root@pam with a password:.");
  CHECK(given.plan().steps.empty());
  given.desired.scopes.at("server/s1").settings = {{"root", true}};
  CHECK(given.change("container/a").blocked.empty());
}

TEST_CASE("a creation with an attribute that only root may set is blocked as well") {
  Case given = Case().want("container/a", {{"features", {{"keyctl", true}}}});
  given.desired.scopes.at("server/s1").settings = {{"root", false}};
  CHECK_FALSE(given.change("container/a").blocked.empty());
}

TEST_CASE("what needs a blocked creation is blocked too, through any number of others") {
  Case given = Case()
                   .want("container/a", {{"features", {{"keyctl", true}}}})
                   .want("stack/app/network/net", {}, {"container/a"})
                   .want("stack/app/service/web", {}, {"stack/app/network/net"})
                   .want("stack/app/service/db", {{"image", "2"}}, {"stack/app/network/net"})
                   .there("stack/app/service/db", {{"image", "1"}})
                   .want("container/free", {});
  given.desired.scopes.at("server/s1").settings = {{"root", false}};
  const Plan plan = given.plan();
  CHECK(given.change("stack/app/network/net").blocked ==
        "It needs container/a, which does not exist and will not be made.");
  CHECK(given.change("stack/app/service/web").blocked ==
        "It needs stack/app/network/net, which does not exist and will not be made.");
  CHECK_FALSE(given.change("stack/app/service/db").blocked.empty());
  for (const Step& step : plan.steps) CHECK(step.address.name == "free");
}

TEST_CASE("a kind's own objection blocks the change") {
  const Case given = Case().want("container/a", {{"disk", 1}}).there("container/a", {{"disk", 2}});
  CHECK(given.change("container/a").blocked == "A disk cannot shrink.");
  CHECK(given.plan().steps.empty());
}

TEST_CASE("an error in what was observed blocks the change, in its own words") {
  Case given = Case().want("container/a", {});
  Observation taken;
  taken.address = fake::at("container/a");
  taken.notes = {{Severity::error, "VMID is taken", "103 is a virtual machine.", {}, {}}};
  given.world.objects.emplace(taken.address, taken);
  CHECK(given.change("container/a").blocked == "VMID is taken: 103 is a virtual machine.");
  CHECK(given.plan().steps.empty());
}

}  // namespace
}  // namespace aegis
