#pragma once

#include <string>

#include "base/result.h"
#include "effects/effects.h"
#include "kinds/query.h"
#include "model/desired.h"
#include "model/plan.h"

namespace aegis::cloudflare {

/// The call that tells the zone's id, of a scope that has no `zone_id`.
Query zone_query(const Scope& scope);

/// One page of the records of the zone with that id, from 1.
Query records_query(const Scope& scope, const std::string& zone_id, int page);

/// What is told in an answer: its `result` and `result_info`. Cloudflare's own words when it was no
/// success; the fitting code for a token that is wrong (401, 403) or was used too often (429).
Result<Json> read_answer(const Reply& reply);

/// One zone, as a step sees it. A reference to the doors: must not outlive them.
class ZoneClient {
 public:
  /// `step`: input.endpoint, input.token (a seal), input.zone (its id).
  ZoneClient(const Step& step, Effects& effects) : step_(step), effects_(effects) {}

  /// All records whose name is exactly `name`.
  [[nodiscard]] Result<Json> records_of(const std::string& name) const;

  /// Cloudflare's batch: deletes, patches and posts, all or none.
  [[nodiscard]] Result<Json> change(const Json& batch) const;

 private:
  [[nodiscard]] Result<Json> call(const std::string& method,
                                  const std::string& path,
                                  const std::string& body) const;

  const Step& step_;
  Effects& effects_;
};

}  // namespace aegis::cloudflare
