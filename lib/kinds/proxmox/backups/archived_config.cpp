#include "kinds/proxmox/backups/archived_config.h"

#include "base/text.h"

namespace aegis::proxmox {

ConfigMap parse_config_file(std::string_view text) {
  ConfigMap config;
  std::string description;
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with('[')) break;  // what waits, and snapshots
    if (line.starts_with('#')) {
      description += percent_decode(line.substr(1)) + "\n";
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    config[std::string(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
  }
  if (!description.empty()) config["description"] = description;
  return config;
}

}  // namespace aegis::proxmox
