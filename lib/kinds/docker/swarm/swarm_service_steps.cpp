#include "kinds/docker/swarm/swarm_service_steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "kinds/docker/steps.h"
#include "kinds/docker/swarm/service_spec.h"
#include "kinds/docker/swarm/stored_file.h"

namespace aegis::docker {
namespace {

// Pulling an image on several nodes, one after the other, takes its time.
constexpr std::chrono::minutes k_rollout{30};

class Lowerer {
 public:
  explicit Lowerer(const Lowering& lowering)
      : lowering_(lowering),
        stack_(read_stack(lowering.scope)),
        steps_(stack_, lowering.change.address, lowering.live),
        name_(stack_.project + "_" + lowering.change.address.name) {}

  std::vector<Step> lower() {
    switch (lowering_.change.action) {
      case Action::adopt:
        add_adoption(steps_, stack_);
        break;
      case Action::remove:
        add_removal();
        break;
      case Action::update:
        add_update();
        break;
      case Action::replace:
        add_removal();
        add_creation();
        break;
      case Action::create:
        add_creation();
        break;
    }
    return steps_.take();
  }

 private:
  [[nodiscard]] Json request() const {
    const Resource& resource = *lowering_.desired;
    Json input = {{"login", stack_.login_for(text_or(resource.spec, "image"))}};
    const Json& desired = get(lowering_.live.context, "desired");
    if (!desired.is_null()) {
      input["body"] = desired;
      return input;
    }
    // It is made again, and what its configs and secrets are called now is not known here, nor the
    // image's digest.
    input["resolves"] = text_or(resource.spec, "pull_policy") != "never";
    Json names = Json::object();
    input["files"] = Json::array();
    for (const StoredAs type : {StoredAs::config, StoredAs::secret}) {
      const std::string section(section_of(type));
      for (const Json& use : get(resource.spec, section)) {
        const std::string key = text_or(use, "source");
        const std::string base = stored_base(lowering_.scope, type, key);
        names[section][key] = base;
        if (!use.contains("content")) continue;
        input["files"].push_back(
            {{"section", section}, {"key", key}, {"base", base}, {"content", use["content"]}});
      }
    }
    input["body"] = swarm_service_spec(stack_, resource.address.name, resource.spec, names);
    return input;
  }

  void add_removal() {
    Step& step = steps_.add(
        "remove", "remove service " + name_, {{"service", get(lowering_.live.context, "id")}});
    step.disruption = Disruption::recreate;
  }

  void add_creation() {
    Step& step = steps_.add("create", "create service " + name_, request());
    step.timeout = std::chrono::minutes{2};
    add_wait();
    add_clearing();
  }

  Step& add_wait() {
    Step& step =
        steps_.add("wait", fmt::format("wait until service {} runs", name_), {{"service", name_}});
    step.timeout = k_rollout;
    return step;
  }

  void add_update() {
    const std::string group = fmt::format("swarm/{}", name_);
    Json input = request();
    input["service"] = get(lowering_.live.context, "id");
    input["version"] = get(lowering_.live.context, "version");
    Step& step = steps_.add("update", "update service " + name_, std::move(input));
    step.group = group;
    step.undo = "settle";
    step.disruption = lowering_.change.disruption;
    step.timeout = std::chrono::minutes{2};
    add_wait().group = group;
    add_clearing();
  }

  // After the service has moved to what replaces them.
  void add_clearing() {
    const Json& replaced = get(lowering_.live.context, "replaced");
    const bool none = std::all_of(
        replaced.begin(), replaced.end(), [](const Json& names) { return names.empty(); });
    if (none) return;
    steps_.add("clear", fmt::format("remove what service {} used before", name_), replaced);
  }

  const Lowering& lowering_;
  Stack stack_;
  StepList steps_;
  std::string name_;
};

}  // namespace

std::vector<Step> lower_swarm_service(const Lowering& lowering) {
  return Lowerer(lowering).lower();
}

}  // namespace aegis::docker
