#include "kinds/docker/service_rules.h"

#include <array>

#include "kinds/docker/limits.h"
#include "kinds/docker/stateful_data.h"

namespace aegis::docker {
namespace {

constexpr auto k_restart = Disruption::restart_service;
constexpr std::string_view k_new = "a new container takes the place of the old one";
constexpr std::string_view k_newer = "a service that it depends on was replaced since it started";
constexpr std::string_view k_rejoins =
    "the network that it shares goes with a restart of its owner";
constexpr std::string_view k_label = "labels are fixed when a container is made";
constexpr std::string_view k_file = "files are put in before a container starts";
constexpr std::string_view k_break = "connections over that network break off";
constexpr std::string_view k_joined =
    "a service whose network, processes or volumes it shares changes";
constexpr std::string_view k_live = "the running container takes it";

constexpr AttributeRule live(std::string_view path, std::string_view note = k_live) {
  AttributeRule rule;
  rule.path = path;
  rule.note = note;
  return rule;
}

constexpr AttributeRule renews(std::string_view path, std::string_view note = k_new) {
  AttributeRule rule = live(path, note);
  rule.disruption = k_restart;
  return rule;
}

constexpr AttributeRule renews_set(std::string_view path) {
  AttributeRule rule = renews(path);
  rule.compare = Compare::as_set;
  return rule;
}

constexpr AttributeRule renews_whole(std::string_view path) {
  AttributeRule rule = renews(path);
  rule.whole = true;
  return rule;
}

constexpr AttributeRule reattaches(std::string_view path, Compare compare) {
  AttributeRule rule = live(path, k_break);
  rule.disruption = Disruption::reload;
  rule.compare = compare;
  return rule;
}

// The order is that of a reader: what the service is, what it does, how it is reached, what it may.
constexpr std::array k_rules{renews("image"),
                             renews("image_id", "the name means another image now"),
                             renews("image_digest", "the registry has a newer image"),
                             renews("build", "what the image is built from has changed"),
                             renews("platform"),
                             renews("project", k_label),
                             live("container_name"),
                             live("state", "it is started"),
                             renews("restart_after", k_newer),
                             renews("restarted_with", k_rejoins),
                             live("leftovers", "what an interrupted run left behind is removed"),
                             renews_whole("command"),
                             renews_whole("entrypoint"),
                             renews("environment"),
                             renews("labels", k_label),
                             renews("healthcheck"),
                             renews("user"),
                             renews("working_dir"),
                             renews("hostname"),
                             renews("domainname"),
                             renews("tty"),
                             renews("stdin_open"),
                             renews("stop_signal"),
                             renews("stop_grace_period"),
                             renews_set("ports"),
                             renews_set("expose"),
                             renews("volumes"),
                             renews("tmpfs"),
                             renews("configs", k_file),
                             renews("secrets", k_file),
                             renews("file_contents", "the file holds something else now"),
                             renews("volumes_from"),
                             renews("network_mode"),
                             renews("renewed_with", k_joined),
                             renews("mac_address"),
                             reattaches("networks", Compare::exact),
                             reattaches("networks.*.aliases", Compare::as_set),
                             reattaches("networks.*.links", Compare::as_set),
                             reattaches("networks.*.link_local_ips", Compare::as_set),
                             renews("networks.*.mac_address"),
                             live("restart"),
                             live("mem_limit"),
                             live("mem_reservation"),
                             live("memswap_limit"),
                             live("cpus"),
                             live("cpu_shares"),
                             live("cpuset"),
                             live("cpu_period"),
                             live("cpu_quota"),
                             live("cpu_rt_period"),
                             live("cpu_rt_runtime"),
                             live("pids_limit"),
                             renews("mem_swappiness"),
                             renews("oom_kill_disable"),
                             renews("oom_score_adj"),
                             renews("blkio_config"),
                             live("blkio_config.weight"),
                             renews("privileged"),
                             renews("read_only"),
                             renews_set("cap_add"),
                             renews_set("cap_drop"),
                             renews_set("security_opt"),
                             renews_set("group_add"),
                             renews_set("devices"),
                             renews_set("device_cgroup_rules"),
                             renews_set("gpus"),
                             renews("runtime"),
                             renews("annotations"),
                             renews("storage_opt"),
                             renews("sysctls"),
                             renews("ulimits"),
                             renews("shm_size"),
                             renews("pid"),
                             renews("ipc"),
                             renews("uts"),
                             renews("userns_mode"),
                             renews("cgroup"),
                             renews("cgroup_parent"),
                             renews("init"),
                             renews("dns"),
                             renews("dns_search"),
                             renews("dns_opt"),
                             renews_set("extra_hosts"),
                             renews("logging")};

std::string_view first_piece(std::string_view path) {
  return path.substr(0, path.find('.'));
}

constexpr std::string_view k_weight = "blkio_config.weight";

bool limit_goes_away(const AttributeChange& attribute, const Json& wanted) {
  const std::string_view key = first_piece(attribute.path);
  // A weight that was not there before: only a new container tells that it was asked for.
  if (attribute.path == k_weight) return attribute.before.is_null() || attribute.after.is_null();
  if (!is_limit(key) || !attribute.after.is_null() || can_be_lifted(key)) return false;
  // The swap limit falls back to twice the memory, which is a value that can be set.
  return key != "memswap_limit" || get(wanted, "mem_limit").is_null();
}

// Of the attributes that differ with another image, the one that is there in any case.
bool names_the_image(const AttributeChange& attribute,
                     const Json& wanted,
                     const Observation& seen) {
  if (attribute.path == "image") return true;
  const bool has_other_name = get(wanted, "image") != get(seen.attributes, "image");
  return !has_other_name && (attribute.path == "image_id" || attribute.path == "image_digest");
}

}  // namespace

std::span<const AttributeRule> service_rules() {
  return k_rules;
}

bool changes_in_place(const AttributeChange& attribute, const Json& wanted) {
  const std::string_view key = first_piece(attribute.path);
  const bool is_weight = attribute.path == k_weight;
  if (is_limit(key) || is_weight) return !limit_goes_away(attribute, wanted);
  if (key == "networks") return !attribute.path.ends_with(".mac_address");
  if (key == "state") return attribute.before != "dead" && attribute.before != "removing";
  return key == "container_name" || key == "leftovers" || key == "restart_after" ||
         key == "restarted_with";
}

void refine_service(AttributeChange& attribute,
                    const Json& wanted,
                    const Observation& seen,
                    std::string& blocked) {
  if (limit_goes_away(attribute, wanted)) {
    attribute.disruption = k_restart;
    attribute.note = "Docker can change a limit of a container, but not take it away";
  }
  const bool is_renewed = attribute.disruption == k_restart && !changes_in_place(attribute, wanted);
  if (is_renewed && get(seen.context, "starts_first") == true) {
    attribute.disruption = Disruption::reload;
    attribute.note = "the new container works before the old one stops";
  }
  if (names_the_image(attribute, wanted, seen)) blocked = refused_version(wanted, seen);
  if (get(seen.context, "running") != true) attribute.disruption = Disruption::none;
}

}  // namespace aegis::docker
