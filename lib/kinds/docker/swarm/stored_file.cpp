#include "kinds/docker/swarm/stored_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/swarm/labels.h"

namespace aegis::docker {
namespace {

std::string name_of_object(const Json& object) {
  return text_or(get(object, "Spec"), "Name");
}

std::int64_t version_of(const Json& object) {
  return as_integer(get(get(object, "Version"), "Index")).value_or(0);
}

const Json& all_of(StoredAs type, const SwarmView& view) {
  return type == StoredAs::config ? *view.configs : *view.secrets;
}

bool has_content(StoredAs type, const Json& object, const std::string& content) {
  const Json& spec = get(object, "Spec");
  if (type == StoredAs::config) return text_or(spec, "Data") == base64_encode(content);
  const std::string mark = text_or(get(spec, "Labels"), k_content_label);
  return mark.empty() || mark == content_mark(text_or(spec, "Name"), content);
}

void add_uses(std::set<std::string>& used, StoredAs type, const Json& spec) {
  const bool config = type == StoredAs::config;
  const Json& container = get(get(spec, "TaskTemplate"), "ContainerSpec");
  for (const Json& use : get(container, config ? "Configs" : "Secrets")) {
    used.insert(text_or(use, config ? "ConfigName" : "SecretName"));
  }
}

// While an update is not complete, older tasks run, and a rollback may go back to what they have.
std::set<std::string> used_names(StoredAs type, const SwarmView& view) {
  std::set<std::string> used;
  for (const Json& service : *view.services) {
    add_uses(used, type, get(service, "Spec"));
    const std::string state = text_or(get(service, "UpdateStatus"), "State", "completed");
    if (state != "completed") add_uses(used, type, get(service, "PreviousSpec"));
  }
  return used;
}

// A config's name tells its content. A secret's must not, not even by a hash: names are shown.
std::string free_name(StoredAs type,
                      const std::set<std::string>& taken,
                      const std::string& base,
                      const Json& content) {
  if (!taken.contains(base)) return base;
  if (type == StoredAs::config && content.is_string()) {
    constexpr std::size_t k_digits = 12;
    return base + "-" + sha256_hex(content.get<std::string>()).substr(0, k_digits);
  }
  int number = 1;
  for (const std::string& name : taken) {
    if (!name.starts_with(base + "-")) continue;
    const auto said = as_integer(Json(name.substr(base.size() + 1)));
    if (said) number = std::max(number, static_cast<int>(*said));
  }
  return fmt::format("{}-{}", base, number + 1);
}

}  // namespace

std::string_view section_of(StoredAs type) {
  return type == StoredAs::config ? "configs" : "secrets";
}

std::string stored_base(const Scope& scope, StoredAs type, const std::string& key) {
  const Json& defined = get(get(scope.settings, section_of(type)), key);
  return text_or(defined, "name", fmt::format("{}_{}", text_or(scope.settings, "project"), key));
}

std::string content_mark(const std::string& name, const std::string& content) {
  return hmac_sha256_hex(name, content);
}

std::string stored_key(const Stack& stack, const Json& object) {
  const std::string name = name_of_object(object);
  const std::string prefix = stack.project + "_";
  const std::string usual = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  return text_or(get(get(object, "Spec"), "Labels"), k_key_label, usual);
}

std::vector<const Json*> stored_objects(StoredAs type, const Stack& stack, const SwarmView& view) {
  std::vector<const Json*> objects;
  for (const Json& object : all_of(type, view)) {
    const bool ours = SwarmView::in_namespace(stack, get(get(object, "Spec"), "Labels"));
    if (ours && name_of_object(object) != stack.marker()) objects.push_back(&object);
  }
  return objects;
}

StoredFile find_stored(StoredAs type,
                       const Stack& stack,
                       const SwarmView* view,
                       const std::string& key,
                       const std::string& base,
                       const Json& content,
                       const Vault& vault) {
  StoredFile file;
  file.name = base;
  if (view == nullptr) return file;
  const std::string plain = as_text(vault.reveal_all(content));
  std::vector<const Json*> own;
  for (const Json* object : stored_objects(type, stack, *view)) {
    if (stored_key(stack, *object) == key || name_of_object(*object) == base) own.push_back(object);
  }
  for (const Json* object : own) {
    const bool fits = has_content(type, *object, plain);
    const bool newer = file.live == nullptr || version_of(*object) > version_of(*file.live);
    if ((fits && !file.matches) || (fits == file.matches && newer)) file.live = object;
    file.matches = file.matches || fits;
  }
  if (file.matches) {
    file.name = name_of_object(*file.live);
    const Json& labels = get(get(*file.live, "Spec"), "Labels");
    file.recorded = type == StoredAs::config || labels.contains(std::string(k_content_label));
  } else {
    std::set<std::string> taken;
    for (const Json& object : all_of(type, *view)) taken.insert(name_of_object(object));
    file.name = free_name(type, taken, base, content);
  }
  const auto used = used_names(type, *view);
  for (const Json* object : own) {
    const Json& labels = get(get(*object, "Spec"), "Labels");
    const bool is_free =
        object != file.live && view->owns(stack, labels) && !used.contains(name_of_object(*object));
    if (is_free) file.unused.push_back(object);
  }
  return file;
}

}  // namespace aegis::docker
