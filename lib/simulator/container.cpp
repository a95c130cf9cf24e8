#include "simulator/container.h"

#include <fmt/format.h>

#include <cstdlib>

#include "base/digest.h"
#include "base/text.h"
#include "simulator/container_fields.h"
#include "simulator/storage.h"

namespace aegis::simulator {
namespace {

constexpr std::int64_t k_mebibyte = 1 << 20;
constexpr std::int64_t k_used_memory = 24 * k_mebibyte;

// [["lxc.idmap", "u 0 100000 65536"], ...]
Json raw_lines(const std::string& text) {
  Json lines = Json::array();
  for (const std::string& line : split(text, '\n')) {
    const std::size_t end = line.find(':');
    lines.push_back(Json::array({line.substr(0, end), std::string(trim(line.substr(end + 1)))}));
  }
  return lines;
}

// Proxmox ends a container's description with a line end.
Json typed(std::string_view key, const std::string& text) {
  if (key == "lxc") return raw_lines(text);
  if (key == "description") return text + "\n";
  if (key == "snaptime") return std::strtoll(text.c_str(), nullptr, 10);
  return typed_value(container_field, key, text);
}

std::int64_t mebibytes(const Container& container, std::string_view key) {
  return std::strtoll(container.value(key).c_str(), nullptr, 10) * k_mebibyte;
}

Json usage_of(const Container& container, TimePoint now) {
  Json item = usage_json(container, now);
  item["name"] = container.value("hostname");
  item["type"] = "lxc";
  item["maxmem"] = mebibytes(container, "memory");
  item["maxdisk"] = root_disk_size(container);
  item["mem"] = container.running ? k_used_memory : 0;
  return item;
}

std::int64_t cores_of(const Container& container, int host_cores) {
  const std::string cores = container.value("cores");
  return cores.empty() ? host_cores : std::strtoll(cores.c_str(), nullptr, 10);
}

}  // namespace

std::string conf_text(const Container& container) {
  std::string text = conf_text(container, "pve:pending");
  for (const auto& [name, values] : container.snapshots) {
    text += fmt::format("\n[{}]\n{}", name, section_text(values));
  }
  return text;
}

std::string digest_of(const Container& container) {
  return sha1_hex(conf_text(container));
}

Json config_json(const Container& container, bool current) {
  Json json{{"digest", digest_of(container)}};
  for (const auto& [key, value] : container.config) json[key] = typed(key, value);
  if (current) return json;
  for (const auto& [key, value] : container.pending) json[key] = typed(key, value);
  for (const std::string& key : container.pending_delete) {
    // Proxmox tests the value's truth here, so that a deleted `onboot: 0` is still shown.
    if (container.value(key) != "0") json.erase(key);
  }
  return json;
}

Json snapshot_json(const ConfigMap& snapshot) {
  Json json = Json::object();
  for (const auto& [key, value] : snapshot) json[key] = typed(key, value);
  return json;
}

Json pending_json(const Container& container) {
  return pending_json(container, typed, digest_of(container));
}

Json list_item(const Container& container, TimePoint now, int host_cores) {
  Json item = usage_of(container, now);
  item["cpus"] = cores_of(container, host_cores);
  item["maxswap"] = mebibytes(container, "swap");
  item["swap"] = 0;
  // A process id that depends on the container alone: it must not change between two reads.
  if (container.running) item["pid"] = 100'000 + container.vmid;
  return item;
}

Json resource_item(const Container& container,
                   TimePoint now,
                   int host_cores,
                   std::string_view node) {
  Json item = usage_of(container, now);
  item["id"] = fmt::format("lxc/{}", container.vmid);
  item["node"] = node;
  item["maxcpu"] = cores_of(container, host_cores);
  item["template"] = container.is_set("template") ? 1 : 0;
  return item;
}

std::int64_t root_disk_size(const Container& container) {
  // Looked up in the text: parsing and checking every string would rule the time of long lists.
  constexpr std::string_view k_size = ",size=";
  const std::string rootfs = container.value("rootfs");
  const std::size_t at = rootfs.find(k_size);
  if (at == std::string::npos) return 0;
  const std::string size = rootfs.substr(at + k_size.size());
  return parse_disk_size(size.substr(0, size.find(','))).value_or(0);
}

Json to_json(const Container& container) {
  Json json = to_json(static_cast<const Guest&>(container));
  json["snapshots"] = container.snapshots;
  return json;
}

Container container_from_json(const Json& json) {
  Container container;
  guest_from_json(json, container);
  for (const auto& [name, values] : get(json, "snapshots").items()) {
    for (const auto& [key, value] : values.items()) {
      container.snapshots[name][key] = as_text(value);
    }
  }
  return container;
}

}  // namespace aegis::simulator
