#include "kinds/proxmox/survey_batch.h"

#include <algorithm>

namespace aegis::proxmox {

SurveyBatch::SurveyBatch(const Scope& scope,
                         std::string_view kind,
                         std::string_view section,
                         const std::map<std::string, Json>& specs)
    : scope_(scope), batch_{scope_, {}} {
  scope_.settings["sections"].push_back(section);
  resources_.reserve(specs.size());
  for (const auto& [name, spec] : specs) {
    Resource& resource = resources_.emplace_back();
    resource.address = {scope.name, std::string(kind), name};
    resource.scope = scope.name;
    resource.spec = spec;
    batch_.resources.push_back(&resource);
  }
}

Result<std::vector<Declaration>> SurveyBatch::declarations(
    Result<std::vector<Observation>> (*interpret)(const Batch&, const Replies&, Vault&),
    const Replies& replies) const {
  std::vector<Declaration> declarations;
  if (resources_.empty()) return declarations;
  Vault vault;
  auto observations = interpret(batch_, replies, vault);
  if (!observations) return observations.error();
  for (Observation& observation : *observations) {
    const bool asked =
        std::any_of(resources_.begin(), resources_.end(), [&](const Resource& resource) {
          return resource.address == observation.address;
        });
    if (!asked || !observation.exists) continue;
    declarations.push_back({observation.address, std::move(observation.attributes), {}});
  }
  return declarations;
}

}  // namespace aegis::proxmox
