#include "plan/saved_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/vault.h"
#include "plan/diff.h"
#include "plan/plan_json.h"

namespace aegis {
namespace {

std::map<Address, Json> observed_of(const World& world) {
  std::map<Address, Json> observed;
  for (const auto& [address, observation] : world.objects) {
    if (!observation.exists) {
      observed[address] = nullptr;
      continue;
    }
    observed[address] = {{"owned", observation.owned},
                         {"attributes", redacted(observation.attributes)}};
  }
  return observed;
}

Json to_json(const PlanOptions& options) {
  return {{"targets", options.targets},
          {"excludes", options.excludes},
          {"replaces", options.replaces},
          {"adopts", options.adopts},
          {"destroys", options.destroys},
          {"prune", options.prune},
          {"now", options.now}};
}

Json to_json(const GuardOptions& guard) {
  return {{"without", guard.without}, {"age", guard.age ? Json(guard.age->count()) : Json()}};
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> result;
  for (const Json& item : list) result.push_back(as_text(item));
  return result;
}

PlanOptions parse_options(const Json& json) {
  return {texts(get(json, "targets")),
          texts(get(json, "excludes")),
          texts(get(json, "replaces")),
          texts(get(json, "adopts")),
          texts(get(json, "destroys")),
          as_bool(get(json, "prune")).value_or(false),
          as_bool(get(json, "now")).value_or(false),
          {}};
}

GuardOptions parse_guard(const Json& json) {
  GuardOptions guard{texts(get(json, "without")), std::nullopt};
  if (const auto age = as_integer(get(json, "age"))) guard.age = std::chrono::seconds(*age);
  return guard;
}

void compare_object(const Address& address,
                    const Json& then,
                    const Json& now,
                    std::vector<std::string>& moved) {
  const std::string name = to_string(address);
  if (then.is_null() != now.is_null()) {
    moved.push_back(fmt::format("{} {}", name, now.is_null() ? "is gone" : "has appeared"));
    return;
  }
  if (get(then, "owned") != get(now, "owned")) {
    const bool owned = as_bool(get(now, "owned")).value_or(false);
    moved.push_back(fmt::format("{} {} our marker", name, owned ? "now carries" : "has lost"));
  }
  for (const AttributeChange& attribute :
       diff(get(now, "attributes"), get(then, "attributes"), RuleTable({}))) {
    moved.push_back(fmt::format("{} {} was {} and is {}",
                                name,
                                attribute.path,
                                dump_json(attribute.before),
                                dump_json(attribute.after)));
  }
}

}  // namespace

SavedPlan make_saved_plan(const Plan& plan,
                          const PlanOptions& options,
                          const GuardOptions& guard,
                          std::string manifests_digest,
                          const World& world) {
  return {plan, options, guard, std::move(manifests_digest), observed_of(world)};
}

Json to_json(const SavedPlan& saved) {
  Json observed = Json::object();
  for (const auto& [address, attributes] : saved.observed)
    observed[to_string(address)] = attributes;
  Json json = to_json(saved.plan);
  json["options"] = to_json(saved.options);
  json["guard"] = to_json(saved.guard);
  json["manifests_digest"] = saved.manifests_digest;
  json["observed"] = std::move(observed);
  return json;
}

Result<SavedPlan> parse_saved_plan(const Json& json) {
  auto plan = parse_plan(json);
  if (!plan) return plan.error();
  SavedPlan saved{std::move(*plan),
                  parse_options(get(json, "options")),
                  parse_guard(get(json, "guard")),
                  text_or(json, "manifests_digest"),
                  {}};
  if (saved.manifests_digest.empty() || !get(json, "observed").is_object()) {
    return Error{ErrorCode::rejected, "this is a printed plan, not one saved by `plan --out`"};
  }
  for (const auto& [name, attributes] : json.at("observed").items()) {
    const auto address = parse_address(name);
    if (!address)
      return Error{ErrorCode::rejected,
                   "this plan is damaged: an observed address is not understood"};
    saved.observed[*address] = attributes;
  }
  return saved;
}

std::vector<std::string> moved_since(const SavedPlan& saved, const Plan& plan, const World& world) {
  std::vector<std::string> moved;
  const auto observed = observed_of(world);
  for (const auto& [address, now] : observed) {
    const auto then = saved.observed.find(address);
    compare_object(address, then == saved.observed.end() ? Json() : then->second, now, moved);
  }
  for (const auto& [address, then] : saved.observed) {
    if (!observed.contains(address)) compare_object(address, then, Json(), moved);
  }
  if (!moved.empty()) return moved;
  // Nothing observed moved, so whatever differs comes from the manifests' references or this tool.
  const Json then = to_json(saved.plan);
  const Json now = to_json(plan);
  if (then.at("changes") != now.at("changes"))
    moved.emplace_back("the changes differ: a value that the manifests refer to is another one");
  else if (then.at("steps") != now.at("steps"))
    moved.emplace_back("the steps differ: the plan was made by another version");
  return moved;
}

}  // namespace aegis
