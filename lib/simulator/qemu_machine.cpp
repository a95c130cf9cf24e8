#include "simulator/qemu_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/qemu_drive.h"
#include "simulator/qemu_fields.h"
#include "simulator/storage.h"

namespace aegis::simulator {
namespace {

constexpr std::int64_t k_mebibyte = 1 << 20;
constexpr std::int64_t k_used_memory = 96 * k_mebibyte;
constexpr std::string_view k_stars = "**********";

Json typed(std::string_view key, const std::string& text) {
  if (key == "cipassword") return k_stars;
  return typed_value(machine_field, key, text);
}

std::int64_t number_of(const Machine& machine, std::string_view key, std::int64_t fallback) {
  const std::string text = machine.value(key);
  return text.empty() ? fallback : std::strtoll(text.c_str(), nullptr, 10);
}

// The first disk of the boot order; 0 without one.
std::int64_t boot_disk_size(const Machine& machine) {
  for (const std::string& device : boot_devices(machine)) {
    if (!is_drive_key(device)) continue;
    const Drive drive = parse_drive(device, machine.value(device));
    if (!drive.is_cdrom()) return parse_disk_size(drive.value("size")).value_or(0);
  }
  return 0;
}

Json usage_of(const Machine& machine, TimePoint now) {
  const std::string name = machine.value("name");
  Json item = usage_json(machine, now);
  item["name"] = name.empty() ? fmt::format("VM {}", machine.vmid) : name;
  item["maxmem"] = number_of(machine, "memory", 512) * k_mebibyte;
  item["maxdisk"] = boot_disk_size(machine);
  item["mem"] = machine.running ? k_used_memory : 0;
  return item;
}

std::int64_t cpus_of(const Machine& machine) {
  const std::int64_t all = number_of(machine, "cores", 1) * number_of(machine, "sockets", 1);
  return number_of(machine, "vcpus", all);
}

ConfigMap cloudinit_values(const ConfigMap& config) {
  ConfigMap values;
  for (const auto& [key, value] : config) {
    if (is_cloudinit_key(key)) values[key] = value;
  }
  return values;
}

}  // namespace

std::string conf_text(const Machine& machine) {
  return conf_text(machine, "PENDING");
}

std::string digest_of(const Machine& machine) {
  return sha1_hex(conf_text(machine));
}

Json config_json(const Machine& machine, bool current) {
  Json json{{"digest", digest_of(machine)}};
  for (const auto& [key, value] : machine.config) json[key] = typed(key, value);
  if (current) return json;
  for (const auto& [key, value] : machine.pending) json[key] = typed(key, value);
  for (const std::string& key : machine.pending_delete) json.erase(key);
  return json;
}

Json pending_json(const Machine& machine) {
  return pending_json(machine, typed, digest_of(machine));
}

Json cloudinit_json(const Machine& machine) {
  const ConfigMap wanted = cloudinit_values(machine.config);
  Json items = Json::array();
  for (const auto& [key, value] : wanted) {
    const auto written = machine.generated.find(key);
    Json item{{"key", key}};
    if (written == machine.generated.end()) {
      item["pending"] = typed(key, value);
    } else {
      item["value"] = typed(key, written->second);
      if (written->second != value) item["pending"] = typed(key, value);
    }
    items.push_back(std::move(item));
  }
  for (const auto& [key, value] : machine.generated) {
    if (!wanted.contains(key)) items.push_back({{"key", key}, {"delete", 1}});
  }
  return items;
}

Json list_item(const Machine& machine, TimePoint now) {
  Json item = usage_of(machine, now);
  item["cpus"] = cpus_of(machine);
  if (machine.running) item["pid"] = 200'000 + machine.vmid;
  return item;
}

Json resource_item(const Machine& machine, TimePoint now, std::string_view node) {
  Json item = usage_of(machine, now);
  item["id"] = fmt::format("qemu/{}", machine.vmid);
  item["type"] = "qemu";
  item["node"] = node;
  item["maxcpu"] = cpus_of(machine);
  item["template"] = machine.is_set("template") ? 1 : 0;
  return item;
}

void generate_cloudinit(Machine& machine) {
  const bool has_drive =
      std::any_of(machine.config.begin(), machine.config.end(), [](const auto& entry) {
        return is_drive_key(entry.first) && parse_drive(entry.first, entry.second).is_cloudinit();
      });
  machine.generated = has_drive ? cloudinit_values(machine.config) : ConfigMap();
}

Json to_json(const Machine& machine) {
  Json json = to_json(static_cast<const Guest&>(machine));
  json["generated"] = machine.generated;
  return json;
}

Machine machine_from_json(const Json& json) {
  Machine machine;
  guest_from_json(json, machine);
  for (const auto& [key, value] : get(json, "generated").items()) {
    machine.generated[key] = as_text(value);
  }
  return machine;
}

}  // namespace aegis::simulator
