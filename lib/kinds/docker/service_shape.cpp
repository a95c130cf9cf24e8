#include <fmt/format.h>

#include "base/text.h"
#include "kinds/docker/attachments.h"
#include "kinds/docker/bound_files.h"
#include "kinds/docker/device_requests.h"
#include "kinds/docker/host_options.h"
#include "kinds/docker/image_build.h"
#include "kinds/docker/kernel_options.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/mounts.h"
#include "kinds/docker/newer_image.h"
#include "kinds/docker/peers.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/ports.h"
#include "kinds/docker/process.h"
#include "kinds/docker/reference.h"
#include "kinds/docker/service_seals.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

NetworkIdentity identity_of(const Replica& replica, const Json& context) {
  return {replica.service, text_or(context, "final_name"), text_or(context, "project")};
}

// "linux/amd64", with as many pieces as `wanted` has: the variant is often left out.
Json live_platform(const Json& image, const std::string& wanted) {
  if (wanted.empty()) return nullptr;
  std::string platform = fmt::format("{}/{}", text_or(image, "Os"), text_or(image, "Architecture"));
  const std::string variant = text_or(image, "Variant");
  if (split(wanted, '/').size() > 2 && !variant.empty()) platform += "/" + variant;
  return platform;
}

// The same image under another name is no difference; the same name for another image is.
void live_image_name(Json& attributes, const ServiceReading& reading, const Json& wanted) {
  const std::string live_id = text_or(*reading.inspect, "Image");
  const std::string live_name = text_or(get(*reading.inspect, "Config"), "Image");
  const std::string wanted_name = text_or(wanted, "image");
  const Json& wanted_id = get(wanted, "image_id");
  if (wanted_name.empty()) {
    attributes["image"] = live_name;
    return;
  }
  const bool is_same =
      wanted_id.is_null() ? canonical(live_name) == canonical(wanted_name) : wanted_id == live_id;
  attributes["image"] =
      is_same || canonical(live_name) == canonical(wanted_name) ? wanted_name : live_name;
  attributes["image_id"] = wanted_id.is_null() ? Json() : Json(live_id);
  if (get(wanted, "image_digest").is_null() || reading.live_image == nullptr) return;
  const std::string newest = text_or(wanted, "image_digest");
  attributes["image_digest"] = has_digest(*reading.live_image, wanted_name, newest)
                                   ? newest
                                   : digest_of(*reading.live_image, wanted_name);
}

// What an image that is still to be fetched will have as its id is not known, but its digest is.
void wanted_image(Json& attributes, const Json& spec, const Json& context) {
  put(attributes, "image", get(spec, "image"));
  put(attributes, "build", get(get(spec, "build"), "digest"));
  const Json& digest = get(context, "registry_digest");
  const bool is_to_come = !digest.is_null() && get(context, "is_newest") != true;
  if (is_to_come) {
    put(attributes, "image_digest", digest);
  } else {
    put(attributes, "image_id", get(context, "image_id"));
  }
}

std::string live_state(const Json& inspect, const Json& context) {
  const std::string status = text_or(get(inspect, "State"), "Status");
  if (get(context, "completed") == true) return "completed";
  // Neither is ours to end: the kind's notes tell of them.
  return status == "paused" || status == "restarting" ? "running" : status;
}

std::string live_name(const Json& context, const Replica& replica) {
  const std::string name = text_or(context, "name");
  const std::string project = text_or(context, "project");
  const std::string final_name = text_or(context, "final_name");
  const auto joined = [&](char separator) {
    return fmt::format("{0}{3}{1}{3}{2}", project, replica.service, replica.number, separator);
  };
  // Older Compose versions join with '_'.
  return final_name == joined('-') && name == joined('_') ? final_name : name;
}

Json names_of(const Json& leftovers) {
  Json names = Json::array();
  for (const Json& leftover : leftovers) names.push_back(get(leftover, "name"));
  return sorted_set(names);
}

