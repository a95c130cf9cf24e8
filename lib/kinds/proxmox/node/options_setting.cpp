#include <algorithm>
#include <array>

#include "base/text.h"
#include "kinds/proxmox/node/setting_type.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_path = "/cluster/options";

enum class Shape { text, number, group, words };

/// An option of the datacenter, as manifests and Proxmox call it.
struct Option {
  std::string_view name;
  Shape form = Shape::text;
  std::string_view default_key = {};  ///< of a group: what a bare value means
};

constexpr std::array<Option, 16> k_options{{
    {"bwlimit", Shape::group},
    {"console"},
    {"crs", Shape::group, "ha"},
    {"description"},
    {"email_from"},
    {"ha", Shape::group, "shutdown_policy"},
    {"http_proxy"},
    {"keyboard"},
    {"language"},
    {"mac_prefix"},
    {"max_workers", Shape::number},
    {"migration", Shape::group, "type"},
    {"next-id", Shape::group},
    {"registered-tags", Shape::words},
    {"tag-style", Shape::group},
    {"user-tag-access", Shape::group},
}};

// Proxmox shows its own prefix even where none is set.
constexpr std::string_view k_own_prefix = "BC:24:11";

bool is_flag(const std::string& member) {
  return member == "case-sensitive" || member == "ha-rebalance-on-start";
}

// "a:ff0000;b:00ff00" or {"a": "ff0000", "b": "00ff00"}.
Json shape_of_colors(const Json& value) {
  if (value.is_object()) return value;
  Json colors = Json::object();
  for (const std::string& piece : split_any(as_text(value), ";")) {
    const std::size_t colon = piece.find(':');
    colors[piece.substr(0, colon)] = colon == std::string::npos ? "" : piece.substr(colon + 1);
  }
  return colors;
}

// Proxmox refuses what is empty.
bool says_nothing(const Json& value) {
  return (value.is_structured() && value.empty()) || value == Json("");
}

Json shape_of_member(const std::string& member, const Json& value) {
  if (member == "color-map") return shape_of_colors(value);
  if (member == "user-allow-list") return tag_set(value);
  if (is_flag(member)) return as_bool(value).value_or(false);
  if (const auto number = as_integer(value)) return *number;
  return as_text(value);
}

Json shape_of_group(const Option& option, const Json& value) {
  const Json members =
      value.is_object() ? value : to_json(parse_properties(as_text(value), option.default_key));
  Json shape = Json::object();
  for (const auto& [member, text] : members.items()) {
    Json formed = shape_of_member(member, text);
    if (!says_nothing(formed)) shape[member] = std::move(formed);
  }
  return shape;
}

Json shape_of(const Option& option, const Json& value) {
  switch (option.form) {
    case Shape::group:
      return shape_of_group(option, value);
    case Shape::words:
      return tag_set(value);
    case Shape::number: {
      const auto number = as_integer(value);
      return number ? Json(*number) : value;
    }
    case Shape::text:
      break;
  }
  const std::string text(trim(as_text(value)));
  return text;
}

Json shape_of_options(const Json& options) {
  Json shape = Json::object();
  for (const Option& option : k_options) {
    const Json& value = get(options, option.name);
    if (value.is_null()) continue;
    Json formed = shape_of(option, value);
    const bool usual = option.name == "mac_prefix" && formed == Json(k_own_prefix);
    if (!says_nothing(formed) && !usual) shape[std::string(option.name)] = std::move(formed);
  }
  return shape;
}

Json live(const SettingData& data, const Json&) {
  return shape_of_options(data[0]);
}

std::string text_of_member(const Json& value) {
  std::vector<std::string> pieces;
  if (value.is_object()) {
    for (const auto& [name, color] : value.items()) pieces.push_back(name + ":" + as_text(color));
    return join(pieces, ";");
  }
  if (!value.is_array()) return as_text(value);
  for (const Json& word : value) pieces.push_back(as_text(word));
  return join(pieces, ";");
}

std::string text_of(const Option& option, const Json& value) {
  if (option.form != Shape::group) return text_of_member(value);
  Properties properties;
  for (const auto& [member, item] : value.items()) properties[member] = text_of_member(item);
  return print_properties(properties);
}

// Only what differs is sent.
Result<Done> write(const SettingCalls& calls, const Json& wanted, const Json& data) {
  const Json present = shape_of_options(data);
  Form form;
  std::vector<std::string> unset;
  for (const Option& option : k_options) {
    const Json& value = get(wanted, option.name);
    if (value == get(present, option.name)) continue;
    if (value.is_null()) {
      unset.emplace_back(option.name);
    } else {
      form.emplace_back(option.name, text_of(option, value));
    }
  }
  if (!unset.empty()) form.emplace_back("delete", join(unset, ","));
  const auto sent = calls.api.put(calls.path(k_path), form);
  if (!sent) return sent.error();
  return Done{};
}

Json spec(const SettingData& data) {
  Json options = shape_of_options(data[0]);
  return options.empty() ? Json() : options;
}

}  // namespace

const SettingType& options_setting() {
  static const SettingType k_type{.name = "options",
                                  .what = "the datacenter's options",
                                  .paths = {k_path},
                                  .wanted = shape_of_options,
                                  .live = live,
                                  .notes = nullptr,
                                  .spec = spec,
                                  .write = write};
  return k_type;
}

}  // namespace aegis::proxmox
