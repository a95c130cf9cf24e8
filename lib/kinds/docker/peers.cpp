#include "kinds/docker/peers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::pair<const char*, const char*> k_modes[] = {
    {"network_mode", "NetworkMode"}, {"pid", "PidMode"}, {"ipc", "IpcMode"}};
constexpr std::string_view k_service = "service:";
constexpr std::string_view k_container = "container:";

std::string service_in(const std::string& mode) {
  return mode.starts_with(k_service) ? mode.substr(k_service.size()) : "";
}

// "vpn" and ":ro" of "vpn:ro", and of "container:vpn:ro" "container:vpn" and ":ro".
std::pair<std::string, std::string> cut_mode(const std::string& source) {
  for (const std::string mode : {":ro", ":rw"}) {
    if (source.ends_with(mode)) return {source.substr(0, source.size() - mode.size()), mode};
  }
  return {source, ":rw"};
}

std::string container_of(const std::string& project, const Json& spec, const std::string& service) {
  return peer_names(project, spec, service).front();
}

std::string name_of(const ContainerNames& names, const std::string& id) {
  constexpr std::size_t k_short_id = 12;
  const auto found = names.find(id);
  return found != names.end() ? found->second : id.substr(0, k_short_id);
}

// How the manifest would name the container `id`, when it calls it `wanted`.
std::string named(const std::string& id,
                  const std::string& wanted,
                  const std::string& wanted_container,
                  const ContainerNames& names) {
  const bool is_it = !wanted_container.empty() &&
                     (name_of(names, id) == wanted_container || id == wanted_container);
  return is_it ? wanted : fmt::format("{}{}", k_container, name_of(names, id));
}

std::string named_mode(const std::string& id,
                       const std::string& wanted,
                       const std::string& project,
                       const Json& spec,
                       const ContainerNames& names) {
  const std::string service = service_in(wanted);
  const std::string container = !service.empty() ? container_of(project, spec, service)
                                : wanted.starts_with(k_container)
                                    ? wanted.substr(k_container.size())
                                    : "";
  return named(id, wanted, container, names);
}

Json named_sources(const Json& sources,
                   const std::string& project,
                   const Json& spec,
                   const ContainerNames& names) {
  Json list = Json::array();
  for (const Json& source : sources) {
    const auto [container, mode] = cut_mode(as_text(source));
    std::string called = fmt::format("{}{}", k_container, name_of(names, container));
    if (!names.contains(container)) called = fmt::format("{}{}", k_container, container);
    for (const Json& wanted : get(spec, "volumes_from")) {
      const std::string name = cut_mode(as_text(wanted)).first;
      if (name.starts_with(k_container)) continue;
      if (called == fmt::format("{}{}", k_container, container_of(project, spec, name)))
        called = name;
    }
    list.push_back(called + mode);
  }
  return list;
}

}  // namespace

std::vector<std::string> peer_names(const std::string& project,
                                    const Json& spec,
                                    const std::string& service) {
  const Json& peer = get(get(spec, "peers"), service);
  if (const std::string own = text_or(peer, "container_name"); !own.empty()) return {own};
  std::vector<std::string> names;
  const std::int64_t count = as_integer(get(peer, "count")).value_or(1);
  for (std::int64_t number = 1; number <= count; ++number) {
    names.push_back(fmt::format("{}-{}-{}", project, service, number));
  }
  return names;
}

std::vector<std::string> joined_services(const Json& spec) {
  std::vector<std::string> services;
  for (const auto& [key, engine_key] : k_modes) {
    const std::string service = service_in(text_or(spec, key));
    if (!service.empty()) services.push_back(service);
  }
  return services;
}

std::string network_owner(const Json& spec) {
  return service_in(text_or(spec, "network_mode"));
}

bool joins(const Json& spec, const Json& live, const std::string& service) {
  return std::any_of(std::begin(k_modes), std::end(k_modes), [&](const auto& mode) {
    return service_in(text_or(spec, mode.first)) == service &&
           get(spec, mode.first) == get(live, mode.first);
  });
}

Json link_list(const std::string& project, const Json& spec) {
  Json links = Json::array();
  for (const Json& link : get(spec, "links")) {
    const auto pieces = split(as_text(link), ':');
    for (const std::string& container : peer_names(project, spec, pieces.front())) {
      links.push_back(fmt::format("{}:{}", container, pieces.back()));
    }
  }
  for (const Json& link : get(spec, "external_links")) links.push_back(as_text(link));
  return sorted_set(links);
}

void name_containers(Json& host, const std::string& project, const Json& spec) {
  for (const auto& [key, engine_key] : k_modes) {
    const std::string service = service_in(text_or(spec, key));
    if (service.empty()) continue;
    host[engine_key] = fmt::format("{}{}", k_container, container_of(project, spec, service));
  }
  for (const Json& source : get(spec, "volumes_from")) {
    auto [name, mode] = cut_mode(as_text(source));
    name = name.starts_with(k_container) ? name.substr(k_container.size())
                                         : container_of(project, spec, name);
    host["VolumesFrom"].push_back(name + mode);
  }
}

std::optional<Json> with_peers_named(const Json& inspect,
                                     const std::string& project,
                                     const Json& spec,
                                     const ContainerNames& names) {
  const Json& host = get(inspect, "HostConfig");
  bool found = !get(host, "VolumesFrom").empty();
  for (const auto& [key, engine_key] : k_modes) {
    found = found || text_or(host, engine_key).starts_with(k_container);
  }
  if (!found) return std::nullopt;
  Json copy = inspect;
  for (const auto& [key, engine_key] : k_modes) {
    const std::string mode = text_or(host, engine_key);
    if (!mode.starts_with(k_container)) continue;
    const std::string id = mode.substr(k_container.size());
    copy["HostConfig"][engine_key] = named_mode(id, text_or(spec, key), project, spec, names);
  }
  const Json& sources = get(host, "VolumesFrom");
  if (!sources.empty())
    copy["HostConfig"]["VolumesFrom"] = named_sources(sources, project, spec, names);
  return copy;
}

}  // namespace aegis::docker