NetworkNames network_names(const Json& context, const Json* networks) {
  NetworkNames names{Json::object(), Json::object(), Json::object()};
  for (const auto& [key, name] : get(context, "networks").items()) names.keys[as_text(name)] = key;
  if (networks == nullptr) return names;
  for (const Json& network : *networks) {
    const std::string name = text_or(network, "Name");
    names.ids[name] = text_or(network, "Id");
    if (get(get(network, "Labels"), k_project_label) == get(context, "project")) {
      names.ours[name] = true;
    }
  }
  return names;
}

}  // namespace

Json wanted_service(const Json& spec, const Replica& replica, const Json& context) {
  Json attributes = Json::object();
  const Json& base = get(context, "base");
  put(attributes, "project", get(context, "project"));
  put(attributes, "container_name", get(context, "final_name"));
  wanted_image(attributes, spec, context);
  put(attributes, "platform", get(spec, "platform"));
  wanted_process(attributes, spec, base);
  wanted_ports(attributes, spec, base);
  wanted_mounts(attributes, spec, get(context, "volumes"));
  wanted_files(attributes, spec);
  wanted_bound_files(attributes, spec, get(context, "is_local") == true);
  wanted_attachments(attributes, spec, identity_of(replica, context));
  wanted_limits(attributes, spec);
  wanted_host_options(attributes, spec);
  wanted_kernel_options(attributes, spec);
  wanted_device_requests(attributes, spec);
  const bool may_end = get(attributes, "restart") == "no";
  attributes["state"] = may_end && get(context, "completed") == true ? "completed" : "running";
  return attributes;
}

Json live_service(const ServiceReading& reading,
                  const Json& context,
                  const Json& wanted,
                  Vault& vault,
                  std::vector<std::string>& foreign) {
  static const Json k_no_spec;
  const Json& spec = reading.resource != nullptr ? reading.resource->spec : k_no_spec;
  const auto named = with_peers_named(
      *reading.inspect, text_or(context, "project"), spec, *reading.container_names);
  const Json& inspect = named ? *named : *reading.inspect;
  const Json& config = get(inspect, "Config");
  const Json& labels = get(config, "Labels");
  const Declared declared(wanted, text_or(labels, k_declared_label));
  Json attributes = Json::object();
  put(attributes, "project", get(labels, k_project_label));
  put(attributes, "container_name", live_name(context, reading.replica));
  live_image_name(attributes, reading, wanted);
  // An image that does not say what it was built from (Compose made it) is taken as it is.
  if (const Json& build = get(wanted, "build"); !build.is_null()) {
    attributes["build"] = text_or(labels, k_build_label, as_text(build));
  }
  if (reading.live_image != nullptr) {
    put(attributes, "platform", live_platform(*reading.live_image, text_or(wanted, "platform")));
  }
  live_process(attributes, config, declared.has({"hostname"}));
  live_ports(attributes, inspect);
  live_mounts(attributes, inspect, declared);
  live_files(attributes,
             reading.files,
             wanted,
             text_or(labels, k_declared_label),
             text_or(labels, k_sealed_label),
             vault);
  if (get(labels, k_stack_label).is_null()) {
    accept_mounted_files(attributes, wanted);
    accept_volume_letters(attributes, wanted);
  }
  live_bound_files(attributes, text_or(labels, k_contents_label), wanted);
  live_attachments(attributes,
                   inspect,
                   identity_of(reading.replica, context),
                   network_names(context, reading.networks),
                   declared,
                   foreign);
  live_limits(attributes, inspect, declared);
  live_host_options(attributes, inspect, declared);
  live_kernel_options(attributes, inspect, declared);
  live_device_requests(attributes, inspect);
  attributes["state"] = live_state(inspect, context);
  put(attributes, "leftovers", names_of(reading.leftovers));
  seal_live(attributes, wanted, text_or(labels, k_sealed_label), vault);
  return attributes;
}

}  // namespace aegis::docker
