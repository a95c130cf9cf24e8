#include "simulator/guest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "base/text.h"

namespace aegis::simulator {
namespace {

// Perl's conf writer keeps the description as comment lines with everything odd %-encoded.
std::string description_lines(std::string_view description) {
  std::string lines;
  for (const std::string& line : split(description, '\n')) {
    lines += '#';
    for (const char c : line) {
      const auto byte = static_cast<unsigned char>(c);
      const bool plain = byte >= 0x20 && byte < 0x7f && c != ':' && c != '%';
      lines += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    lines += '\n';
  }
  return lines;
}

}  // namespace

std::string section_text(const ConfigMap& values) {
  std::string text;
  const auto description = values.find("description");
  if (description != values.end()) text += description_lines(description->second);
  for (const auto& [key, value] : values) {
    if (key != "description" && key != "lxc") text += fmt::format("{}: {}\n", key, value);
  }
  const auto raw = values.find("lxc");
  if (raw != values.end()) text += raw->second + "\n";
  return text;
}

std::string Guest::value(std::string_view key) const {
  const auto found = config.find(key);
  return found == config.end() ? "" : found->second;
}

std::string conf_text(const Guest& guest, std::string_view pending_section) {
  std::string text = section_text(guest.config);
  if (guest.pending.empty() && guest.pending_delete.empty()) return text;
  text += fmt::format("\n[{}]\n", pending_section);
  if (!guest.pending_delete.empty()) {
    text += fmt::format("delete: {}\n", fmt::join(guest.pending_delete, ","));
  }
  return text + section_text(guest.pending);
}

Json typed_value(FieldOf field_of, std::string_view key, const std::string& text) {
  const Field* field = field_of(key);
  const bool numeric =
      field != nullptr && (field->type == FieldType::integer || field->type == FieldType::boolean);
  if (!numeric) return text;
  return std::strtoll(text.c_str(), nullptr, 10);
}

Json pending_json(const Guest& guest, ValueShown shown, const std::string& digest) {
  Json items = Json::array();
  for (const auto& [key, value] : guest.config) {
    if (key == "lxc") continue;
    Json item{{"key", key}, {"value", shown(key, value)}};
    const auto waiting = guest.pending.find(key);
    if (waiting != guest.pending.end()) item["pending"] = shown(key, waiting->second);
    if (guest.pending_delete.contains(key)) item["delete"] = 1;
    items.push_back(std::move(item));
  }
  for (const auto& [key, value] : guest.pending) {
    if (!guest.config.contains(key)) {
      items.push_back({{"key", key}, {"pending", shown(key, value)}});
    }
  }
  items.push_back({{"key", "digest"}, {"value", digest}});
  return items;
}

Json usage_json(const Guest& guest, TimePoint now) {
  Json item{{"vmid", guest.vmid},
            {"status", guest.running ? "running" : "stopped"},
            {"uptime", uptime_of(guest, now)},
            {"cpu", 0},
            {"disk", 0},
            {"diskread", 0},
            {"diskwrite", 0},
            {"netin", 0},
            {"netout", 0}};
  for (const char* key : {"lock", "tags"}) {
    if (!guest.value(key).empty()) item[key] = guest.value(key);
  }
  if (guest.is_set("template")) item["template"] = 1;
  return item;
}

std::int64_t uptime_of(const Guest& guest, TimePoint now) {
  if (!guest.running) return 0;
  return std::chrono::duration_cast<std::chrono::seconds>(now - guest.started).count();
}

Json to_json(const Guest& guest) {
  const auto since_epoch = guest.started.time_since_epoch();
  return {{"vmid", guest.vmid},
          {"node", guest.node},
          {"config", guest.config},
          {"pending", guest.pending},
          {"pending_delete", guest.pending_delete},
          {"running", guest.running},
          {"started", std::chrono::duration_cast<std::chrono::milliseconds>(since_epoch).count()}};
}

void guest_from_json(const Json& json, Guest& guest) {
  guest.vmid = static_cast<int>(as_integer(get(json, "vmid")).value_or(0));
  guest.node = text_or(json, "node");
  for (const auto& [key, value] : get(json, "config").items()) {
    guest.config[key] = as_text(value);
  }
  for (const auto& [key, value] : get(json, "pending").items()) {
    guest.pending[key] = as_text(value);
  }
  for (const Json& key : get(json, "pending_delete")) {
    guest.pending_delete.insert(as_text(key));
  }
  guest.running = as_bool(get(json, "running")).value_or(false);
  guest.started =
      TimePoint(std::chrono::milliseconds(as_integer(get(json, "started")).value_or(0)));
}

}  // namespace aegis::simulator
