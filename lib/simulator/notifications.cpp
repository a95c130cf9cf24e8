#include "simulator/notifications.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <regex>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/web.h"

namespace aegis::simulator {
namespace {

using Builtins = std::map<std::string, Section, std::less<>>;

constexpr std::string_view k_secret_mark = "secret.";

const Builtins& builtins() {
  static const Builtins k_builtins{
      {"default-matcher",
       {"matcher",
        {{"comment", "Route all notifications to mail-to-root"},
         {"mode", "all"},
         {"target", "mail-to-root"}},
        {}}},
      {"mail-to-root",
       {"sendmail",
        {{"comment", "Send mails to root@pam's email address"}, {"mailto-user", "root@pam"}},
        {}}}};
  return k_builtins;
}

Json shown(const Field& field, const std::string& value) {
  if (field.type == FieldType::array) return split(value, '\n');
  const bool numeric = field.type == FieldType::integer || field.type == FieldType::boolean;
  if (!numeric) return value;
  return std::strtoll(value.c_str(), nullptr, 10);
}

std::string value_of(const Section& section, std::string_view name) {
  const auto found = section.values.find(name);
  return found == section.values.end() ? "" : found->second;
}

}  // namespace

std::optional<Section> Notifications::find(std::string_view name) const {
  if (const Section* kept = std::as_const(file_).find(name)) return *kept;
  const auto builtin = builtins().find(name);
  if (builtin == builtins().end()) return std::nullopt;
  return builtin->second;
}

std::vector<std::string> Notifications::names() const {
  std::vector<std::string> names;
  for (const auto& [name, section] : builtins()) names.push_back(name);
  for (const auto& [name, section] : file_.sections) {
    if (!is_builtin(name)) names.push_back(name);
  }
  return names;
}

std::string_view Notifications::origin_of(std::string_view name) const {
  if (!is_builtin(name)) return "user-created";
  return std::as_const(file_).find(name) == nullptr ? "builtin" : "modified-builtin";
}

bool Notifications::is_builtin(std::string_view name) const {
  return builtins().contains(name);
}

void Notifications::put(const std::string& name, Section section) {
  file_.sections[name] = std::move(section);
}

void Notifications::remove(std::string_view name) {
  const auto found = file_.sections.find(name);
  if (found != file_.sections.end()) file_.sections.erase(found);
}

std::string Notifications::users_of(std::string_view target) const {
  std::vector<std::string> users;
  for (const std::string& name : names()) {
    const std::optional<Section> section = find(name);
    const std::vector<std::string> targets = split(value_of(*section, "target"), '\n');
    const bool sends = std::find(targets.begin(), targets.end(), target) != targets.end();
    if (section->type == "matcher" && sends) users.push_back(name);
  }
  return join(users, ", ");
}

std::string Notifications::digest() const {
  return sha256_hex(file_.text());
}

Json notification_json(const Notifications& all,
                       std::string_view name,
                       const Section& section,
                       std::span<const Field> fields) {
  Json json{{"name", name}, {"origin", all.origin_of(name)}};
  for (const auto& [key, value] : section.values) {
    const Field* field = find_field(fields, key);
    json[key] = field == nullptr ? Json(value) : shown(*field, value);
  }
  for (const auto& [key, value] : section.secrets) {
    if (!key.starts_with(k_secret_mark)) continue;
    json["secret"].push_back(fmt::format("name={}", key.substr(k_secret_mark.size())));
  }
  return json;
}

Refusal take_secrets(std::string_view entries, Section& section) {
  SectionValues wanted;
  for (const std::string& entry : split(entries, '\n')) {
    static const std::regex k_entry("name=([^,]+)(,value=(.*))?");
    std::smatch match;
    if (!std::regex_match(entry, match, k_entry)) {
      return refuse(fmt::format("invalid secret '{}'", entry.substr(0, entry.find(','))), 400);
    }
    const std::string key = fmt::format("{}{}", k_secret_mark, match[1].str());
    const auto kept = section.secrets.find(key);
    if (!match[2].matched && kept == section.secrets.end()) {
      return refuse(fmt::format("secret '{}' not known", match[1].str()), 400);
    }
    wanted[key] = match[2].matched ? match[3].str() : kept->second;
  }
  section.secrets = std::move(wanted);
  return {};
}

Refusal send_test(const World& world, const Section& section) {
  static const std::regex k_secret("\\{\\{[ ]*secrets\\.[^}]*\\}\\}");
  std::string url = value_of(section, section.type == "webhook" ? "url" : "server");
  if (section.type == "sendmail") return {};
  if (section.type == "smtp") {
    if (world.answers(url)) return {};
    return refuse(fmt::format("Could not test target: Connection error: {}", url));
  }
  url = std::regex_replace(url, k_secret, "<masked>");
  const WebAnswer reached = fetch(world, url);
  if (reached.status == 200) return {};
  if (reached.status != 0) {
    return refuse(fmt::format("Could not test target: {}: status code {}", url, reached.status));
  }
  return refuse(
      fmt::format("Could not test target: {}: Connection Failed: Connect error: Connection refused "
                  "(os error 111)",
                  url));
}

}  // namespace aegis::simulator
