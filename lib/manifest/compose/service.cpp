#include "manifest/compose/service.h"

#include <array>
#include <cctype>

#include "base/units.h"
#include "manifest/compose/build.h"
#include "manifest/compose/deploy.h"
#include "manifest/compose/files.h"
#include "manifest/compose/form.h"
#include "manifest/compose/inclusion.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/mounts.h"
#include "manifest/compose/ports.h"
#include "manifest/compose/relations.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_image(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  if (!text->text.empty() && text->text.find_first_of(" \t\n") == std::string::npos) return text;
  wrong_value(diagnostics, value, "an image such as \"nginx:1.27\"");
  return std::nullopt;
}

std::optional<Node> read_container_name(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  bool good = text->text.size() > 1 && std::isalnum(static_cast<unsigned char>(text->text[0])) != 0;
  for (const unsigned char c : text->text)
    good = good && (std::isalnum(c) != 0 || c == '_' || c == '.' || c == '-');
  if (good) return text;
  wrong_value(diagnostics,
              value,
              "a container name: a letter or digit, then letters, digits, `_`, `.` and `-`");
  return std::nullopt;
}

std::optional<Node> read_pull_policy(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 7> k_policies{
      "missing", "if_not_present", "always", "never", "build", "daily", "weekly"};
  constexpr std::string_view k_every = "every_";
  if (value.text.starts_with(k_every)) {
    const auto interval = parse_duration(value.text.substr(k_every.size()));
    if (interval && interval->count() > 0) return read_text(value, diagnostics);
    wrong_value(diagnostics, value, "every_ and a duration such as every_12h");
    return std::nullopt;
  }
  auto policy = read_word(value, k_policies, diagnostics);
  if (policy && policy->text == "if_not_present") policy->text = "missing";
  return policy;
}

constexpr Support k_not_yet = Support::not_yet;
constexpr Support k_no_effect = Support::no_effect;

constexpr std::array k_fields{
    Field{"image", read_image},
    Field{"command", read_command},
    Field{"entrypoint", read_command},
    Field{"environment", read_environment},
    Field{"env_file", read_env_file},
    Field{"ports", read_ports},
    Field{"expose", read_expose},
    Field{"volumes", read_mounts},
    Field{"tmpfs", read_tmpfs},
    Field{"networks", read_attachments},
    Field{"network_mode", read_network_mode},
    Field{"depends_on", read_depends_on},
    Field{"healthcheck", read_healthcheck},
    Field{"restart", read_restart},
    Field{"deploy", read_deploy},
    Field{"extends", read_extends},
    Field{"scale", read_count},
    Field{"profiles", read_texts},
    Field{"labels", read_labels},
    Field{"user", read_text},
    Field{"working_dir", read_text},
    Field{"hostname", read_text},
    Field{"domainname", read_text},
    Field{"container_name", read_container_name},
    Field{"platform", read_text},
    Field{"pull_policy", read_pull_policy},
    Field{"stop_signal", read_text},
    Field{"stop_grace_period", read_duration},
    Field{"mem_limit", read_bytes},
    Field{"mem_reservation", read_bytes},
    Field{"memswap_limit", read_bytes_or_unlimited},
    Field{"shm_size", read_bytes},
    Field{"cpus", read_cpus},
    Field{"cpu_shares", read_count},
    Field{"cpuset", read_text},
    Field{"pids_limit", read_limit},
    Field{"ulimits", read_ulimits},
    Field{"cap_add", read_texts},
    Field{"cap_drop", read_texts},
    Field{"security_opt", read_texts},
    Field{"group_add", read_names_or_numbers},
    Field{"devices", read_devices},
    Field{"extra_hosts", read_extra_hosts},
    Field{"dns", read_text_or_texts},
    Field{"dns_search", read_text_or_texts},
    Field{"dns_opt", read_texts},
    Field{"logging", read_logging},
    Field{"sysctls", read_labels},
    Field{"pid", read_pid},
    Field{"ipc", read_ipc},
    Field{"read_only", read_flag},
    Field{"init", read_flag},
    Field{"privileged", read_flag},
    Field{"tty", read_flag},
    Field{"stdin_open", read_flag},
    Field{"attach", nullptr, k_no_effect},
    Field{"develop", nullptr, k_no_effect},
    Field{"pull_refresh_after", nullptr, k_no_effect},
    Field{"annotations", nullptr, k_not_yet},
    Field{"blkio_config", nullptr, k_not_yet},
    Field{"build", read_build},
    Field{"cgroup", nullptr, k_not_yet},
    Field{"cgroup_parent", nullptr, k_not_yet},
    Field{"configs", read_configs},
    Field{"cpu_count", nullptr, k_not_yet},
    Field{"cpu_percent", nullptr, k_not_yet},
    Field{"cpu_period", nullptr, k_not_yet},
    Field{"cpu_quota", nullptr, k_not_yet},
    Field{"cpu_rt_period", nullptr, k_not_yet},
    Field{"cpu_rt_runtime", nullptr, k_not_yet},
    Field{"credential_spec", nullptr, k_not_yet},
    Field{"device_cgroup_rules", nullptr, k_not_yet},
    Field{"external_links", nullptr, k_not_yet},
    Field{"gpus", nullptr, k_not_yet},
    Field{"isolation", nullptr, k_not_yet},
    Field{"label_file", nullptr, k_not_yet},
    Field{"links", nullptr, k_not_yet},
    Field{"mac_address", nullptr, k_not_yet},
    Field{"mem_swappiness", nullptr, k_not_yet},
    Field{"models", nullptr, k_not_yet},
    Field{"oom_kill_disable", nullptr, k_not_yet},
    Field{"oom_score_adj", nullptr, k_not_yet},
    Field{"post_start", nullptr, k_not_yet},
    Field{"pre_start", nullptr, k_not_yet},
    Field{"pre_stop", nullptr, k_not_yet},
    Field{"provider", nullptr, k_not_yet},
    Field{"runtime", nullptr, k_not_yet},
    Field{"secrets", read_secrets},
    Field{"storage_opt", nullptr, k_not_yet},
    Field{"use_api_socket", nullptr, k_not_yet},
    Field{"userns_mode", nullptr, k_not_yet},
    Field{"uts", nullptr, k_not_yet},
    Field{"volumes_from", nullptr, k_not_yet},
};

}  // namespace

std::optional<Node> read_service(const Node& value, Diagnostics& diagnostics) {
  return read_object(value, k_fields, diagnostics);
}

}  // namespace aegis::compose
