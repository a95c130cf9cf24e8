#include "kinds/os/sysctl.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "kinds/os/reading.h"
#include "kinds/os/scripts.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "sysctl";

constexpr std::array k_rules{
    AttributeRule{.path = "value", .note = "in force at once"},
};

// Words: the setting's path, its name, the value.
constexpr std::string_view k_set = R"sh([ -f "$1" ] || fail "the kernel has no setting $2"
printf '%s\n' "$3" > "$1" || fail "the kernel does not take \"$3\" for $2"
now=$(tr -s '[:space:]' ' ' < "$1")
now=${now% }
[ "$now" = "$3" ] || fail "the kernel made \"$now\" of \"$3\" for $2: declare that"
)sh";

os::Asks further_asks(const Batch&, const os::Facts&) {
  return {};
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  return os::os_queries(batch, replies, further_asks);
}

Observation observe_sysctl(const Resource& resource, const os::Facts& facts, Vault&) {
  Observation observation;
  observation.address = resource.address;
  observation.owned = true;
  const auto seen = facts.contents.find(os::sysctl_path(resource.address.name));
  if (seen == facts.contents.end()) return observation;
  observation.exists = true;
  observation.attributes = {{"value", os::sysctl_value(seen->second)}};
  return observation;
}

std::optional<Observation> observe_orphan(const Address&,
                                          const std::vector<std::string>&,
                                          const os::Facts&) {
  return std::nullopt;
}

constexpr os::View k_view{k_name, further_asks, observe_sysctl, observe_orphan};

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  return os::observe_all(k_view, batch, replies, vault);
}

Json normalize(const Resource& resource, const Observation&) {
  return {{"value", text_or(resource.spec, "value")}};
}

std::vector<Step> lower(const Lowering& lowering) {
  // There is nothing to return to.
  if (lowering.change.action == Action::remove) return {};
  const std::string& name = lowering.change.address.name;
  Step step;
  step.id = 1;
  step.address = lowering.change.address;
  step.operation = "set";
  step.title = fmt::format("set {}", name);
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")},
                {"name", name},
                {"value", text_or(lowering.wanted, "value")}};
  return {std::move(step)};
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  const std::string name = text_or(step.input, "name");
  const auto done = os::run_script(
      {k_set, {os::sysctl_path(name), name, text_or(step.input, "value")}, ""}, step, effects);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace

const Kind& sysctl_kind() {
  static const Kind k_kind{.name = k_name,
                           .scope_type = "os",
                           .schema = "os-sysctl",
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

namespace aegis::os {

std::string sysctl_path(const std::string& name) {
  std::string path = "/proc/sys/";
  for (const char c : name) path += c == '.' ? '/' : c == '/' ? '.' : c;
  return path;
}

std::string sysctl_value(const std::string& text) {
  const std::vector<std::string> words = split_any(text, " \t\n");
  return join(words, " ");
}

}  // namespace aegis::os
