#include "kinds/proxmox/firewall/rule.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_owner = "aegisctl";

// Members as they follow each other in a text, with their option there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> k_options{{
    {"iface", "-i"},
    {"source", "-source"},
    {"dest", "-dest"},
    {"proto", "-p"},
    {"dport", "-dport"},
    {"sport", "-sport"},
    {"icmp-type", "-icmp-type"},
    {"log", "-log"},
}};

// A list's elements, or the text at its commas, without blanks.
std::string list_text(const Json& value) {
  std::vector<std::string> pieces;
  if (value.is_array()) {
    for (const Json& element : value) pieces.push_back(as_text(element));
  } else {
    pieces = split_any(as_text(value), ", ");
  }
  return join(pieces, ",");
}

void set_if(Json& rule, const std::string& key, const std::string& text) {
  if (!text.empty()) rule[key] = text;
}

void drop_defaults(Json& rule) {
  if (text_or(rule, "log") == "nolog") rule.erase("log");
  if (rule.contains("proto")) rule["proto"] = to_lower(text_or(rule, "proto"));
}

}  // namespace

Json rule_of_spec(const Json& spec, const Json& macros) {
  Json rule = Json::object();
  for (const char* type : {"in", "out", "forward", "group"}) {
    if (!spec.contains(type)) continue;
    rule["type"] = type;
    rule["action"] = as_text(spec[type]);
  }
  rule["enable"] = get(spec, "enable") == false ? "0" : "1";
  for (const char* key : {"source", "dest", "dport", "sport"}) {
    set_if(rule, key, list_text(get(spec, key)));
  }
  for (const char* key : {"iface", "proto", "log"}) set_if(rule, key, as_text(get(spec, key)));
  set_if(rule, "icmp-type", as_text(get(spec, "icmp_type")));
  set_if(rule, "macro", macro_name(text_or(spec, "macro"), macros));
  set_if(rule, "comment", std::string(trim(text_or(spec, "comment"))));
  drop_defaults(rule);
  return rule;
}

Json rule_of_live(const Json& item) {
  Json rule = {{"enable", as_bool(get(item, "enable")).value_or(false) ? "1" : "0"}};
  for (const char* key : {"type", "action", "macro"}) set_if(rule, key, as_text(get(item, key)));
  for (const auto& [key, option] : k_options) {
    set_if(rule, std::string(key), as_text(get(item, key)));
  }
  set_if(rule, "comment", std::string(trim(as_text(get(item, "comment")))));
  drop_defaults(rule);
  return rule;
}

std::string rule_text(const Json& rule) {
  std::string text = is_enabled(rule) ? "" : "|";
  std::string type = text_or(rule, "type");
  for (char& letter : type) letter = static_cast<char>(letter >= 'a' ? letter - 'a' + 'A' : letter);
  const std::string macro = text_or(rule, "macro");
  const std::string action = text_or(rule, "action");
  text += fmt::format("{} {}", type, macro.empty() ? action : fmt::format("{}({})", macro, action));
  for (const auto& [key, option] : k_options) {
    if (rule.contains(key)) text += fmt::format(" {} {}", option, text_or(rule, key));
  }
  const std::string comment = text_or(rule, "comment");
  if (!comment.empty()) text += fmt::format(" # {}", comment);
  return text;
}

Form rule_form(const Json& rule, bool enabled) {
  Form form;
  for (const auto& [key, value] : rule.items()) {
    form.emplace_back(key, key == "enable" ? (enabled ? "1" : "0") : as_text(value));
  }
  return form;
}

bool is_enabled(const Json& rule) {
  return text_or(rule, "enable") == "1";
}

bool only_accepts(const Json& rule) {
  return text_or(rule, "type") != "group" && text_or(rule, "action") == "ACCEPT";
}

Json marker_rule() {
  return {{"type", "in"},
          {"action", "ACCEPT"},
          {"enable", "0"},
          {"source", "127.0.0.1"},
          {"dest", "127.0.0.1"},
          {"comment", "aegisctl: declared in its manifests; changes made here are undone"}};
}

bool is_marker(const Json& rule) {
  const std::string comment = text_or(rule, "comment");
  const bool ours = comment == k_owner || comment.starts_with(fmt::format("{}:", k_owner));
  return ours && !is_enabled(rule);
}

std::string macro_name(const std::string& name, const Json& macros) {
  for (const Json& macro : macros) {
    if (to_lower(as_text(macro)) == to_lower(name)) return as_text(macro);
  }
  return name;
}

}  // namespace aegis::proxmox
