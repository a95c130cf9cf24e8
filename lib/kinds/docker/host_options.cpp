#include "kinds/docker/host_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace aegis::docker {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr Names k_same[] = {{"privileged", "Privileged"},
                            {"read_only", "ReadonlyRootfs"},
                            {"pid", "PidMode"},
                            {"uts", "UTSMode"},
                            {"userns_mode", "UsernsMode"},
                            {"cgroup_parent", "CgroupParent"},
                            {"oom_score_adj", "OomScoreAdj"},
                            {"dns", "Dns"},
                            {"dns_search", "DnsSearch"},
                            {"dns_opt", "DnsOptions"}};
constexpr Names k_capabilities[] = {{"cap_add", "CapAdd"}, {"cap_drop", "CapDrop"}};
constexpr Names k_sets[] = {{"group_add", "GroupAdd"},
                            {"extra_hosts", "ExtraHosts"},
                            {"device_cgroup_rules", "DeviceCgroupRules"}};
constexpr Names k_maps[] = {
    {"sysctls", "Sysctls"}, {"storage_opt", "StorageOpt"}, {"annotations", "Annotations"}};
constexpr Names k_if_declared[] = {{"shm_size", "ShmSize"},
                                   {"ipc", "IpcMode"},
                                   {"cgroup", "CgroupnsMode"},
                                   {"runtime", "Runtime"}};

std::string capability(const std::string& name) {
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return upper.starts_with("CAP_") ? upper.substr(4) : upper;
}

std::string security_option(const std::string& option) {
  if (option == "no-new-privileges:true" || option == "no-new-privileges=true") {
    return "no-new-privileges";
  }
  const auto colon = option.find(':');
  if (colon == std::string::npos || option.find('=') < colon) return option;
  return option.substr(0, colon) + "=" + option.substr(colon + 1);
}

std::string device_text(const std::string& source,
                        const std::string& target,
                        const std::string& permissions) {
  return fmt::format("{}:{}:{}",
                     source,
                     target.empty() ? source : target,
                     permissions.empty() ? "rwm" : permissions);
}

Json wanted_devices(const Json& spec) {
  Json devices = Json::array();
  for (const Json& device : get(spec, "devices")) {
    devices.push_back(device_text(
        text_or(device, "source"), text_or(device, "target"), text_or(device, "permissions")));
  }
  return sorted_set(devices);
}

Json live_devices(const Json& host) {
  Json devices = Json::array();
  for (const Json& device : get(host, "Devices")) {
    devices.push_back(device_text(text_or(device, "PathOnHost"),
                                  text_or(device, "PathInContainer"),
                                  text_or(device, "CgroupPermissions")));
  }
  return sorted_set(devices);
}

// The engine adds labels for SELinux to some containers by itself.
Json live_security_options(const Json& host) {
  Json options = Json::array();
  for (const Json& option : get(host, "SecurityOpt")) {
    const std::string text = as_text(option);
    if (!text.starts_with("label=") && !text.starts_with("label:")) {
      options.push_back(security_option(text));
    }
  }
  return sorted_set(options);
}

Json wanted_security_options(const Json& spec) {
  return sorted_set(each_text(get(spec, "security_opt"), security_option));
}

// Options and ulimits of the engine's own configuration are merged in: only what is declared
// counts.
Json live_logging(const Json& host, const Declared& declared) {
  Json logging = Json::object();
  const Json& config = get(host, "LogConfig");
  if (declared.has({"logging", "driver"})) put(logging, "driver", get(config, "Type"));
  Json options = Json::object();
  for (const auto& [key, value] : get(config, "Config").items()) {
    if (declared.has({"logging", "options", key})) options[key] = value;
  }
  put(logging, "options", std::move(options));
  return logging;
}

Json live_ulimits(const Json& host, const Declared& declared) {
  Json ulimits = Json::object();
  for (const Json& limit : get(host, "Ulimits")) {
    const std::string name = text_or(limit, "Name");
    if (!declared.has({"ulimits", name})) continue;
    ulimits[name] = {{"soft", get(limit, "Soft")}, {"hard", get(limit, "Hard")}};
  }
  return ulimits;
}

}  // namespace

