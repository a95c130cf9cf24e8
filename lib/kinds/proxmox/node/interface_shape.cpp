#include "kinds/proxmox/node/interface_shape.h"

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/shape.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_all_vlans = "2-4094";

class InterfaceShape {
 public:
  explicit InterfaceShape(const Json& from) : from_(from) {}

  Json make(std::string_view name) {
    const std::string type = text_or(from_, "type");
    into_["type"] = type;
    into_["autostart"] = as_bool(get(from_, "autostart")).value_or(true);
    for (const char* key : {"cidr", "gateway", "cidr6", "gateway6"}) put(key, to_lower(text(key)));
    number("mtu");
    const std::string comments(without_owner(text("comments")));
    put("comments", comments);
    if (type == "bridge") add_bridge();
    if (type == "bond") add_bond();
    if (type == "vlan") add_vlan(name);
    return std::move(into_);
  }

 private:
  [[nodiscard]] std::string text(std::string_view key) const {
    return std::string(trim(as_text(get(from_, key))));
  }

  void put(const std::string& key, std::string value) {
    if (!value.empty()) into_[key] = std::move(value);
  }

  // What is no number is kept, for Proxmox to refuse.
  void number(const std::string& key) {
    const Json& value = get(from_, key);
    if (value.is_null()) return;
    const auto number = as_integer(value);
    into_[key] = number ? Json(*number) : value;
  }

  void set(const std::string& key) {
    std::vector<std::string> words = words_of(get(from_, key));
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (!words.empty()) into_[key] = words;
  }

  void add_bridge() {
    set("bridge_ports");
    if (!as_bool(get(from_, "bridge_vlan_aware")).value_or(false)) return;
    into_["bridge_vlan_aware"] = true;
    set("bridge_vids");
    if (get(into_, "bridge_vids") == Json::array({k_all_vlans})) into_.erase("bridge_vids");
  }

  // Proxmox writes some members only for the modes that know them.
  void add_bond() {
    set("slaves");
    const std::string mode = text("bond_mode");
    if (mode != "balance-rr") put("bond_mode", mode);
    const bool hashes = mode == "balance-xor" || mode == "802.3ad";
    const std::string policy = text("bond_xmit_hash_policy");
    if (hashes && policy != "layer2") put("bond_xmit_hash_policy", policy);
    if (mode == "active-backup") put("bond-primary", text("bond-primary"));
  }

  // "bond0.5" says by its name what it is made of.
  void add_vlan(std::string_view name) {
    if (name.find('.') != std::string_view::npos) return;
    put("vlan-raw-device", text("vlan-raw-device"));
    number("vlan-id");
  }

  const Json& from_;
  Json into_ = Json::object();
};

}  // namespace

Json shape_of_interface(std::string_view name, const Json& interface) {
  return InterfaceShape(interface).make(name);
}

Json shape_of_live_interface(std::string_view name, const Json& interface) {
  Json told = interface;
  if (!told.contains("autostart")) told["autostart"] = false;
  return shape_of_interface(name, told);
}

const std::vector<std::string>& removable_attributes() {
  static const std::vector<std::string> k_names{"cidr",
                                                "gateway",
                                                "cidr6",
                                                "gateway6",
                                                "bridge_ports",
                                                "bridge_vlan_aware",
                                                "bridge_vids",
                                                "slaves",
                                                "bond_mode",
                                                "bond_xmit_hash_policy",
                                                "bond-primary",
                                                "vlan-id",
                                                "vlan-raw-device",
                                                "mtu"};
  return k_names;
}

}  // namespace aegis::proxmox
