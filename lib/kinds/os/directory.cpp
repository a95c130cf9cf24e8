#include "kinds/os/directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/os/access.h"
#include "kinds/os/reading.h"
#include "kinds/os/scripts.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "directory";
constexpr std::string_view k_mode = "0755";

constexpr std::array k_rules{
    AttributeRule{.path = "owner"},
    AttributeRule{.path = "group"},
    AttributeRule{.path = "mode"},
};

os::Asks further_asks(const Batch& batch, const os::Facts& facts) {
  os::Asks asks;
  for (const std::string& name : os::undeclared(batch, k_name, facts.inventory)) {
    asks.paths.push_back("/" + name);
  }
  return asks;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  return os::os_queries(batch, replies, further_asks);
}

Observation observe_directory(const Resource& resource, const os::Facts& facts, Vault&) {
  Observation observation;
  observation.address = resource.address;
  observation.owned = facts.inventory.find(resource.address) != nullptr;
  const os::PathFacts* seen = facts.at(os::path_of(resource.address));
  if (seen == nullptr) return observation;
  observation.exists = true;
  if (seen->type == os::PathFacts::Type::directory) {
    observation.attributes = os::live_access(*seen, resource.spec);
  } else {
    observation.notes.push_back(os::wrong_type(resource, *seen, "a directory"));
  }
  return observation;
}

// Directories that go together go from the inside out.
Json inside_out(const std::vector<std::string>& gone, const std::string& name) {
  Json paths = Json::array();
  for (auto inner = gone.rbegin(); inner != gone.rend(); ++inner) {
    if (inner->starts_with(name + "/")) paths.push_back("/" + *inner);
  }
  paths.push_back("/" + name);
  return paths;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>& all,
                                          const os::Facts& facts) {
  const os::PathFacts* seen = facts.at(os::path_of(address));
  if (seen == nullptr || seen->type != os::PathFacts::Type::directory) return std::nullopt;
  Observation orphan;
  orphan.address = address;
  orphan.exists = orphan.owned = true;
  orphan.attributes = os::live_access(*seen, Json());
  orphan.context = {{"go", inside_out(all, address.name)}};
  return orphan;
}

constexpr os::View k_view{k_name, further_asks, observe_directory, observe_orphan};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return os::observe_all(k_view, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return os::wanted_access(resource.spec, k_mode);
}

std::vector<Step> lower(const Lowering& lowering) {
  const Address& address = lowering.change.address;
  const std::string path = os::path_of(address);
  Step step;
  step.id = 1;
  step.address = address;
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")},
                {"path", path},
                {"key", os::inventory_key(address)}};
  if (lowering.change.action == Action::remove) {
    step.operation = "remove";
    step.title = fmt::format("remove {} if it is empty", path);
    const Json& go = get(lowering.live.context, "go");
    step.input["go"] = go.is_array() ? go : Json::array({path});
    return {std::move(step)};
  }
  step.operation = "make";
  step.title =
      fmt::format("{} {}", lowering.change.action == Action::create ? "make" : "set up", path);
  step.input["owner"] =
      fmt::format("{}:{}", text_or(lowering.wanted, "owner"), text_or(lowering.wanted, "group"));
  step.input["mode"] = get(lowering.wanted, "mode");
  return {std::move(step)};
}

Result<Json> make_directory(const Step& step, Effects& effects) {
  const auto made = os::run_script({os::k_make_directory,
                                    {text_or(step.input, "path"),
                                     text_or(step.input, "owner"),
                                     text_or(step.input, "mode"),
                                     text_or(step.input, "key"),
                                     os::inventory_value({})},
                                    ""},
                                   step,
                                   effects);
  if (!made) return made.error();
  return Json::object();
}

Result<Json> remove_directory(const Step& step, Effects& effects) {
  std::vector<std::string> words;
  for (const Json& path : get(step.input, "go")) {
    words.push_back(os::inventory_key({"", std::string(k_name), as_text(path).substr(1)}));
    words.push_back(as_text(path));
  }
  const auto removed = os::run_script({os::k_remove_directory, words, ""}, step, effects);
  if (!removed) return removed.error();
  if (trim(*removed) == "kept") effects.progress("it is not empty, and stays");
  return Json::object();
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  if (step.operation == "make") return make_directory(step, effects);
  if (step.operation == "remove") return remove_directory(step, effects);
  return Error{ErrorCode::rejected,
               fmt::format("a directory has no operation called {}", step.operation)};
}

}  // namespace

const Kind& directory_kind() {
  static const Kind k_kind{.name = k_name,
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = perform};
  return k_kind;
}

}  // namespace aegis
