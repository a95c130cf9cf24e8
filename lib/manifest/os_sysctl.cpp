#include <fmt/format.h>

#include <string>
#include <vector>

#include "manifest/os_composed.h"

namespace aegis {

std::vector<Resource> compose_sysctl(const YamlNode::Member& section,
                                     const Json& spec,
                                     Reading& reading) {
  std::string text;
  for (const auto& [name, value] : spec.items()) {
    text += fmt::format("{} = {}\n", name, as_text(value));
  }
  return {composed_file(k_sysctl_file, text, section, reading)};
}

}  // namespace aegis
