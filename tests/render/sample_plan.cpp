#include "sample_plan.h"

#include <utility>

namespace aegis::fake {

Change change(std::string_view address, Action action, std::string_view cause) {
  Change made;
  made.address = parse_address(address).value();
  made.action = action;
  made.cause = cause;
  return made;
}

AttributeChange attribute(std::string_view path, Json before, Json after) {
  AttributeChange made;
  made.path = path;
  made.before = std::move(before);
  made.after = std::move(after);
  return made;
}

Step step(StepId id, std::string_view address, std::string_view title, std::vector<StepId> after) {
  Step made;
  made.id = id;
  made.address = parse_address(address).value();
  made.operation = title;
  made.title = title;
  made.after = std::move(after);
  return made;
}

Plan sample_plan() {
  Plan plan;
  Change aegis = change("container/aegis", Action::update, "features.fuse and memory changed");
  aegis.disruption = Disruption::reboot_container;
  aegis.attributes = {attribute("features.fuse", nullptr, true),
                      attribute("memory", 268435456, 536870912)};
  aegis.attributes[0].disruption = Disruption::reboot_container;
  aegis.attributes[0].door = Door::root;

  Change theirs = change("container/theirs", Action::adopt, "exists without our marker");
  theirs.attributes = {attribute("cores", 2, 4)};
  theirs.blocked =
      "It exists and was not made by aegisctl. To take it over and change it as shown: "
      "--adopt container/theirs.";

  Change network = change("stack/core/network/front", Action::create, "not found");
  network.attributes = {attribute("driver", nullptr, "bridge")};

  Change web = change("stack/core/service/web", Action::update, "image changed");
  web.disruption = Disruption::restart_service;
  web.attributes = {attribute("image", "nginx:1.25", "nginx:1.27")};
  web.attributes[0].disruption = Disruption::restart_service;

  Change volume = change("stack/core/volume/cache", Action::remove, "no longer in the manifests");
  volume.disruption = Disruption::data_loss;
  volume.destroys_data = true;

  plan.changes = {aegis, theirs, network, web, volume};
  plan.steps = {step(1, "container/aegis", "configure container 103"),
                step(2, "container/aegis", "reboot container 103", {1}),
                step(3, "stack/core/network/front", "create network", {2}),
                step(4, "stack/core/service/web", "replace web", {1, 2, 3}),
                step(5, "stack/core/volume/cache", "remove volume", {4})};
  return plan;
}

}  // namespace aegis::fake
