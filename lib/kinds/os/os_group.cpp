#include "kinds/os/os_group.h"

#include <fmt/format.h>

#include <array>

#include "kinds/os/inventory.h"
#include "kinds/os/reading.h"
#include "kinds/os/scripts.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "os-group";

constexpr std::array k_rules{
    AttributeRule{.path = "gid", .note = "files keep the old number"},
};

// Words: group, number or "", inventory's key and value.
constexpr std::string_view k_make = R"sh(group=$1 gid=$2
record "$3" "$4"
present=$(getent group "$group" || :)
if [ -z "$present" ]; then
  groupadd ${gid:+-g "$gid"} -- "$group"
elif [ -n "$gid" ] && [ "$(printf %s "$present" | cut -d : -f 3)" != "$gid" ]; then
  groupmod -g "$gid" -- "$group"
fi
)sh";

// Words: group, inventory's key.
constexpr std::string_view k_remove = R"sh(! getent group "$1" > /dev/null || groupdel -- "$1"
record "$2" ''
)sh";

os::Asks further_asks(const Batch& batch, const os::Facts& facts) {
  os::Asks asks;
  const bool has_orphans = !os::undeclared(batch, k_name, facts.inventory).empty();
  asks.accounts = has_orphans && !facts.accounts;
  return asks;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  return os::os_queries(batch, replies, further_asks);
}

const os::Accounts::Group* find(const os::Facts& facts, const std::string& name) {
  if (!facts.accounts) return nullptr;
  const auto found = facts.accounts->groups.find(name);
  return found == facts.accounts->groups.end() ? nullptr : &found->second;
}

Json wanted_of(const Json& spec) {
  Json wanted = Json::object();
  if (spec.contains("gid")) wanted["gid"] = spec["gid"];
  return wanted;
}

Observation observe_group(const Resource& resource, const os::Facts& facts, Vault&) {
  Observation observation;
  observation.address = resource.address;
  const os::Accounts::Group* seen = find(facts, resource.address.name);
  if (seen == nullptr) return observation;
  observation.exists = true;
  observation.attributes = Json::object();
  if (resource.spec.contains("gid")) {
    observation.attributes["gid"] = as_integer(Json(seen->gid)).value_or(-1);
  }
  observation.owned = facts.inventory.find(resource.address) != nullptr ||
                      observation.attributes == wanted_of(resource.spec);
  return observation;
}

std::optional<Observation> observe_orphan(const Address& address,
                                          const std::vector<std::string>&,
                                          const os::Facts& facts) {
  if (find(facts, address.name) == nullptr) return std::nullopt;
  Observation orphan;
  orphan.address = address;
  orphan.exists = orphan.owned = true;
  orphan.attributes = Json::object();
  return orphan;
}

constexpr os::View k_view{k_name, further_asks, observe_group, observe_orphan};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return os::observe_all(k_view, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return wanted_of(resource.spec);
}

std::vector<Step> lower(const Lowering& lowering) {
  const Address& address = lowering.change.address;
  const std::string shell = text_or(lowering.scope.settings, "shell");
  const bool removes = lowering.change.action == Action::remove;
  Step step;
  step.id = 1;
  step.address = address;
  step.operation = removes ? "remove" : "make";
  step.title = fmt::format("{} group {}", step.operation, address.name);
  // The programs lock the files, and do not wait long for each other.
  step.lane = fmt::format("{}/accounts", shell);
  step.input = {
      {"shell", shell}, {"group", address.name}, {"gid", as_text(get(lowering.wanted, "gid"))}};
  return {std::move(step)};
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  const std::string group = text_or(step.input, "group");
  const std::string key = os::inventory_key({"", std::string(k_name), group});
  os::ScriptCall call{k_remove, {group, key}, ""};
  if (step.operation == "make") {
    call = {k_make, {group, text_or(step.input, "gid"), key, os::inventory_value({})}, ""};
  } else if (step.operation != "remove") {
    return Error{ErrorCode::rejected,
                 fmt::format("a group has no operation called {}", step.operation)};
  }
  const auto done = os::run_script(call, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace

const Kind& os_group_kind() {
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
