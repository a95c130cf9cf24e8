#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/units.h"
#include "manifest/os_composed.h"

namespace aegis {
namespace {

constexpr std::int64_t k_kept = 4;
constexpr std::string_view k_end = "endscript";

// Of all that it prints the errors are what a person wants to read.
constexpr std::string_view k_check = R"sh(words=$(logrotate --debug "$1" 2>&1) && exit 0
printf '%s\n' "$words" | grep '^error:' >&2 || printf '%s\n' "$words" >&2
exit 1)sh";

std::string options_text(const Json& spec) {
  std::string text = fmt::format("  {}\n  rotate {}\n  missingok\n  notifempty\n",
                                 text_or(spec, "every", "weekly"),
                                 as_integer(get(spec, "keep")).value_or(k_kept));
  if (get(spec, "compress") != false) text += "  compress\n  delaycompress\n";
  if (get(spec, "copytruncate") == true) text += "  copytruncate\n";
  if (spec.contains("max_size")) {
    const auto size = parse_size(text_or(spec, "max_size"));
    text += fmt::format("  maxsize {}\n", size.value_or(0));
  }
  for (const char* field : {"create", "su"}) {
    if (spec.contains(field)) text += fmt::format("  {} {}\n", field, text_or(spec, field));
  }
  return text;
}

std::string script_text(const Json& spec) {
  if (!spec.contains("after")) return {};
  const std::string script = text_or(spec, "after");
  return fmt::format("  sharedscripts\n  postrotate\n{}{}  {}\n",
                     script,
                     script.ends_with('\n') ? "" : "\n",
                     k_end);
}

void check_script(const YamlNode::Member& entry, const Json& spec, Reading& reading) {
  const std::vector<std::string> lines = split(text_or(spec, "after"), '\n');
  const bool ends_early = std::any_of(
      lines.begin(), lines.end(), [](const std::string& line) { return trim(line) == k_end; });
  if (!ends_early) return;
  reading.error(entry.value->find("after")->where,
                "a script that would end early",
                "logrotate takes a line `endscript` for the end of it. Write it in another way.");
}

Resource rotation_file(const YamlNode::Member& entry, const Json& spec, Reading& reading) {
  check_script(entry, spec, reading);
  std::string text;
  for (const Json& file : get(spec, "files")) text += fmt::format("\"{}\"\n", as_text(file));
  text += fmt::format("{{\n{}{}}}\n", options_text(spec), script_text(spec));
  Resource file =
      composed_file(fmt::format("/etc/logrotate.d/{}", entry.key), text, entry, reading);
  for (const char* field : {"create", "su"}) {
    for (const std::string& word : split(text_or(spec, field), ' ')) {
      if (!word.empty()) file.spec["accounts"].push_back(word);
    }
  }
  file.spec["validate"] = Json::array({"sh", "-c", k_check, "sh", "%s"});
  return file;
}

}  // namespace

std::vector<Resource> compose_log_rotation(const YamlNode::Member& section,
                                           const Json& spec,
                                           Reading& reading) {
  std::vector<Resource> files;
  for (const YamlNode::Member& entry : section.value->members) {
    files.push_back(rotation_file(entry, get(spec, entry.key), reading));
  }
  return files;
}

}  // namespace aegis
