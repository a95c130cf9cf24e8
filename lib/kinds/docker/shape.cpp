#include "kinds/docker/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "base/text.h"
#include "base/units.h"
#include "base/vault.h"

namespace aegis::docker {
namespace {

constexpr std::array<std::string_view, 10> k_single{"shm_size",
                                                    "ipc",
                                                    "init",
                                                    "memswap_limit",
                                                    "hostname",
                                                    "platform",
                                                    "cgroup",
                                                    "runtime",
                                                    "oom_kill_disable",
                                                    "mem_swappiness"};

bool says_nothing(const Json& value) {
  if (value.is_null()) return true;
  if (value.is_string() || value.is_array() || value.is_object()) {
    return value.is_string() ? value.get_ref<const std::string&>().empty() : value.empty();
  }
  if (value.is_boolean()) return !value.get<bool>();
  return value.is_number() && value.get<double>() == 0;
}

bool holds_seal(const Json& value) {
  if (is_sealed(value)) return true;
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), holds_seal);
}

}  // namespace

void put(Json& object, std::string_view key, Json value) {
  if (!says_nothing(value)) object[std::string(key)] = std::move(value);
}

Json sorted_set(const Json& list) {
  if (!list.is_array()) return nullptr;
  Json sorted = list;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

Json each_text(const Json& list, const std::function<std::string(const std::string&)>& change) {
  if (!list.is_array()) return nullptr;
  Json changed = Json::array();
  for (const Json& element : list)
    changed.push_back(is_sealed(element) ? element : Json(change(as_text(element))));
  return changed;
}

Json text_values(const Json& map) {
  Json texts = Json::object();
  for (const auto& [key, value] : map.items())
    texts[key] = is_sealed(value) ? value : Json(as_text(value));
  return texts;
}

std::int64_t integer_or_zero(const Json& value) {
  return as_integer(value).value_or(0);
}

Json duration_text(const Json& nanoseconds) {
  const std::int64_t count = integer_or_zero(nanoseconds);
  if (count == 0) return nullptr;
  return format_duration(std::chrono::nanoseconds{count});
}

Declared::Declared(const Json& wanted, std::string_view label) : wanted_(wanted) {
  for (std::string& path : split_any(label, ",")) label_.insert(std::move(path));
}

const Json& Declared::wanted(Path path) const {
  const Json* value = &wanted_;
  for (const std::string_view piece : path) value = &get(*value, piece);
  return *value;
}

bool Declared::has(Path path) const {
  return !wanted(path).is_null() || recorded(path);
}

bool Declared::recorded(Path path) const {
  return label_.contains(fmt::format("{}", fmt::join(path, ".")));
}

std::vector<std::string> declared_paths(const Json& wanted) {
  std::vector<std::string> paths;
  for (const std::string_view key : k_single) {
    if (!get(wanted, key).is_null()) paths.emplace_back(key);
  }
  for (const auto& [name, limit] : get(wanted, "ulimits").items()) {
    paths.push_back("ulimits." + name);
  }
  for (const auto& [key, value] : get(wanted, "blkio_config").items()) {
    if (!value.is_object()) paths.push_back("blkio_config." + key);
    for (const auto& [device, number] : value.items()) {
      if (value.is_object()) paths.push_back(fmt::format("blkio_config.{}.{}", key, device));
    }
  }
  const Json& logging = get(wanted, "logging");
  if (!get(logging, "driver").is_null()) paths.emplace_back("logging.driver");
  for (const auto& [key, value] : get(logging, "options").items()) {
    paths.push_back("logging.options." + key);
  }
  for (const auto& [target, mount] : get(wanted, "volumes").items()) {
    const bool anonymous = get(mount, "type") == "volume" && get(mount, "source").is_null();
    if (anonymous) paths.push_back("volumes." + target);
  }
  for (const std::string key : {"configs", "secrets"}) {
    for (const auto& [target, file] : get(wanted, key).items()) {
      paths.push_back(fmt::format("{}.{}", key, target));
    }
  }
  return paths;
}

std::vector<std::string> sealed_paths(const Json& wanted) {
  std::vector<std::string> paths;
  for (const auto& [key, value] : wanted.items()) {
    if (!holds_seal(value)) continue;
    if (!value.is_object() || is_sealed(value)) {
      paths.push_back(key);
      continue;
    }
    for (const auto& [member, inner] : value.items()) {
      if (holds_seal(inner)) paths.push_back(fmt::format("{}.{}", key, member));
    }
  }
  return paths;
}

}  // namespace aegis::docker
