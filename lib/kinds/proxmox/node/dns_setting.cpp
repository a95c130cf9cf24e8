#include <fmt/format.h>

#include "kinds/proxmox/node/setting_type.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_path = "/nodes/{node}/dns";
constexpr std::size_t k_most_servers = 3;

Json wanted(const Json& spec) {
  Json dns = Json::object();
  if (const std::string search = text_or(spec, "search"); !search.empty()) dns["search"] = search;
  const std::vector<std::string> servers = words_of(get(spec, "nameservers"));
  if (!servers.empty()) dns["nameservers"] = servers;
  return dns;
}

Json live(const SettingData& data, const Json&) {
  Json dns = Json::object();
  if (const std::string search = text_or(data[0], "search"); !search.empty()) {
    dns["search"] = search;
  }
  for (std::size_t i = 1; i <= k_most_servers; ++i) {
    const std::string server = text_or(data[0], fmt::format("dns{}", i));
    if (!server.empty()) dns["nameservers"].push_back(server);
  }
  return dns;
}

Diagnostics notes(const SettingData&, const Resource& resource) {
  const std::size_t count = words_of(get(resource.spec, "nameservers")).size();
  if (count <= k_most_servers) return {};
  return {
      {Severity::error,
       "too many name servers",
       fmt::format("Proxmox keeps {} name servers, and {} are declared.", k_most_servers, count),
       resource.place_of("nameservers"),
       std::nullopt}};
}

// Proxmox writes the file anew: what is not sent is gone.
Result<Done> write(const SettingCalls& calls, const Json& wanted, const Json&) {
  Form form{{"search", text_or(wanted, "search")}};
  int number = 0;
  for (const Json& server : get(wanted, "nameservers")) {
    form.emplace_back(fmt::format("dns{}", ++number), as_text(server));
  }
  const auto sent = calls.api.put(calls.path(k_path), form);
  if (!sent) return sent.error();
  return Done{};
}

Json spec(const SettingData& data) {
  Json dns = live(data, Json());
  return dns.contains("search") ? dns : Json();
}

}  // namespace

const SettingType& dns_setting() {
  static const SettingType k_type{.name = "dns",
                                  .what = "the name servers",
                                  .paths = {k_path},
                                  .wanted = wanted,
                                  .live = live,
                                  .notes = notes,
                                  .spec = spec,
                                  .write = write};
  return k_type;
}

}  // namespace aegis::proxmox
