#include "monitoring/fields.h"

namespace aegis::monitoring {

void copy_field(const Json& from, const char* field, Json& to, const char* setting) {
  if (from.contains(field)) to[setting] = from.at(field);
}

}  // namespace aegis::monitoring
