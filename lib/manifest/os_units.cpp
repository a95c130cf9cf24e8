#include "manifest/os_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "manifest/os_paths.h"

namespace aegis {
namespace {

// Units of these types start a service that is called like them.
constexpr std::array<std::string_view, 3> k_starters{".timer", ".socket", ".path"};

std::string started_by(const std::string& unit) {
  for (const std::string_view type : k_starters) {
    if (unit.ends_with(type)) return unit.substr(0, unit.size() - type.size()) + ".service";
  }
  return {};
}

bool names(const std::vector<std::string>& units, const std::string& unit) {
  return std::find(units.begin(), units.end(), unit) != units.end();
}

bool unit_needs(const Resource& unit, const Resource& other) {
  const std::string& kind = other.address.kind;
  if (kind == "package" || kind == "os-user" || kind == "os-group") return true;
  if (kind == "unit") return other.address.name == started_by(unit.address.name);
  return names(disturbed_units(other.spec), unit.address.name) ||
         text_or(unit.spec, "content").find("/" + other.address.name) != std::string::npos;
}

/// By unit, the name that all those have which something disturbs together.
class Companies {
 public:
  void join(const std::vector<std::string>& units) {
    std::string first = units.front();
    for (const std::string& unit : units) first = std::min(first, of(unit));
    for (const std::string& unit : units) {
      const std::string joining = of(unit);
      companies_[unit] = first;
      for (auto& [member, company] : companies_) {
        if (company == joining) company = first;
      }
    }
  }

  [[nodiscard]] std::string of(const std::string& unit) const {
    const auto found = companies_.find(unit);
    return found == companies_.end() ? unit : found->second;
  }

 private:
  std::map<std::string, std::string> companies_;
};

void mark_companies(std::vector<Resource>& resources) {
  Companies companies;
  for (const Resource& resource : resources) {
    const auto units = disturbed_units(resource.spec);
    if (!units.empty()) companies.join(units);
  }
  for (Resource& resource : resources) {
    const auto units = disturbed_units(resource.spec);
    if (!units.empty()) resource.spec["together"] = companies.of(units.front());
    if (resource.address.kind == "unit") {
      resource.spec["together"] = companies.of(resource.address.name);
    }
  }
}

// Its depends_on holds what goes away, too.
void note_packages(Resource& unit, const std::vector<Resource>& resources) {
  for (const Resource& other : resources) {
    const bool is_to_come =
        other.address.kind == "package" && text_or(other.spec, "state") != "absent";
    if (is_to_come) unit.spec["packages"].push_back(other.address.name);
  }
}

}  // namespace

std::string unit_file(const std::string& name) {
  return fmt::format("/etc/systemd/system/{}", name);
}

void read_unit(const YamlNode::Member& member, Json& spec, Reading& reading) {
  const bool has_file = spec.contains("content") || spec.contains("source");
  const bool is_masked = get(spec, "masked") == true;
  if (is_masked && (has_file || get(spec, "enabled") == true || get(spec, "state") == "started")) {
    reading.error(member.key_where,
                  "a masked unit that is to do something",
                  fmt::format("`{}` is masked, so it can have no content, and be neither enabled "
                              "nor started. Take one of them away.",
                              member.key));
    return;
  }
  if (!has_file) return;
  read_file_content(member, spec, reading);
  const std::string text = text_or(spec, "content");
  if (get(spec, "enabled") == true && text.find("[Install]") == std::string::npos) {
    reading.error(member.key_where,
                  "a unit that cannot be enabled",
                  fmt::format("`{}` has no [Install] section that says what it belongs to. Add "
                              "one, or take `enabled` away.",
                              member.key));
  }
}

std::vector<std::string> disturbed_units(const Json& spec) {
  std::vector<std::string> units;
  for (const char* field : {"restarts", "reloads"}) {
    for (const Json& unit : get(spec, field)) units.push_back(as_text(unit));
  }
  return units;
}

void connect_units(std::vector<Resource>& resources) {
  for (Resource& unit : resources) {
    if (unit.address.kind != "unit") continue;
    for (const Resource& other : resources) {
      if (&other != &unit && unit_needs(unit, other)) unit.depends_on.push_back(other.address);
    }
    if (!unit.spec.contains("payload")) note_packages(unit, resources);
  }
  mark_companies(resources);
}

}  // namespace aegis
