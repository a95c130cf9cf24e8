#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {

std::optional<Node> read_logging(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"driver", read_text}, {"options", read_options}}};
  return read_object(value, k_fields, diagnostics);
}

}  // namespace aegis::compose
