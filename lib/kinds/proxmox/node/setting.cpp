#include "kinds/proxmox/node/setting.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "kinds/proxmox/host_view.h"
#include "kinds/proxmox/node/setting_type.h"

namespace aegis {
namespace proxmox {
namespace {

constexpr std::array<AttributeRule, 1> k_rules{AttributeRule{.path = "entries.*"}};

std::string with_node(std::string_view path, std::string_view node) {
  constexpr std::string_view k_hole = "{node}";
  std::string text(path);
  const std::size_t at = text.find(k_hole);
  if (at != std::string::npos) text.replace(at, k_hole.size(), percent_encode(node));
  return text;
}

std::vector<Query> queries(const Batch& batch, const Replies&) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries;
  for (const Resource* resource : batch.resources) {
    const SettingType* type = find_setting_type(resource->address.name);
    if (type == nullptr) continue;
    for (const std::string_view path : type->paths) {
      queries.push_back(host.get(with_node(path, host.node)));
    }
  }
  return queries;
}

Result<SettingData> data_in(const Replies& replies,
                            const HostQueries& host,
                            const SettingType& type) {
  SettingData data;
  for (const std::string_view path : type.paths) {
    const auto read = data_of(replies,
                              host.get(with_node(path, host.node)),
                              fmt::format("{} of node {}", type.what, host.node));
    if (!read) return read.error();
    data.push_back(**read);
  }
  return data;
}

Result<Observation> observe(const Resource& resource,
                            const HostQueries& host,
                            const Replies& replies) {
  const SettingType* type = find_setting_type(resource.address.name);
  if (type == nullptr) {
    return Error{ErrorCode::rejected,
                 fmt::format("a server has no setting called {}", resource.address.name)};
  }
  const auto read = data_in(replies, host, *type);
  if (!read) return read.error();
  const SettingData& data = *read;
  Observation observation;
  observation.address = resource.address;
  observation.scope = resource.scope;
  observation.exists = true;
  observation.owned = true;
  observation.attributes = type->live(data, resource.spec);
  if (type->notes != nullptr) observation.notes = type->notes(data, resource);
  return observation;
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  const HostQueries host(batch.scope);
  std::vector<Observation> observations;
  for (const Resource* resource : batch.resources) {
    auto observation = observe(*resource, host, replies);
    if (!observation) return observation.error();
    observations.push_back(std::move(*observation));
  }
  return observations;
}

// Those that can be declared and are not.
std::vector<const SettingType*> undeclared(const Batch& batch) {
  std::vector<const SettingType*> types;
  for (const SettingType* type : setting_types()) {
    const bool declared =
        std::any_of(batch.resources.begin(), batch.resources.end(), [&](const Resource* resource) {
          return resource->address.name == type->name;
        });
    if (type->spec != nullptr && !declared) types.push_back(type);
  }
  return types;
}

std::vector<Query> survey(const Batch& batch, const Replies&) {
  const HostQueries host(batch.scope);
  std::vector<Query> queries;
  for (const SettingType* type : undeclared(batch)) {
    for (const std::string_view path : type->paths) {
      queries.push_back(host.get(with_node(path, host.node)));
    }
  }
  return queries;
}

Result<std::vector<Declaration>> declare(const Batch& batch, const Replies& replies) {
  const HostQueries host(batch.scope);
  std::vector<Declaration> declarations;
  for (const SettingType* type : undeclared(batch)) {
    const auto data = data_in(replies, host, *type);
    if (!data) return data.error();
    Json spec = type->spec(*data);
    if (spec.is_null()) continue;
    declarations.push_back(
        {{batch.scope.name, "setting", std::string(type->name)}, std::move(spec), {}});
  }
  return declarations;
}

Json normalize(const Resource& resource, const Observation&) {
  const SettingType* type = find_setting_type(resource.address.name);
  return type == nullptr ? Json::object() : type->wanted(resource.spec);
}

std::vector<Step> lower(const Lowering& lowering) {
  const SettingType* type = find_setting_type(lowering.change.address.name);
  if (lowering.wanted.is_null() || type == nullptr || type->write == nullptr) return {};
  Step step;
  step.id = 1;
  step.operation = "write";
  step.title = fmt::format("set {}", type->what);
  step.lane = fmt::format("{}/{}", lowering.scope.name, type->name);
  step.input = {{"endpoint", text_or(lowering.scope.settings, "endpoint")},
                {"node", text_or(lowering.scope.settings, "node")},
                {"name", type->name},
                {"wanted", lowering.wanted}};
  return {step};
}

Result<SettingData> read_all(const SettingType& type, const SettingCalls& calls) {
  SettingData data;
  for (const std::string_view path : type.paths) {
    auto read = calls.api.get(calls.path(path));
    if (!read) return read.error();
    data.push_back(std::move(*read));
  }
  return data;
}

// A lost answer or a file that somebody else changed meanwhile: what is there now decides.
Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  const SettingType* type = find_setting_type(text_or(step.input, "name"));
  if (type == nullptr || type->write == nullptr || step.operation != "write") {
    return Error{ErrorCode::rejected,
                 fmt::format("a setting has no operation called {}", step.operation)};
  }
  constexpr int k_attempts = 3;
  const Json& wanted = get(step.input, "wanted");
  const SettingCalls calls{ApiClient(effects, text_or(step.input, "endpoint")),
                           text_or(step.input, "node")};
  std::optional<Error> problem;
  for (int attempt = 0; attempt < k_attempts; ++attempt) {
    const auto data = read_all(*type, calls);
    if (!data) return data.error();
    // In the shape of the manifest `wanted` asks for the same.
    if (type->live(*data, wanted) == wanted) return Json::object();
    const auto written = type->write(calls, wanted, data->front());
    if (written) return Json::object();
    problem = written.error();
    const bool again = problem->code == ErrorCode::outcome_unknown ||
                       problem->message.find("detected modified") != std::string::npos;
    if (!again) break;
  }
  return *problem;
}

}  // namespace

std::string SettingCalls::path(std::string_view path) const {
  return api_path(with_node(path, node));
}

std::span<const SettingType* const> setting_types() {
  static const std::array<const SettingType*, 6> k_types{&dns_setting(),
                                                         &facts_setting(),
                                                         &hosts_setting(),
                                                         &options_setting(),
                                                         &repositories_setting(),
                                                         &time_setting()};
  return k_types;
}

const SettingType* find_setting_type(std::string_view name) {
  for (const SettingType* type : setting_types()) {
    if (type->name == name) return type;
  }
  return nullptr;
}

}  // namespace proxmox

const Kind& setting_kind() {
  static const Kind k_kind{.name = "setting",
                           .scope_type = "server",
                           .schema = {},
                           .rules = proxmox::k_rules,
                           .queries = proxmox::queries,
                           .interpret = proxmox::interpret,
                           .normalize = proxmox::normalize,
                           .refine = nullptr,
                           .lower = proxmox::lower,
                           .perform = proxmox::perform,
                           .survey = proxmox::survey,
                           .declare = proxmox::declare};
  return k_kind;
}

}  // namespace aegis
