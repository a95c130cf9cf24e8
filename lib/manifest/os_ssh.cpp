#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "manifest/os_composed.h"

namespace aegis {
namespace {

constexpr const char* k_sshd_file = "/etc/ssh/sshd_config.d/00-aegisctl.conf";
constexpr std::string_view k_dialogues = "KbdInteractiveAuthentication";

struct Field {
  const char* name;
  const char* keyword;
  bool has_line_each = false;  ///< of a list: otherwise all stand in one line
};

constexpr std::array<Field, 7> k_fields{{
    {"port", "Port", true},
    {"password_authentication", "PasswordAuthentication"},
    {"permit_root_login", "PermitRootLogin"},
    {"allow_users", "AllowUsers"},
    {"allow_groups", "AllowGroups"},
    {"max_auth_tries", "MaxAuthTries"},
    {"x11_forwarding", "X11Forwarding"},
}};

// In sshd the first value counts, so the whole with the new file first is what the new file makes
// of it. The folder below /run is there only while the service runs.
constexpr std::string_view k_check = R"sh(set -eu
grep -qiE '^[[:space:]]*Include[[:space:]]+/etc/ssh/sshd_config\.d/\*\.conf' /etc/ssh/sshd_config ||
  { echo '/etc/ssh/sshd_config does not include /etc/ssh/sshd_config.d/*.conf' >&2; exit 1; }
mkdir -p /run/sshd
whole=$(mktemp)
trap 'rm -f -- "$whole"' EXIT
cat -- "$1" /etc/ssh/sshd_config > "$whole"
/usr/sbin/sshd -t -f "$whole")sh";

std::string word_of(const Json& value) {
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return as_text(value);
}

std::string lines_of(const Field& field, const Json& value) {
  if (!value.is_array()) return fmt::format("{} {}\n", field.keyword, word_of(value));
  std::vector<std::string> words;
  for (const Json& one : value) words.push_back(word_of(one));
  if (!field.has_line_each) return fmt::format("{} {}\n", field.keyword, join(words, " "));
  std::string lines;
  for (const std::string& word : words) lines += fmt::format("{} {}\n", field.keyword, word);
  return lines;
}

std::string config_text(const Json& spec) {
  std::string text;
  for (const Field& field : k_fields) {
    if (spec.contains(field.name)) text += lines_of(field, spec[field.name]);
  }
  const Json& options = get(spec, "options");
  const bool asks_nothing = get(spec, "password_authentication") == false;
  if (asks_nothing && !options.contains(k_dialogues)) text += fmt::format("{} no\n", k_dialogues);
  for (const auto& [keyword, value] : options.items()) {
    text += fmt::format("{} {}\n", keyword, word_of(value));
  }
  return text;
}

void check_options(const YamlNode& options, Reading& reading) {
  for (const YamlNode::Member& option : options.members) {
    const std::string word = to_lower(option.key);
    if (word == "match" || word == "include") {
      reading.error(
          option.key_where,
          "not an option for all",
          fmt::format("What stands below a `{}` is declared as a file of its own.", option.key));
    }
    const auto* const field = std::find_if(k_fields.begin(), k_fields.end(), [&](const Field& one) {
      return to_lower(one.keyword) == word;
    });
    if (field == k_fields.end()) continue;
    reading.error(option.key_where,
                  "an option with a field of its own",
                  fmt::format("`{}` is said by `{}`.", option.key, field->name));
  }
}

}  // namespace

std::vector<Resource> compose_ssh(const YamlNode::Member& section,
                                  const Json& spec,
                                  Reading& reading) {
  if (const YamlNode* options = section.value->find("options")) check_options(*options, reading);
  Resource file = composed_file(k_sshd_file, config_text(spec), section, reading);
  file.spec["validate"] = Json::array({"sh", "-c", k_check, "sh", "%s"});
  file.spec["reloads"] = Json::array({"ssh.service"});
  file.spec["guarded"] = true;
  return {std::move(file)};
}

}  // namespace aegis
