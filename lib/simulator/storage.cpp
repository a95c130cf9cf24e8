#include "simulator/storage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "simulator/formats.h"

namespace aegis::simulator {
namespace {

constexpr std::array<char, 4> k_units{'K', 'M', 'G', 'T'};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string volume_name(const StorageOptions& storage, int vmid, int number) {
  if (storage.type == "zfspool") return fmt::format("subvol-{}-disk-{}", vmid, number);
  if (is_one_of(storage.type, {"lvm", "lvmthin", "rbd"})) {
    return fmt::format("vm-{}-disk-{}", vmid, number);
  }
  return fmt::format("{0}/vm-{0}-disk-{1}.raw", vmid, number);
}

// "tar.zst" of "local:backup/vzdump-lxc-100-2026_01_31-02_30_00.tar.zst".
std::string archive_format_of(std::string_view volume_id) {
  for (const std::string_view ending :
       {"tar.zst", "tar.gz", "tar.lzo", "tar", "vma.zst", "vma.gz", "vma.lzo", "vma"}) {
    if (volume_id.ends_with(ending)) return std::string(ending);
  }
  return volume_id.find("backup/vm/") == std::string_view::npos ? "pbs-ct" : "pbs-vm";
}

std::string format_of(std::string_view volume_id) {
  if (volume_id.ends_with(".tar.zst")) return "tzst";
  if (volume_id.ends_with(".tar.gz")) return "tgz";
  if (volume_id.ends_with(".tar.xz")) return "txz";
  if (volume_id.ends_with(".iso")) return "iso";
  if (volume_id.find(":subvol-") != std::string_view::npos) return "subvol";
  return volume_id.find(":snippets/") != std::string_view::npos ? "snippet" : "raw";
}

std::map<std::string, std::string, std::less<>> values_from_json(const Json& json) {
  std::map<std::string, std::string, std::less<>> values;
  for (const auto& [name, value] : json.items()) values[name] = as_text(value);
  return values;
}

}  // namespace

const Storage* Storages::find(std::string_view name) const {
  for (const Storage& storage : storages) {
    if (storage.name == name) return &storage;
  }
  return nullptr;
}

bool Storages::holds(const StorageOptions& storage, std::string_view content) {
  const std::vector<std::string> kinds = split_any(storage.content, ", ");
  return std::find(kinds.begin(), kinds.end(), content) != kinds.end();
}

std::string Storages::allocate(const StorageOptions& storage,
                               int vmid,
                               std::int64_t size,
                               std::int64_t now) {
  for (int number = 0;; ++number) {
    std::string id = fmt::format("{}:{}", storage.name, volume_name(storage, vmid, number));
    if (volumes.emplace(id, Volume{"rootdir", size, vmid, now}).second) return id;
  }
}

std::int64_t Storages::used(std::string_view storage) const {
  std::int64_t bytes = 0;
  const std::string prefix = fmt::format("{}:", storage);
  for (auto volume = volumes.lower_bound(prefix);
       volume != volumes.end() && volume->first.starts_with(prefix);
       ++volume) {
    bytes += volume->second.size;
  }
  return bytes;
}

bool Storages::can_snapshot(const StorageOptions& storage) {
  return is_one_of(storage.type, {"zfspool", "lvmthin", "btrfs", "rbd"});
}

std::string_view storage_of(std::string_view volume_id) {
  return volume_id.substr(0, volume_id.find(':'));
}

std::string format_disk_size(std::int64_t bytes) {
  std::string unit;
  for (const char larger : k_units) {
    if (bytes == 0 || bytes % 1024 != 0) break;
    bytes /= 1024;
    unit = larger;
  }
  return fmt::format("{}{}", bytes, unit);
}

std::optional<std::int64_t> parse_disk_size(std::string_view text) {
  if (formats::disk_size(text)) return std::nullopt;
  double bytes = std::strtod(std::string(text).c_str(), nullptr);
  for (const char unit : k_units) {
    if (text.find_first_of("KMGT") == std::string_view::npos) break;
    bytes *= 1024;
    if (text.back() == unit) break;
  }
  return static_cast<std::int64_t>(std::llround(bytes));
}

Json content_item(std::string_view volume_id, const Volume& volume) {
  Json item{{"volid", volume_id},
            {"content", volume.content},
            {"format", format_of(volume_id)},
            {"size", volume.size},
            {"ctime", volume.ctime}};
  if (volume.vmid > 0) item["vmid"] = volume.vmid;
  if (volume.content == "backup") {
    const bool of_machine = volume_id.find("/vzdump-qemu-") != std::string_view::npos ||
                            volume_id.find("backup/vm/") != std::string_view::npos;
    item["subtype"] = of_machine ? "qemu" : "lxc";
    // The list shows the first line alone.
    if (!volume.notes.empty()) item["notes"] = split(volume.notes, '\n').front();
    if (volume.is_protected) item["protected"] = 1;
    item["format"] = archive_format_of(volume_id);
  }
  return item;
}

Json to_json(const Storages& storages) {
  Json volumes = Json::object();
  for (const auto& [id, volume] : storages.volumes) {
    volumes[id] = {{"content", volume.content},
                   {"size", volume.size},
                   {"vmid", volume.vmid},
                   {"ctime", volume.ctime},
                   {"checksums", volume.checksums},
                   {"notes", volume.notes},
                   {"protected", volume.is_protected},
                   {"archived_config", volume.archived_config}};
  }
  return volumes;
}

void volumes_from_json(const Json& json, Storages& storages) {
  storages.volumes.clear();
  for (const auto& [id, item] : json.items()) {
    Volume& volume = storages.volumes[id];
    volume.content = text_or(item, "content");
    volume.size = as_integer(get(item, "size")).value_or(0);
    volume.vmid = static_cast<int>(as_integer(get(item, "vmid")).value_or(0));
    volume.ctime = as_integer(get(item, "ctime")).value_or(0);
    volume.checksums = values_from_json(get(item, "checksums"));
    volume.notes = text_or(item, "notes");
    volume.is_protected = as_bool(get(item, "protected")).value_or(false);
    volume.archived_config = values_from_json(get(item, "archived_config"));
  }
}

}  // namespace aegis::simulator
