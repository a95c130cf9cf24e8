#include "kinds/proxmox/firewall_rig.h"

#include "kinds/proxmox/firewall/firewall.h"
#include "kinds/proxmox/firewall/rule.h"

namespace aegis::test {

FirewallRig::FirewallRig()
    : KindRig({&firewall_kind(), 1},
              http(),
              clock(),
              {{"api_port", 8006}, {"sections", {"firewall"}}}) {}

std::vector<std::string> FirewallRig::rules(const std::string& path) {
  std::vector<std::string> texts;
  for (const Json& item : get(path)) {
    const Json rule = proxmox::rule_of_live(item);
    if (!proxmox::is_marker(rule)) texts.push_back(proxmox::rule_text(rule));
  }
  return texts;
}

}  // namespace aegis::test
