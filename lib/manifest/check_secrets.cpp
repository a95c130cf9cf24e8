#include "manifest/check_secrets.h"

#include "manifest/references.h"
#include "manifest/schema.h"

namespace aegis {

void check_secrets(const YamlNode& node, const Json& schema, Diagnostics& diagnostics) {
  if (is_secret_field(schema) || get(schema, "x-takes-secrets") == true) return;
  if (is_secret(node)) {
    diagnostics.push_back({Severity::error,
                           "a secret where it would be shown",
                           "Plans and messages show this field. Use ${env:NAME} or ${file:path} "
                           "here, and keep ${secret:name} for passwords and the like.",
                           node.where,
                           std::nullopt});
  }
  for (const YamlNode& item : node.items) check_secrets(item, get(schema, "items"), diagnostics);
  for (const YamlNode::Member& member : node.members) {
    const Json* inner = member_schema(schema, member.key);
    if (inner != nullptr) check_secrets(*member.value, *inner, diagnostics);
  }
}

}  // namespace aegis
