#include "kinds/proxmox/access/pool_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/shape.h"
#include "kinds/proxmox/task.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_operation = "members";
constexpr std::string_view k_containers = "containers";
constexpr std::string_view k_storage = "storage";

std::string pool_path(std::string_view name) {
  return fmt::format("/pools/{}", percent_encode(name));
}

Json as_set(const Json& list) {
  std::set<std::string> texts;
  for (const Json& item : list) texts.insert(as_text(item));
  return texts;
}

void put(Json& attributes, std::string_view name, Json list) {
  if (!list.empty()) attributes[std::string(name)] = std::move(list);
}

bool is_ours(const Json& guest) {
  const auto tags = tag_set(get(guest, "tags"));
  return std::find(tags.begin(), tags.end(), k_owner_tag) != tags.end();
}

// The declared name of a guest, else the one in Proxmox where it is ours, else nothing.
std::string told_name(const Json& guest, const Json& declared) {
  const auto vmid = as_integer(get(guest, "vmid"));
  if (declared.is_object()) {
    for (const auto& [name, number] : declared.items()) {
      if (as_integer(number) == vmid) return name;
    }
  }
  return is_ours(guest) ? text_or(guest, "name", as_text(get(guest, "vmid"))) : "";
}

bool has(const Json& list, const std::string& text) {
  return list.is_array() && std::find(list.begin(), list.end(), Json(text)) != list.end();
}

// What `from` has and `without` has not.
std::vector<std::string> rest_of(const Json& from, const Json& without) {
  std::vector<std::string> rest;
  for (const Json& item : from) {
    if (!has(without, as_text(item))) rest.push_back(as_text(item));
  }
  return rest;
}

// Numbers of guests, by the names in `names`.
std::vector<std::string> numbers_of(const std::vector<std::string>& names, const Json& vmids) {
  std::vector<std::string> numbers;
  numbers.reserve(names.size());
  for (const std::string& name : names) numbers.push_back(as_text(get(vmids, name)));
  return numbers;
}

/// What one call changes.
struct MemberCall {
  std::vector<std::string> vms;
  std::vector<std::string> storages;
  bool removes = false;

  [[nodiscard]] bool empty() const { return vms.empty() && storages.empty(); }
};

// `call` without what is so already.
MemberCall still_to_do(const Json& call, const Json& pool) {
  std::set<std::string> inside;
  for (const Json& member : get(pool, "members")) {
    const bool storage = text_or(member, "type") == "storage";
    inside.insert(storage ? text_or(member, "storage") : as_text(get(member, "vmid")));
  }
  MemberCall rest;
  rest.removes = get(call, "removes") == true;
  const auto take = [&](std::string_view key, std::vector<std::string>& into) {
    for (const Json& item : get(call, key)) {
      if (inside.contains(as_text(item)) == rest.removes) into.push_back(as_text(item));
    }
  };
  take("vms", rest.vms);
  take(k_storage, rest.storages);
  return rest;
}

Form form_of(const MemberCall& call, bool moves) {
  Form form;
  if (!call.vms.empty()) form.emplace_back("vms", join(call.vms, ","));
  if (!call.storages.empty()) form.emplace_back("storage", join(call.storages, ","));
  if (call.removes) form.emplace_back("delete", "1");
  if (!call.removes && !call.vms.empty() && moves) form.emplace_back("allow-move", "1");
  return form;
}

Step step_of(const Lowering& lowering, std::string title, const MemberCall& call) {
  const std::string endpoint = text_or(lowering.scope.settings, "endpoint");
  Step step;
  step.address = lowering.change.address;
  step.operation = k_operation;
  step.title = std::move(title);
  step.lane = fmt::format("{}/access", endpoint);
  step.input = {{"endpoint", endpoint},
                {"name", lowering.change.address.name},
                {"vms", call.vms},
                {"storage", call.storages},
                {"removes", call.removes},
                {"moves", get(lowering.live.context, "elsewhere") == true}};
  return step;
}

void append(std::vector<Step>& steps, Step step) {
  step.id = static_cast<StepId>(steps.size()) + 1;
  if (!steps.empty()) step.after = {step.id - 1};
  steps.push_back(std::move(step));
}

void prepend(std::vector<Step>& steps, Step step) {
  for (Step& other : steps) {
    ++other.id;
    for (StepId& before : other.after) ++before;
    if (other.after.empty()) other.after = {1};
  }
  step.id = 1;
  steps.insert(steps.begin(), std::move(step));
}

std::string words_of_members(const std::vector<std::string>& names,
                             const std::vector<std::string>& storages) {
  std::vector<std::string> all = names;
  all.insert(all.end(), storages.begin(), storages.end());
  return list_words(all);
}

}  // namespace

