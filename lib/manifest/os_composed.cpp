#include "manifest/os_composed.h"

#include <fmt/format.h>

#include <array>

#include "manifest/os_paths.h"

namespace aegis {
namespace {

constexpr std::string_view k_header =
    "# Made from the manifests of aegisctl: changes made by hand are put right.\n";

Resource composed(const char* kind,
                  const std::string& name,
                  const std::string& text,
                  const YamlNode::Member& entry,
                  Reading& reading) {
  Resource resource;
  resource.address = {"", kind, name};
  resource.where = entry.key_where;
  resource.spec = Json::object();
  put_file_content(fmt::format("{}{}", k_header, text), false, resource.spec, reading.vault);
  return resource;
}

}  // namespace

std::span<const ComposedSection> composed_sections() {
  static constexpr std::array<ComposedSection, 6> k_sections{{
      {"fail2ban", compose_jails},
      {"jobs", compose_jobs},
      {"logrotate", compose_log_rotation},
      {"maintenance", compose_maintenance},
      {"ssh", compose_ssh},
      {"sysctl", compose_sysctl},
  }};
  return k_sections;
}

Resource composed_file(const std::string& path,
                       const std::string& text,
                       const YamlNode::Member& entry,
                       Reading& reading) {
  return composed("file", path.substr(1), text, entry, reading);
}

Resource composed_unit(const std::string& name,
                       const std::string& text,
                       const YamlNode::Member& entry,
                       Reading& reading) {
  return composed("unit", name, text, entry, reading);
}

}  // namespace aegis
