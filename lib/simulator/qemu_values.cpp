#include "simulator/qemu_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "simulator/mount_point.h"
#include "simulator/property_string.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_separators{", ;\t\n\r\0", 7};

std::string stored_net(World& world, std::string_view value) {
  Parameters net = parse_machine_net(value);
  std::string mac = net["macaddr"].empty() ? world.random.mac_address() : net["macaddr"];
  std::transform(mac.begin(), mac.end(), mac.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  const std::string model = net["model"];
  net.erase("macaddr");
  net.erase("model");
  const std::string rest = print_property_string(net, "", "");
  return fmt::format("{}={}{}{}", model, mac, rest.empty() ? "" : ",", rest);
}

std::string stored_tags(std::string_view value) {
  std::set<std::string> tags;
  for (const std::string& tag : split_any(value, k_separators)) tags.insert(to_lower(tag));
  return fmt::format("{}", fmt::join(tags, ";"));
}

Refusal check_drive_value(const std::string& key, const std::string& value) {
  const Drive drive = parse_drive(key, value);
  const auto wanted = drive.allocation();
  const bool imports = !drive.value("import-from").empty();
  if (imports && (!wanted || wanted->size != 0)) {
    return invalid(key,
                   "'import-from' requires special syntax - use <storage "
                   "ID>:0,import-from=<source>");
  }
  if (drive.file().find(":iso/") != std::string::npos && !drive.is_cdrom()) {
    return invalid(key, "explicit 'media=cdrom' is required for iso images");
  }
  return {};
}

}  // namespace

Parameters parse_machine_net(std::string_view value) {
  Parameters net = parse_property_string(*machine_field("net0"), value).values;
  for (const std::string_view model : k_net_models) {
    const auto alias = net.find(model);
    if (alias == net.end()) continue;
    net["model"] = model;
    net["macaddr"] = alias->second;
    net.erase(alias);
  }
  return net;
}

std::string stored_machine_value(World& world, std::string_view key, const std::string& value) {
  if (key == "description") return std::string(trim(value));
  if (key == "tags") return stored_tags(value);
  if (key == "vmgenid" && value == "1") return world.random.uuid();
  if (key == "cipassword") return Access::hash_password(value, "simulator");
  if (is_indexed(key, "net")) return stored_net(world, value);
  return value;
}

Refusal check_machine_values(const ConfigMap& values) {
  for (const auto& [key, value] : values) {
    if (is_drive_key(key)) {
      if (Refusal refusal = check_drive_value(key, value)) return refusal;
    }
    if (is_indexed(key, "net") && !parse_machine_net(value).contains("model")) {
      return invalid(key,
                     fmt::format("invalid format - format error\n{}.model: property is missing and "
                                 "it is not optional\n",
                                 key));
    }
  }
  return {};
}

Answer missing_machine(const World& world, int vmid) {
  return refuse(fmt::format(
      "Configuration file 'nodes/{}/qemu-server/{}.conf' does not exist", world.node, vmid));
}

Refusal check_machine_lock(const Machine& machine) {
  const std::string lock = machine.value("lock");
  if (lock.empty()) return {};
  return refuse(fmt::format("VM is locked ({})", lock));
}

}  // namespace aegis::simulator