std::vector<AttributeRule> member_rules() {
  std::vector<AttributeRule> rules(2);
  rules[0].path = k_containers;
  rules[0].compare = Compare::as_set;
  rules[0].note = "guests in the pool that are not ours stay there";
  rules[1].path = k_storage;
  rules[1].compare = Compare::as_set;
  return rules;
}

std::vector<Query> member_queries(const Scope& scope, const std::vector<std::string>& names) {
  const HostQueries host(scope);
  std::vector<Query> queries{host.guests()};
  for (const std::string& name : names) queries.push_back(host.get(pool_path(name)));
  return queries;
}

Result<Done> add_live_members(const Resource* resource,
                              const Scope& scope,
                              const Replies& replies,
                              Observation& observation) {
  const HostQueries host(scope);
  const std::string& name = observation.address.name;
  const auto guests = data_of(replies, host.guests(), "the guests of the cluster");
  if (!guests) return guests.error();
  const Json declared = resource == nullptr ? Json() : get(resource->spec, "vmids");
  Json containers = Json::array();
  Json& vmids = observation.context["vmids"] = Json::object();
  for (const Json& guest : **guests) {
    const std::string told = told_name(guest, declared);
    const std::string pool = text_or(guest, "pool");
    if (told.empty()) continue;
    if (observation.exists && pool == name) {
      containers.push_back(told);
      vmids[told] = get(guest, "vmid");
    } else if (!pool.empty() && declared.contains(told)) {
      observation.context["elsewhere"] = true;
    }
  }
  if (!observation.exists) return Done{};
  put(observation.attributes, k_containers, as_set(containers));
  const auto pool =
      data_of(replies, host.get(pool_path(name)), fmt::format("the members of pool {}", name));
  if (!pool) return pool.error();
  Json storages = Json::array();
  for (const Json& member : get(**pool, "members")) {
    if (text_or(member, "type") == "storage") storages.push_back(text_or(member, "storage"));
  }
  put(observation.attributes, k_storage, as_set(storages));
  return Done{};
}

void add_wanted_members(const Resource& resource, Json& wanted) {
  put(wanted, k_containers, as_set(get(resource.spec, k_containers)));
  put(wanted, k_storage, as_set(get(resource.spec, k_storage)));
}

Change without_members(const Change& change) {
  Change rest = change;
  std::erase_if(rest.attributes, [](const AttributeChange& attribute) {
    return attribute.path == k_containers || attribute.path == k_storage;
  });
  return rest;
}

void add_member_steps(const Lowering& lowering, std::vector<Step>& steps) {
  const std::string& pool = lowering.change.address.name;
  const Action action = lowering.change.action;
  const Json& live = lowering.live.attributes;
  const Json& wanted = lowering.wanted;
  // A pool goes only when it is empty.
  const bool leaves = action == Action::remove || action == Action::replace;
  const Json nothing = Json::array();
  const auto compared = [&](std::string_view key, bool removes) {
    const Json& from = removes ? get(live, key) : get(wanted, key);
    const Json& without = removes ? get(wanted, key) : get(live, key);
    return rest_of(from, leaves ? nothing : without);
  };
  if (action != Action::create) {
    const auto names = compared(k_containers, true);
    const MemberCall out{
        numbers_of(names, get(lowering.live.context, "vmids")), compared(k_storage, true), true};
    Step step =
        step_of(lowering,
                fmt::format("take {} out of pool {}", words_of_members(names, out.storages), pool),
                out);
    if (!out.empty()) (leaves ? prepend : append)(steps, std::move(step));
  }
  if (action == Action::remove) return;
  const auto names = compared(k_containers, false);
  const Json& numbers =
      lowering.desired == nullptr ? nothing : get(lowering.desired->spec, "vmids");
  const MemberCall in{numbers_of(names, numbers), compared(k_storage, false), false};
  if (in.empty()) return;
  append(steps,
         step_of(lowering,
                 fmt::format("put {} into pool {}", words_of_members(names, in.storages), pool),
                 in));
}

bool is_member_step(const Step& step) {
  return step.operation == k_operation;
}

Result<Json> perform_members(const Step& step, Effects& effects) {
  const ApiClient api(effects, text_or(step.input, "endpoint"));
  const std::string name = text_or(step.input, "name");
  const std::string path = api_path(pool_path(name));
  Pauses pauses(effects.clock, effects.clock.now() + step.timeout);
  while (true) {
    const auto pool = api.get(path);
    if (!pool) return pool.error().in_context(fmt::format("pool {}", name));
    const MemberCall call = still_to_do(step.input, *pool);
    if (call.empty()) return Json::object();
    const auto written = api.put(path, form_of(call, get(step.input, "moves") == true));
    if (written) return Json::object();
    const Error& error = written.error();
    if (!may_begin_again(error) || !pauses.wait())
      return error.in_context(fmt::format("pool {}", name));
  }
}

}  // namespace aegis::proxmox
