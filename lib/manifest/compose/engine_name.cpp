#include "manifest/compose/engine_name.h"

namespace aegis::compose {

bool is_external(const Node& definition) {
  return text_at(definition, "external") == "true";
}

std::string engine_name(const Node& definition,
                        const std::string& key,
                        const std::string& project_name) {
  std::string own = text_at(definition, "name");
  if (!own.empty()) return own;
  return is_external(definition) ? key : project_name + "_" + key;
}

}  // namespace aegis::compose
