#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "manifest/os_composed.h"

namespace aegis {
namespace {

constexpr int k_strikes = 3;
constexpr std::string_view k_jail_folder = "/etc/fail2ban/jail.d";

// fail2ban can check only all of its files together: a copy of them, with the new one among them.
constexpr std::string_view k_check = R"sh(set -eu
copy=$(mktemp -d)
trap 'rm -rf -- "$copy"' EXIT
cp -R /etc/fail2ban/. "$copy"
cp -- "$1" "$copy/jail.d/"
fail2ban-client -c "$copy" -t)sh";

std::vector<std::string> texts_of(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& text : list) texts.push_back(as_text(text));
  return texts;
}

std::string jail_text(const std::string& name, const Json& spec) {
  std::string text = fmt::format("[{}]\nenabled = {}\n", name, get(spec, "enabled") != false);
  text += fmt::format("maxretry = {}\nfindtime = {}\nbantime = {}\n",
                      as_integer(get(spec, "maxretry")).value_or(k_strikes),
                      text_or(spec, "findtime", "10m"),
                      text_or(spec, "bantime", "1h"));
  // Without a syslog daemon there is no log file of sshd's, and fail2ban does not start.
  const bool reads_journal =
      name == "sshd" && !spec.contains("backend") && !spec.contains("logpath");
  if (reads_journal) text += "backend = systemd\n";
  for (const char* field : {"backend", "filter", "action"}) {
    if (spec.contains(field)) text += fmt::format("{} = {}\n", field, text_or(spec, field));
  }
  if (spec.contains("port")) {
    text += fmt::format("port = {}\n", join(texts_of(get(spec, "port")), ","));
  }
  if (spec.contains("ignoreip")) {
    text += fmt::format("ignoreip = {}\n", join(texts_of(get(spec, "ignoreip")), " "));
  }
  if (spec.contains("logpath")) {
    text += fmt::format("logpath = {}\n", join(texts_of(get(spec, "logpath")), "\n          "));
  }
  return text;
}

// The ending .local: it is read after all that packages bring along.
Resource jail_file(const YamlNode::Member& entry, const Json& spec, Reading& reading) {
  Resource file = composed_file(fmt::format("{}/aegisctl-{}.local", k_jail_folder, entry.key),
                                jail_text(entry.key, spec),
                                entry,
                                reading);
  file.spec["validate"] = Json::array({"sh", "-c", k_check, "sh", "%s"});
  file.spec["reloads"] = Json::array({"fail2ban.service"});
  return file;
}

}  // namespace

std::vector<Resource> compose_jails(const YamlNode::Member& section,
                                    const Json& spec,
                                    Reading& reading) {
  std::vector<Resource> files;
  for (const YamlNode::Member& entry : section.value->members) {
    files.push_back(jail_file(entry, get(spec, entry.key), reading));
  }
  return files;
}

}  // namespace aegis
