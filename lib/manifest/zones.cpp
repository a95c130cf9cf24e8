#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "manifest/schema.h"
#include "manifest/section_reader.h"
#include "manifest/spec.h"

namespace aegis {
namespace {

constexpr std::array<std::string_view, 7> k_types{"A", "AAAA", "CAA", "CNAME", "MX", "SRV", "TXT"};
constexpr int k_usual_ttl = 600;

/// One zone on its way to resources, one for each name.
class Zone {
 public:
  Zone(const YamlNode::Member& entry, const Json& spec, Reading& reading)
      : entry_(entry), spec_(spec), reading_(reading) {}

  void read() {
    const Json& cloudflare = get(spec_, "cloudflare");
    Scope scope;
    scope.name = "dns/" + entry_.key;
    scope.where = entry_.key_where;
    const std::string endpoint = "cloudflare/" + entry_.key;
    scope.settings = {{"endpoint", endpoint},
                      {"zone", entry_.key},
                      {"zone_id", text_or(cloudflare, "zone_id")},
                      {"token", get(cloudflare, "token")}};
    reading_.manifests.connections.sites.emplace(
        endpoint, text_or(cloudflare, "url", "https://api.cloudflare.com/client/v4"));
    reading_.manifests.desired.scopes.emplace(scope.name, scope);
    const YamlNode* records = entry_.value->find("records");
    if (records == nullptr) return;
    for (const YamlNode::Member& record : records->members) read_name(scope.name, record);
  }

 private:
  void read_name(const std::string& scope, const YamlNode::Member& entry) {
    const Json& spec = get(get(spec_, "records"), entry.key);
    Resource record;
    record.address = {scope, "record", entry.key};
    record.scope = scope;
    record.where = entry.key_where;
    record.places = places_of(*entry.value);
    record.spec = {{"types", Json::object()},
                   {"ttl",
                    spec.contains("ttl")    ? spec["ttl"]
                    : spec_.contains("ttl") ? spec_["ttl"]
                                            : Json(k_usual_ttl)},
                   {"proxied", get(spec, "proxied") == true},
                   {"comment", text_or(spec, "comment")}};
    for (const std::string_view type : k_types) {
      if (!spec.contains(type)) continue;
      const Json& values = get(spec, type);
      record.spec["types"][type] = values.is_array() ? values : Json::array({values});
    }
    check(entry, record.spec["types"]);
    reading_.manifests.desired.resources.emplace(record.address, std::move(record));
  }

  void check(const YamlNode::Member& entry, const Json& types) {
    if (types.empty()) {
      reading_.error(entry.key_where,
                     "a name without records",
                     fmt::format("`{}` has none of {}.", entry.key, join_types()));
    }
    if (types.contains("CNAME") && types.size() > 1) {
      reading_.error(entry.value->find("CNAME")->where,
                     "a CNAME stands alone",
                     fmt::format("Where `{}` stands for another name, it can have no records of "
                                 "its own.",
                                 entry.key));
    }
    check_addresses(entry, "A", AF_INET);
    check_addresses(entry, "AAAA", AF_INET6);
    for (const auto& [type, values] : types.items()) check_twice(entry, type, values);
  }

  static std::string join_types() {
    const std::vector<std::string> types(k_types.begin(), k_types.end());
    return list_words(types);
  }

  void check_addresses(const YamlNode::Member& entry, const char* type, int family) {
    const YamlNode* values = entry.value->find(type);
    if (values == nullptr) return;
    for (const YamlNode& value : values->items) {
      in6_addr address{};
      if (inet_pton(family, value.text.c_str(), &address) == 1) continue;
      reading_.error(
          value.where,
          "not an address",
          fmt::format("`{}` is no IPv{} address.", value.text, family == AF_INET ? 4 : 6));
    }
  }

  void check_twice(const YamlNode::Member& entry, const std::string& type, const Json& values) {
    std::set<Json> known;
    for (const Json& value : values) {
      if (known.insert(value).second) continue;
      reading_.error(
          entry.value->find(type)->where,
          "one record twice",
          fmt::format("`{}` has the {} record `{}` already.", entry.key, type, as_text(value)));
    }
  }

  const YamlNode::Member& entry_;
  const Json& spec_;
  Reading& reading_;
};

}  // namespace

void read_zones(const YamlNode& section, Reading& reading) {
  const Json& schema = *member_schema(project_schema(), "dns");
  for (const YamlNode::Member& entry : section.members) {
    const Json spec = to_spec(*entry.value, *member_schema(schema, entry.key), reading.vault);
    Zone(entry, spec, reading).read();
  }
}

}  // namespace aegis
