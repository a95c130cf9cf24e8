#include "kinds/docker/swarm/container_spec.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/process.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/swarm/labels.h"

namespace aegis::docker {
namespace {

constexpr std::pair<std::string_view, std::string_view> k_same[] = {{"entrypoint", "Command"},
                                                                    {"command", "Args"},
                                                                    {"environment", "Env"},
                                                                    {"hostname", "Hostname"},
                                                                    {"user", "User"},
                                                                    {"group_add", "Groups"},
                                                                    {"working_dir", "Dir"},
                                                                    {"stop_signal", "StopSignal"},
                                                                    {"tty", "TTY"},
                                                                    {"stdin_open", "OpenStdin"},
                                                                    {"read_only", "ReadOnly"},
                                                                    {"init", "Init"},
                                                                    {"extra_hosts", "Hosts"}};

Json volume_options(const Stack& stack, const Json& mount, const std::string& key) {
  const Json& asked = get(mount, "volume");
  Json options = Json::object();
  put(options, "NoCopy", get(asked, "nocopy"));
  put(options, "Subpath", get(asked, "subpath"));
  const Json& defined = get(stack.volumes, key);
  if (key.empty() || get(defined, "external") == true) return options;
  options["Labels"] = {{std::string(k_namespace_label), stack.project}};
  const Json labels = text_values(get(defined, "labels"));
  const Json own_labels = text_values(get(asked, "labels"));
  options["Labels"].update(labels);
  options["Labels"].update(own_labels);
  Json driver = Json::object();
  put(driver, "Name", text_or(defined, "driver"));
  put(driver, "Options", text_values(get(defined, "driver_opts")));
  put(options, "DriverConfig", std::move(driver));
  return options;
}

Json mount_of(const Stack& stack, const Json& volume) {
  const std::string type = text_or(volume, "type", "volume");
  const std::string source = text_or(volume, "source");
  Json mount = {{"Type", type}, {"Target", text_or(volume, "target")}};
  put(mount, "ReadOnly", get(volume, "read_only"));
  if (type == "volume") {
    if (!source.empty()) mount["Source"] = stack.volume_name(source);
    put(mount, "VolumeOptions", volume_options(stack, volume, source));
  } else if (type == "bind") {
    mount["Source"] = source;
    Json options = Json::object();
    put(options, "Propagation", text_or(get(volume, "bind"), "propagation"));
    put(mount, "BindOptions", std::move(options));
  } else {
    Json options = Json::object();
    put(options, "SizeBytes", get(get(volume, "tmpfs"), "size"));
    put(options, "Mode", get(get(volume, "tmpfs"), "mode"));
    put(mount, "TmpfsOptions", std::move(options));
  }
  return mount;
}

// Ids are looked up when the request is sent: the object may still have to be made.
Json file_references(const Json& uses, std::string_view kind, const Json& names) {
  const std::string name_key = kind == "configs" ? "ConfigName" : "SecretName";
  Json references = Json::array();
  for (const Json& use : uses) {
    const std::string key = text_or(use, "source");
    references.push_back({{name_key, text_or(names, key, key)},
                          {"File",
                           {{"Name", text_or(use, "target")},
                            {"UID", text_or(use, "uid", "0")},
                            {"GID", text_or(use, "gid", "0")},
                            {"Mode", get(use, "mode")}}}});
  }
  return references;
}

Json ulimits_of(const Json& ulimits) {
  Json list = Json::array();
  for (const auto& [name, limit] : ulimits.items()) {
    list.push_back({{"Name", name}, {"Soft", get(limit, "soft")}, {"Hard", get(limit, "hard")}});
  }
  return list;
}

// "name:address" and "address name", of which either part may hold colons.
std::string swapped(const std::string& text, char between, char then) {
  const auto cut = text.find(between);
  if (cut == std::string::npos) return text;
  return text.substr(cut + 1) + then + text.substr(0, cut);
}

void change_hosts(Json& container, char between, char then) {
  if (!container.contains("Hosts")) return;
  container["Hosts"] = each_text(
      container["Hosts"], [&](const std::string& text) { return swapped(text, between, then); });
}

}  // namespace

Json capability_names(const Json& list) {
  constexpr std::string_view k_prefix = "CAP_";
  return sorted_set(each_text(list, [&](const std::string& name) {
    std::string upper = name;
    for (char& letter : upper) {
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    const bool is_whole = upper == "ALL" || upper.starts_with(k_prefix);
    return is_whole ? upper : std::string(k_prefix) + upper;
  }));
}

Json container_spec(const Stack& stack, const Json& spec, const Json& context) {
  Json container = {{"Image", text_or(context, "image", text_or(spec, "image"))}};
  for (const auto& [key, engine_key] : k_same) put(container, engine_key, get(spec, key));
  // 0 is no wait at all.
  const Json& grace = get(spec, "stop_grace_period");
  if (!grace.is_null()) container["StopGracePeriod"] = grace;
  if (get(spec, "init") == false) container["Init"] = false;
  put(container, "CapabilityAdd", capability_names(get(spec, "cap_add")));
  put(container, "CapabilityDrop", capability_names(get(spec, "cap_drop")));
  Json labels = text_values(get(spec, "labels"));
  labels[std::string(k_namespace_label)] = stack.project;
  container["Labels"] = std::move(labels);
  if (!get(spec, "healthcheck").is_null()) {
    container["Healthcheck"] = engine_healthcheck(get(spec, "healthcheck"));
  }
  Json resolver = Json::object();
  put(resolver, "Nameservers", get(spec, "dns"));
  put(resolver, "Search", get(spec, "dns_search"));
  put(resolver, "Options", get(spec, "dns_opt"));
  put(container, "DNSConfig", std::move(resolver));
  put(container, "Sysctls", text_values(get(spec, "sysctls")));
  put(container, "Ulimits", ulimits_of(get(spec, "ulimits")));
  for (const auto& [kind, engine_key] :
       {std::pair{"configs", "Configs"}, std::pair{"secrets", "Secrets"}}) {
    put(container, engine_key, file_references(get(spec, kind), kind, get(context, kind)));
  }
  Json mounts = Json::array();
  for (const Json& volume : get(spec, "volumes")) mounts.push_back(mount_of(stack, volume));
  put(container, "Mounts", std::move(mounts));
  return container;
}

Json sendable(Json service_spec) {
  Json& container = service_spec["TaskTemplate"]["ContainerSpec"];
  if (container.contains("Env")) container["Env"] = environment_list(container["Env"]);
  change_hosts(container, ':', ' ');
  return service_spec;
}

Json readable(Json service_spec) {
  Json& container = service_spec["TaskTemplate"]["ContainerSpec"];
  if (container.contains("Env")) container["Env"] = environment_map(container["Env"]);
  change_hosts(container, ' ', ':');
  return service_spec;
}

}  // namespace aegis::docker