void wanted_host_options(Json& attributes, const Json& spec) {
  for (const auto& [key, engine_key] : k_same) put(attributes, key, get(spec, key));
  for (const auto& [key, engine_key] : k_capabilities) {
    put(attributes, key, sorted_set(each_text(get(spec, key), capability)));
  }
  for (const auto& [key, engine_key] : k_sets) {
    put(attributes,
        key,
        sorted_set(each_text(get(spec, key), [](const auto& text) { return text; })));
  }
  put(attributes, "security_opt", wanted_security_options(spec));
  put(attributes, "devices", wanted_devices(spec));
  for (const auto& [key, engine_key] : k_maps) put(attributes, key, text_values(get(spec, key)));
  for (const auto& [key, engine_key] : k_if_declared) put(attributes, key, get(spec, key));
  // False is a setting here: the engine's default may be true.
  if (get(spec, "init").is_boolean()) attributes["init"] = get(spec, "init");
  Json logging = Json::object();
  put(logging, "driver", get(get(spec, "logging"), "driver"));
  put(logging, "options", text_values(get(get(spec, "logging"), "options")));
  put(attributes, "logging", std::move(logging));
  put(attributes, "ulimits", get(spec, "ulimits"));
}

void live_host_options(Json& attributes, const Json& inspect, const Declared& declared) {
  const Json& host = get(inspect, "HostConfig");
  for (const auto& [key, engine_key] : k_same) put(attributes, key, get(host, engine_key));
  for (const auto& [key, engine_key] : k_capabilities) {
    put(attributes, key, sorted_set(each_text(get(host, engine_key), capability)));
  }
  for (const auto& [key, engine_key] : k_sets) {
    put(attributes, key, sorted_set(get(host, engine_key)));
  }
  put(attributes, "security_opt", live_security_options(host));
  put(attributes, "devices", live_devices(host));
  for (const auto& [key, engine_key] : k_maps) put(attributes, key, get(host, engine_key));
  for (const auto& [key, engine_key] : k_if_declared) {
    if (declared.has({key})) put(attributes, key, get(host, engine_key));
  }
  if (declared.has({"init"}) && get(host, "Init").is_boolean())
    attributes["init"] = get(host, "Init");
  put(attributes, "logging", live_logging(host, declared));
  put(attributes, "ulimits", live_ulimits(host, declared));
}

void fill_host_options(Json& body, const Json& spec) {
  Json& host = body["HostConfig"];
  for (const auto& [key, engine_key] : k_same) put(host, engine_key, get(spec, key));
  for (const auto& [key, engine_key] : k_capabilities) put(host, engine_key, get(spec, key));
  for (const auto& [key, engine_key] : k_sets) put(host, engine_key, get(spec, key));
  put(host, "SecurityOpt", get(spec, "security_opt"));
  for (const auto& [key, engine_key] : k_maps) put(host, engine_key, text_values(get(spec, key)));
  for (const auto& [key, engine_key] : k_if_declared) put(host, engine_key, get(spec, key));
  if (get(spec, "init").is_boolean()) host["Init"] = get(spec, "init");
  const Json& logging = get(spec, "logging");
  if (!logging.is_null()) {
    host["LogConfig"] = {{"Type", text_or(logging, "driver")},
                         {"Config", text_values(get(logging, "options"))}};
  }
  for (const auto& [name, limit] : get(spec, "ulimits").items()) {
    host["Ulimits"].push_back(
        {{"Name", name}, {"Soft", get(limit, "soft")}, {"Hard", get(limit, "hard")}});
  }
  for (const Json& device : get(spec, "devices")) {
    const std::string source = text_or(device, "source");
    host["Devices"].push_back({{"PathOnHost", source},
                               {"PathInContainer", text_or(device, "target", source)},
                               {"CgroupPermissions", text_or(device, "permissions", "rwm")}});
  }
}

}  // namespace aegis::docker
