#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "base/units.h"
#include "kinds/proxmox/node/setting_type.h"

namespace aegis::proxmox {
namespace {

// The kernel keeps some memory for itself, and makers count disks in powers of ten.
constexpr double k_memory_slack = 0.06;
constexpr double k_disk_slack = 0.12;

// Facts are compared by their notes alone: no step makes a machine another one.
Json wanted(const Json&) {
  return Json::object();
}

Json live(const SettingData&, const Json&) {
  return Json::object();
}

bool is_near(std::int64_t declared, std::int64_t live, double slack) {
  const auto wide = static_cast<double>(declared);
  return std::abs(wide - static_cast<double>(live)) <= wide * slack;
}

// Collects what is not as declared.
class Check {
 public:
  explicit Check(const Resource& resource) : resource_(resource) {}

  void differ(const std::string& path, const std::string& declared, const std::string& live) {
    notes_.push_back({Severity::warning,
                      "a fact is not as declared",
                      fmt::format("{} of {} is declared as {}, and the machine has {}. Facts are "
                                  "never changed: correct the manifest, or ask who runs the "
                                  "machine.",
                                  path,
                                  resource_.address.scope,
                                  declared,
                                  live),
                      resource_.place_of(path),
                      std::nullopt});
  }

  void number(const std::string& path, const Json& declared, const Json& live) {
    const auto wanted = as_integer(declared);
    const auto found = as_integer(live);
    if (!wanted || !found || *wanted == *found) return;
    differ(path, fmt::format("{}", *wanted), fmt::format("{}", *found));
  }

  void cpu(const Json& declared, const Json& info) {
    const std::string model = text_or(declared, "model");
    const std::string found = text_or(info, "model");
    if (!found.empty() && to_lower(found).find(to_lower(model)) == std::string::npos) {
      differ("cpu.model", model, found);
    }
    number("cpu.cores", get(declared, "cores"), get(info, "cores"));
    number("cpu.threads", get(declared, "threads"), get(info, "cpus"));
  }

  void memory(const Json& declared, const Json& total) {
    const auto wanted = parse_size(as_text(declared));
    const auto found = as_integer(total);
    if (!wanted || !found || is_near(*wanted, *found, k_memory_slack)) return;
    differ("memory", format_size(*wanted), format_size(*found));
  }

  void disks(const Json& declared, const Json& live) {
    for (std::size_t i = 0; i < declared.size(); ++i) {
      const std::int64_t wanted = as_integer(get(declared[i], "count")).value_or(1);
      std::int64_t found = 0;
      for (const Json& disk : live) found += is_such(disk, declared[i]) ? 1 : 0;
      if (found != wanted) {
        differ(fmt::format("disks[{}]", i), described(declared[i], wanted), told(live));
      }
    }
  }

  Diagnostics take() { return std::move(notes_); }

 private:
  static bool is_such(const Json& disk, const Json& declared) {
    const std::string type = text_or(declared, "type");
    if (!type.empty() && text_or(disk, "type") != type) return false;
    const std::string model = to_lower(text_or(declared, "model"));
    if (to_lower(text_or(disk, "model")).find(model) == std::string::npos) return false;
    const auto size = parse_size(as_text(get(declared, "size")));
    const auto found = as_integer(get(disk, "size"));
    return !size || !found || is_near(*size, *found, k_disk_slack);
  }

  static std::string described(const Json& disk, std::int64_t count) {
    std::string text = fmt::format("{} x {}", count, as_text(get(disk, "size")));
    for (const char* key : {"type", "model"}) {
      if (disk.contains(key)) text += fmt::format(" {}", as_text(disk[key]));
    }
    return text;
  }

  static std::string told(const Json& disks) {
    std::vector<std::string> texts;
    for (const Json& disk : disks) {
      const double bytes = static_cast<double>(as_integer(get(disk, "size")).value_or(0));
      texts.push_back(fmt::format("{} ({} {:.2f} TB, {})",
                                  text_or(disk, "devpath"),
                                  text_or(disk, "type"),
                                  bytes / 1e12,
                                  text_or(disk, "model")));
    }
    return texts.empty() ? "no disk" : list_words(texts);
  }

  const Resource& resource_;
  Diagnostics notes_;
};

// Sizes as makers say them: in powers of ten.
std::string maker_size(std::int64_t bytes) {
  constexpr std::int64_t k_gigabyte = 1'000'000'000;
  return fmt::format("{}GB", (bytes + k_gigabyte / 2) / k_gigabyte);
}

// Disks that look the same are one entry with their count.
Json disk_specs(const Json& live) {
  Json specs = Json::array();
  for (const Json& disk : live) {
    Json spec = Json::object();
    const std::string type = text_or(disk, "type");
    if (type == "nvme" || type == "ssd" || type == "hdd" || type == "usb") spec["type"] = type;
    const auto size = as_integer(get(disk, "size"));
    if (size) spec["size"] = maker_size(*size);
    const std::string model = text_or(disk, "model");
    if (!model.empty() && model != "unknown") spec["model"] = model;
    const auto same = std::find_if(specs.begin(), specs.end(), [&](Json other) {
      other.erase("count");
      return other == spec;
    });
    if (same == specs.end()) {
      spec["count"] = 1;
      specs.push_back(std::move(spec));
    } else {
      (*same)["count"] = as_integer(get(*same, "count")).value_or(0) + 1;
    }
  }
  return specs;
}

Json spec(const SettingData& data) {
  Json facts = Json::object();
  const Json& info = get(data[0], "cpuinfo");
  const std::string model = text_or(info, "model");
  if (!model.empty()) facts["cpu"]["model"] = model;
  for (const auto& [key, source] : {std::pair{"cores", "cores"}, std::pair{"threads", "cpus"}}) {
    if (const auto number = as_integer(get(info, source))) facts["cpu"][key] = *number;
  }
  const auto memory = as_integer(get(get(data[0], "memory"), "total"));
  // The kernel's part is within what is allowed for.
  constexpr std::int64_t k_gibibyte = std::int64_t{1} << 30;
  if (memory && *memory >= k_gibibyte)
    facts["memory"] = fmt::format("{}GiB", (*memory + k_gibibyte / 2) / k_gibibyte);
  Json disks = disk_specs(data[1]);
  if (!disks.empty()) facts["disks"] = std::move(disks);
  return facts.empty() ? Json() : facts;
}

Diagnostics notes(const SettingData& data, const Resource& resource) {
  Check check(resource);
  const Json& spec = resource.spec;
  check.cpu(get(spec, "cpu"), get(data[0], "cpuinfo"));
  check.memory(get(spec, "memory"), get(get(data[0], "memory"), "total"));
  check.disks(get(spec, "disks"), data[1]);
  return check.take();
}

}  // namespace

const SettingType& facts_setting() {
  static const SettingType k_type{
      .name = "facts",
      .what = "the hardware",
      .paths = {"/nodes/{node}/status", "/nodes/{node}/disks/list?skipsmart=1"},
      .wanted = wanted,
      .live = live,
      .notes = notes,
      .spec = spec,
      .write = nullptr};
  return k_type;
}

}  // namespace aegis::proxmox
