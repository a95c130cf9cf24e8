#include "kinds/docker/service_seals.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/text.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

Json with_all_texts_sealed(const Json& value, Vault& vault) {
  if (value.is_string()) return vault.seal(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value;
  Json sealed = value;
  for (Json& element : sealed) element = with_all_texts_sealed(element, vault);
  return sealed;
}

// A list is sealed as a whole: its secret may have stood at another place before.
Json sealed_like(const Json& live, const Json& wanted, Vault& vault) {
  if (!wanted.is_null() && vault.reveal_all(wanted) == live) return wanted;
  return with_all_texts_sealed(live, vault);
}

}  // namespace

void seal_live(Json& attributes, const Json& wanted, std::string_view sealed_label, Vault& vault) {
  const auto now = sealed_paths(wanted);
  std::set<std::string> secret(now.begin(), now.end());
  for (std::string& path : split_any(sealed_label, ",")) secret.insert(std::move(path));
  for (auto& [key, value] : attributes.items()) {
    const Json& wanted_value = get(wanted, key);
    if (key == "configs" || key == "secrets") continue;  // sealed when they were read
    if (secret.contains(key)) {
      value = sealed_like(value, wanted_value, vault);
    } else if (value.is_object()) {
      for (auto& [member, inner] : value.items()) {
        const Json& wanted_inner = get(wanted_value, member);
        const bool unexplained = key == "environment" && wanted_inner.is_null();
        if (unexplained || secret.contains(fmt::format("{}.{}", key, member))) {
          inner = sealed_like(inner, wanted_inner, vault);
        }
      }
    }
  }
}

}  // namespace aegis::docker
