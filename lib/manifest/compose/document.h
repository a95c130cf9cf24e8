#pragma once

#include <string_view>
#include <vector>

#include "manifest/compose/node.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {

/// The documents in the text of a Compose file, variables put in. Keys are never interpolated, nor
/// is what stands below top-level `x-` keys (their anchors are, where they are used). Unset
/// variables are warnings; malformed references, required variables, unknown tags, and values of
/// secret variables where they would be shown (these are left out) are errors.
std::vector<Node> read_documents(std::string_view text,
                                 const std::string& file,
                                 const Variables& variables,
                                 Diagnostics& diagnostics);

}  // namespace aegis::compose
