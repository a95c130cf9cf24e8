#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// What is live and in no manifest, as if a manifest named it: a kind that can observe what is
/// declared can so be asked what those that are not declared are. Holds what the batch refers to.
class SurveyBatch {
 public:
  /// `specs`: by name, what has to be known of each to read it ({"type": "cifs"}). `section` is
  /// where a manifest would have them: "storage".
  SurveyBatch(const Scope& scope,
              std::string_view kind,
              std::string_view section,
              const std::map<std::string, Json>& specs);
  SurveyBatch(const SurveyBatch&) = delete;
  SurveyBatch& operator=(const SurveyBatch&) = delete;

  [[nodiscard]] const Batch& batch() const { return batch_; }

  /// One declaration for each, with the attributes that `interpret` tells of it; orphans that it
  /// tells too are left out.
  [[nodiscard]] Result<std::vector<Declaration>> declarations(
      Result<std::vector<Observation>> (*interpret)(const Batch&, const Replies&, Vault&),
      const Replies& replies) const;

 private:
  Scope scope_;
  std::vector<Resource> resources_;
  Batch batch_;
};

}  // namespace aegis::proxmox
