#include "kinds/docker/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "kinds/docker/earlier_images.h"
#include "kinds/docker/image_build.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/mounts.h"

namespace aegis::docker {
namespace {

constexpr std::size_t k_short_id = 12;

// Names of {key: {name, external}} of the settings, as {key: engine name}.
Json engine_names(const Stack& stack, const Json& settings, bool are_networks) {
  Json names = Json::object();
  for (const auto& [key, how] : settings.items()) {
    names[key] = are_networks ? stack.network_name(key) : stack.volume_name(key);
  }
  return names;
}

// Compose's default network needs no entry in the settings.
void add_used_networks(Json& names, const Stack& stack, const Json& spec) {
  for (const auto& [key, how] : get(spec, "networks").items()) {
    if (!names.contains(key)) names[key] = stack.network_name(key);
  }
}

void add_used_volumes(Json& names, const Stack& stack, const Json& spec) {
  for (const Json& volume : get(spec, "volumes")) {
    const std::string source = text_or(volume, "source");
    if (text_or(volume, "type") == "volume" && !source.empty() && !names.contains(source)) {
      names[source] = stack.volume_name(source);
    }
  }
}

// What it takes to attach the container again as it is attached now.
Json live_endpoints(const Json& inspect) {
  Json endpoints = Json::object();
  for (const auto& [network, endpoint] : get(get(inspect, "NetworkSettings"), "Networks").items()) {
    endpoints[network] = text_or(endpoint, "NetworkID");
  }
  return endpoints;
}

// The folders of files that were put in are known from the container's own label.
void add_anonymous_volumes(Json& context, const Json& inspect) {
  const std::string label = text_or(get(get(inspect, "Config"), "Labels"), k_file_folders_label);
  const auto folders = split_any(label, ",");
  Json data = Json::array();
  Json files = Json::array();
  for (const Json& volume : anonymous_volumes(inspect)) {
    const std::string target = text_or(volume, "target");
    const bool holds_files = std::find(folders.begin(), folders.end(), target) != folders.end();
    (holds_files ? files : data).push_back(volume);
  }
  context["anonymous"] = std::move(data);
  if (!files.empty()) context["file_volumes"] = std::move(files);
}

void add_container(Json& context, const Json& inspect) {
  const Json& state = get(inspect, "State");
  const std::string restart = restart_text(get(get(inspect, "HostConfig"), "RestartPolicy"));
  std::string name = text_or(inspect, "Name");
  if (name.starts_with('/')) name.erase(0, 1);
  context["id"] = text_or(inspect, "Id");
  context["name"] = name;
  context["running"] = as_bool(get(state, "Running")).value_or(false);
  context["never_ran"] = text_or(state, "Status") == "created";
  context["restart"] = restart;
  context["completed"] =
      text_or(state, "Status") == "exited" && get(state, "ExitCode") == 0 && restart == "no";
  context["endpoints"] = live_endpoints(inspect);
  context["live_image"] = text_or(inspect, "Image");
  context["earlier_images"] = earlier_images(get(get(inspect, "Config"), "Labels"));
  context["is_sick"] = text_or(get(state, "Health"), "Status") == "unhealthy" ||
                       text_or(state, "Status") == "restarting";
  add_anonymous_volumes(context, inspect);
  context["stop_timeout"] = get(get(inspect, "Config"), "StopTimeout");
}

void add_image(Json& context, const ServiceReading& reading) {
  const std::string& newest = reading.news.digest;
  if (!newest.empty()) context["registry_digest"] = newest;
  if (reading.wanted_image != nullptr) {
    const std::string name = text_or(reading.resource->spec, "image");
    context["is_newest"] = !newest.empty() && has_digest(*reading.wanted_image, name, newest);
    const Json& build = get(reading.resource->spec, "build");
    if (!build.is_null()) {
      const bool is_current = is_built_from(*reading.wanted_image, build);
      if (is_current) context["image_id"] = text_or(*reading.wanted_image, "Id");
    } else {
      context["image_id"] = text_or(*reading.wanted_image, "Id");
    }
    context["base"] = get(*reading.wanted_image, "Config");
  } else if (reading.live_image != nullptr) {
    // The image that is to come is not known yet; the present one's configuration is the best
    // guess.
    context["base"] = get(*reading.live_image, "Config");
  }
}

// An orphan has no spec that would say which one it is.
std::string final_name_of(const Stack& stack, const ServiceReading& reading, const Json& spec) {
  return stack.container_name(
      reading.resource != nullptr ? reading.resource->address.name : reading.replica.service, spec);
}

}  // namespace

bool is_passing_name(std::string_view name) {
  return name.size() > k_short_id && name[k_short_id] == '_' &&
         name.substr(0, k_short_id).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string name_of(const Json& item) {
  const Json& names = get(item, "Names");
  if (!names.is_array() || names.empty()) return "";
  std::string name = as_text(names[0]);
  return name.starts_with('/') ? name.substr(1) : name;
}

ServiceContainers find_containers(const std::vector<const Json*>& items,
                                  const Stack& stack,
                                  const Replica& replica,
                                  const std::string& final_name) {
  const std::string old_style =
      fmt::format("{}_{}_{}", stack.project, replica.service, replica.number);
  // By how well the name fits, then by age.
  std::vector<std::tuple<int, std::int64_t, std::string>> found;
  for (const Json* listed : items) {
    const Json& item = *listed;
    const Json& labels = get(item, "Labels");
    const std::string name = name_of(item);
    const bool is_ours = text_or(labels, k_project_label) == stack.project &&
                         text_or(labels, k_service_label) == replica.service &&
                         is_cared_for_by(replica, labels) &&
                         text_or(labels, k_oneoff_label, "False") == "False";
    if (!is_ours && name != final_name) continue;
    const bool is_surplus = text_or(labels, k_number_label, "1") != std::to_string(replica.number);
    const int misfit = name == final_name      ? 0
                       : is_surplus            ? 4
                       : name == old_style     ? 1
                       : is_passing_name(name) ? 3
                                               : 2;
    found.emplace_back(misfit, integer_or_zero(get(item, "Created")), text_or(item, "Id"));
  }
  std::sort(found.begin(), found.end());
  ServiceContainers containers;
  for (const auto& [misfit, created, id] : found) {
    if (containers.current.empty()) {
      containers.current = id;
    } else {
      containers.rest.push_back(id);
    }
  }
  return containers;
}

Json service_context(const Stack& stack,
                     const ServiceReading& reading,
                     std::optional<ApiVersion> api) {
  static const Json k_no_spec;
  const Json& spec = reading.resource != nullptr ? reading.resource->spec : k_no_spec;
  Json context = {{"project", stack.project},
                  {"final_name", final_name_of(stack, reading, spec)},
                  {"networks", engine_names(stack, stack.networks, true)},
                  {"volumes", engine_names(stack, stack.volumes, false)},
                  {"leftovers", reading.leftovers}};
  context["is_local"] = stack.is_local();
  if (api) context["api"] = to_string(*api);
  add_used_networks(context["networks"], stack, spec);
  add_used_volumes(context["volumes"], stack, spec);
  add_image(context, reading);
  if (reading.inspect != nullptr) add_container(context, *reading.inspect);
  return context;
}

}  // namespace aegis::docker
