#pragma once

#include "kinds/kind.h"

namespace aegis::cloudflare {

/// Kind::perform of records. Operations: "set", which makes the records of input.name those of
/// input.types, and "remove", which removes those with our marker. Both compare with what is there
/// first, so that nothing is done twice; `conflict` when somebody added a record meanwhile.
Result<Json> perform_record(const Step& step, const Outputs& outputs, Effects& effects);

}  // namespace aegis::cloudflare
