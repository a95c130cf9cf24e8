#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "base/text.h"
#include "kinds/docker/healthcheck.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/reference.h"
#include "kinds/docker/shape.h"
#include "kinds/docker/swarm/container_spec.h"
#include "kinds/docker/swarm/labels.h"
#include "kinds/docker/swarm/service_spec.h"

namespace aegis::docker {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr double k_nano = 1e9;
constexpr std::int64_t k_second = 1'000'000'000;

constexpr Names k_same[] = {{"entrypoint", "Command"},
                            {"command", "Args"},
                            {"environment", "Env"},
                            {"hostname", "Hostname"},
                            {"user", "User"},
                            {"working_dir", "Dir"},
                            {"tty", "TTY"},
                            {"stdin_open", "OpenStdin"},
                            {"read_only", "ReadOnly"},
                            {"sysctls", "Sysctls"}};

// `value`, or null when it is what the engine takes when nothing is said.
Json unless(const Json& value, const Json& usual) {
  return value == usual ? Json() : value;
}

// One spelling of all names for the same image: Docker Hub's parts are left out.
std::string image_text(const std::string& image) {
  const Reference reference = parse_reference(image);
  std::string named = canonical(image.substr(0, image.find('@')));
  for (const std::string_view usual : {"docker.io/", "library/"}) {
    if (named.starts_with(usual)) named.erase(0, usual.size());
  }
  return reference.digest.empty() ? named : named + "@" + reference.digest;
}

Json mount_shape(const Json& mount) {
  const std::string type = text_or(mount, "Type", "volume");
  Json shape = {{"type", type}};
  put(shape, "source", get(mount, "Source"));
  put(shape, "read_only", get(mount, "ReadOnly"));
  put(shape, "propagation", unless(get(get(mount, "BindOptions"), "Propagation"), "rprivate"));
  const Json& options = get(mount, "VolumeOptions");
  put(shape, "nocopy", get(options, "NoCopy"));
  put(shape, "subpath", get(options, "Subpath"));
  put(shape, "labels", declared_labels(get(options, "Labels")));
  const Json& driver = get(options, "DriverConfig");
  put(shape, "driver", unless(get(driver, "Name"), "local"));
  put(shape, "driver_opts", get(driver, "Options"));
  put(shape, "size", get(get(mount, "TmpfsOptions"), "SizeBytes"));
  put(shape, "mode", get(get(mount, "TmpfsOptions"), "Mode"));
  return shape;
}

Json file_shape(const Json& references, std::string_view name_key, const std::string& folder) {
  Json files = Json::object();
  for (const Json& reference : references) {
    const Json& file = get(reference, "File");
    const std::string name = text_or(file, "Name");
    Json& shape = files[name.starts_with('/') ? name : folder + name];
    shape = {{"source", text_or(reference, name_key)},
             {"mode", fmt::format("{:04o}", integer_or_zero(get(file, "Mode")))}};
    put(shape, "uid", unless(get(file, "UID"), "0"));
    put(shape, "gid", unless(get(file, "GID"), "0"));
  }
  return files;
}

Json ulimit_shape(const Json& list) {
  Json shape = Json::object();
  for (const Json& limit : list) {
    shape[text_or(limit, "Name")] = {{"soft", get(limit, "Soft")}, {"hard", get(limit, "Hard")}};
  }
  return shape;
}

// Where 0 is another wish than none.
Json time_text(const Json& nanoseconds, std::int64_t usual) {
  if (nanoseconds.is_null() || nanoseconds == usual) return nullptr;
  return nanoseconds == 0 ? Json("0s") : duration_text(nanoseconds);
}

void add_container(Json& shape, const Json& container) {
  shape["image"] = image_text(text_or(container, "Image"));
  for (const auto& [key, engine_key] : k_same) put(shape, key, get(container, engine_key));
  put(shape, "labels", declared_labels(get(container, "Labels")));
  put(shape, "group_add", sorted_set(get(container, "Groups")));
  put(shape, "stop_signal", unless(get(container, "StopSignal"), "SIGTERM"));
  put(shape, "stop_grace_period", time_text(get(container, "StopGracePeriod"), 10 * k_second));
  if (get(container, "Init").is_boolean()) shape["init"] = get(container, "Init");
  put(shape, "healthcheck", live_healthcheck(get(container, "Healthcheck")));
  put(shape, "extra_hosts", get(container, "Hosts"));
  const Json& resolver = get(container, "DNSConfig");
  put(shape, "dns", get(resolver, "Nameservers"));
  put(shape, "dns_search", get(resolver, "Search"));
  put(shape, "dns_opt", get(resolver, "Options"));
  put(shape, "cap_add", capability_names(get(container, "CapabilityAdd")));
  put(shape, "cap_drop", capability_names(get(container, "CapabilityDrop")));
  put(shape, "ulimits", ulimit_shape(get(container, "Ulimits")));
  put(shape, "configs", file_shape(get(container, "Configs"), "ConfigName", "/"));
  put(shape, "secrets", file_shape(get(container, "Secrets"), "SecretName", "/run/secrets/"));
  Json mounts = Json::object();
  for (const Json& mount : get(container, "Mounts")) {
    mounts[text_or(mount, "Target")] = mount_shape(mount);
  }
  put(shape, "volumes", std::move(mounts));
}

Json amount_shape(const Json& amounts) {
  Json shape = Json::object();
  put(shape, "cpus", static_cast<double>(integer_or_zero(get(amounts, "NanoCPUs"))) / k_nano);
  put(shape, "memory", get(amounts, "MemoryBytes"));
  put(shape, "pids", get(amounts, "Pids"));
  Json generic = Json::array();
  for (const Json& resource : get(amounts, "GenericResources")) {
    const bool counted = resource.contains("DiscreteResourceSpec");
    const Json& one = get(resource, counted ? "DiscreteResourceSpec" : "NamedResourceSpec");
    generic.push_back(fmt::format("{}={}", text_or(one, "Kind"), as_text(get(one, "Value"))));
  }
  put(shape, "generic_resources", sorted_set(generic));
  return shape;
}

Json restart_shape(const Json& policy) {
  Json shape = Json::object();
  put(shape, "condition", unless(get(policy, "Condition"), "any"));
  put(shape, "delay", time_text(get(policy, "Delay"), 5 * k_second));
  put(shape, "max_attempts", get(policy, "MaxAttempts"));
  put(shape, "window", duration_text(get(policy, "Window")));
  return shape;
}

Json placement_shape(const Json& placement) {
  Json shape = Json::object();
  put(shape, "constraints", sorted_set(get(placement, "Constraints")));
  put(shape, "max_replicas_per_node", get(placement, "MaxReplicas"));
  Json spreads = Json::array();
  for (const Json& preference : get(placement, "Preferences")) {
    spreads.push_back(text_or(get(preference, "Spread"), "SpreadDescriptor"));
  }
  put(shape, "preferences", std::move(spreads));
  return shape;
}

Json rollout_shape(const Json& rollout) {
  Json shape = Json::object();
  // 0 is all at once, and says something.
  const Json& parallelism = get(rollout, "Parallelism");
  if (rollout.is_object() && parallelism != 1) shape["parallelism"] = integer_or_zero(parallelism);
  put(shape, "delay", duration_text(get(rollout, "Delay")));
  put(shape, "failure_action", unless(get(rollout, "FailureAction"), "pause"));
  put(shape, "monitor", duration_text(unless(get(rollout, "Monitor"), 5 * k_second)));
  put(shape, "max_failure_ratio", get(rollout, "MaxFailureRatio"));
  put(shape, "order", unless(get(rollout, "Order"), "stop-first"));
  return shape;
}

// The service's own key is an alias of every service.
std::string key_of(const Json& spec) {
  const std::string name = text_or(spec, "Name");
  const std::string prefix = text_or(get(spec, "Labels"), k_namespace_label) + "_";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

Json network_shape(const Json& attachments, const Json& names, const std::string& service) {
  Json shape = Json::object();
  for (const Json& attachment : attachments) {
    const std::string target = text_or(attachment, "Target");
    Json aliases = Json::array();
    for (const Json& alias : get(attachment, "Aliases")) {
      if (as_text(alias) != service) aliases.push_back(alias);
    }
    Json& network = shape[text_or(names, target, target)];
    network = Json::object();
    put(network, "aliases", sorted_set(aliases));
    put(network, "driver_opts", get(attachment, "DriverOpts"));
  }
  return shape;
}

Json port_shape(const Json& ports) {
  Json texts = Json::array();
  for (const Json& port : ports) {
    const std::int64_t published = integer_or_zero(get(port, "PublishedPort"));
    const std::string mode = text_or(port, "PublishMode", "ingress");
    texts.push_back(fmt::format("{}{}/{}{}",
                                published == 0 ? "" : fmt::format("{}:", published),
                                integer_or_zero(get(port, "TargetPort")),
                                text_or(port, "Protocol", "tcp"),
                                mode == "ingress" ? "" : " (" + mode + ")"));
  }
  return sorted_set(texts);
}

Json deploy_shape(const Json& spec) {
  const Json& task = get(spec, "TaskTemplate");
  const bool global = get(spec, "Mode").contains("Global");
  Json shape = {{"mode", global ? "global" : "replicated"}};
  const Json& replicas = get(get(get(spec, "Mode"), "Replicated"), "Replicas");
  if (!global) shape["replicas"] = replicas.is_null() ? Json(1) : replicas;
  put(shape, "labels", declared_labels(get(spec, "Labels")));
  put(shape, "endpoint_mode", unless(get(get(spec, "EndpointSpec"), "Mode"), "vip"));
  Json resources = Json::object();
  put(resources, "limits", amount_shape(get(get(task, "Resources"), "Limits")));
  put(resources, "reservations", amount_shape(get(get(task, "Resources"), "Reservations")));
  put(shape, "resources", std::move(resources));
  put(shape, "restart_policy", restart_shape(get(task, "RestartPolicy")));
  put(shape, "placement", placement_shape(get(task, "Placement")));
  put(shape, "update_config", rollout_shape(get(spec, "UpdateConfig")));
  put(shape, "rollback_config", rollout_shape(get(spec, "RollbackConfig")));
  return shape;
}

}  // namespace

Json swarm_service_shape(const Json& service_spec, const Json& network_names) {
  const Json& task = get(service_spec, "TaskTemplate");
  Json shape = Json::object();
  add_container(shape, get(task, "ContainerSpec"));
  shape["deploy"] = deploy_shape(service_spec);
  put(shape, "networks", network_shape(get(task, "Networks"), network_names, key_of(service_spec)));
  put(shape, "ports", port_shape(get(get(service_spec, "EndpointSpec"), "Ports")));
  const Json& driver = get(task, "LogDriver");
  Json logging = Json::object();
  put(logging, "driver", get(driver, "Name"));
  put(logging, "options", get(driver, "Options"));
  put(shape, "logging", std::move(logging));
  return shape;
}

}  // namespace aegis::docker
