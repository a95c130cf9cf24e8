#include "kinds/os/inventory.h"

#include <fmt/format.h>

#include "base/json.h"

namespace aegis::os {
namespace {

std::string name_of_entry(const Address& address) {
  return fmt::format("{}/{}", address.kind, address.name);
}

Error broken(std::string_view why) {
  return {ErrorCode::rejected,
          fmt::format("/var/lib/aegisctl/inventory.json there cannot be read: {}. Move it away: "
                      "what it lists then counts as not made by aegisctl, and nothing is lost.",
                      why)};
}

}  // namespace

const Inventory::Entry* Inventory::find(const Address& address) const {
  const auto found = entries.find(name_of_entry(address));
  return found == entries.end() ? nullptr : &found->second;
}

std::vector<std::string> Inventory::names_of(std::string_view kind) const {
  std::vector<std::string> names;
  const std::string prefix = fmt::format("{}/", kind);
  for (const auto& [key, entry] : entries) {
    if (key.starts_with(prefix)) names.push_back(key.substr(prefix.size()));
  }
  return names;
}

Result<Inventory> parse_inventory(std::string_view text) {
  Inventory inventory;
  if (text.empty()) return inventory;
  const auto json = parse_json(text);
  if (!json) return broken(json.error().message);
  if (get(*json, "format_version") != 1 || !get(*json, "owned").is_object()) {
    return broken("it is of another version");
  }
  for (const auto& [key, value] : get(*json, "owned").items()) {
    if (key.empty()) continue;
    Inventory::Entry& entry = inventory.entries[key];
    entry.secret = as_bool(get(value, "secret")).value_or(false);
    for (const Json& effect : get(value, "effects")) entry.effects.push_back(as_text(effect));
  }
  return inventory;
}

std::string inventory_key(const Address& address) {
  return dump_json(name_of_entry(address));
}

std::string inventory_value(const Inventory::Entry& entry) {
  Json value = Json::object();
  if (entry.secret) value["secret"] = true;
  if (!entry.effects.empty()) value["effects"] = entry.effects;
  return dump_json(value);
}

}  // namespace aegis::os
