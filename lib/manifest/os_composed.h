#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// The kernel's settings that are ours, as systemd reads them at a start.
inline constexpr const char* k_sysctl_file = "/etc/sysctl.d/90-aegisctl.conf";

/// What `section`, a member of `os` that was read as `spec`, becomes: addresses without a scope.
/// Mistakes are reported.
using Composer = std::vector<Resource> (*)(const YamlNode::Member& section,
                                           const Json& spec,
                                           Reading& reading);

/// A section of `os` that becomes files and units, so that plan, drift and undo need to know
/// nothing of it.
struct ComposedSection {
  const char* name;
  Composer compose;
};

std::span<const ComposedSection> composed_sections();

/// The file at `path` with `text` in it, placed where `entry` stands; root's, with mode 0644.
Resource composed_file(const std::string& path,
                       const std::string& text,
                       const YamlNode::Member& entry,
                       Reading& reading);

/// The unit `name` of systemd with `text` as its file.
Resource composed_unit(const std::string& name,
                       const std::string& text,
                       const YamlNode::Member& entry,
                       Reading& reading);

std::vector<Resource> compose_jobs(const YamlNode::Member& section,
                                   const Json& spec,
                                   Reading& reading);
std::vector<Resource> compose_jails(const YamlNode::Member& section,
                                    const Json& spec,
                                    Reading& reading);
std::vector<Resource> compose_log_rotation(const YamlNode::Member& section,
                                           const Json& spec,
                                           Reading& reading);
std::vector<Resource> compose_maintenance(const YamlNode::Member& section,
                                          const Json& spec,
                                          Reading& reading);
std::vector<Resource> compose_ssh(const YamlNode::Member& section,
                                  const Json& spec,
                                  Reading& reading);
/// The file that brings the kernel's settings back after a start.
std::vector<Resource> compose_sysctl(const YamlNode::Member& section,
                                     const Json& spec,
                                     Reading& reading);

}  // namespace aegis
