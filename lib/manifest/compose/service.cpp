#include "manifest/compose/service.h"

#include <array>
#include <cctype>

#include "base/units.h"
#include "manifest/compose/build.h"
#include "manifest/compose/deploy.h"
#include "manifest/compose/device_requests.h"
#include "manifest/compose/files.h"
#include "manifest/compose/form.h"
#include "manifest/compose/hooks.h"
#include "manifest/compose/inclusion.h"
#include "manifest/compose/kernel_forms.h"
#include "manifest/compose/links.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/mounts.h"
#include "manifest/compose/namespaces.h"
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

constexpr Support k_refused = Support::refused;
constexpr Support k_no_effect = Support::no_effect;
constexpr std::string_view k_windows = "is for Windows containers, and this engine runs Linux's";
constexpr std::string_view k_model = "needs Docker's model runner, which is no part of the engine";

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
    Field{"annotations", read_labels},
    Field{"blkio_config", read_blkio},
    Field{"build", read_build},
    Field{"cgroup", read_cgroup},
    Field{"cgroup_parent", read_text},
    Field{"configs", read_configs},
    Field{"cpu_count", nullptr, k_refused, k_windows},
    Field{"cpu_percent", nullptr, k_refused, k_windows},
    Field{"cpu_period", read_microseconds},
    Field{"cpu_quota", read_cpu_quota},
    Field{"cpu_rt_period", read_microseconds},
    Field{"cpu_rt_runtime", read_microseconds},
    Field{"credential_spec", nullptr, k_refused, k_windows},
    Field{"device_cgroup_rules", read_device_rules},
    Field{"external_links", read_external_links},
    Field{"gpus", read_gpus},
    Field{"isolation", read_isolation},
    Field{"label_file", read_label_file},
    Field{"links", read_links},
    Field{"mac_address", read_mac_address},
    Field{"mem_swappiness", read_swappiness},
    Field{"models", nullptr, k_refused, k_model},
    Field{"oom_kill_disable", read_flag},
    Field{"oom_score_adj", read_oom_score},
    Field{"post_start", read_hooks},
    Field{"pre_start",
          nullptr,
          k_refused,
          "would run in a container of its own before each start, also when the engine starts the "
          "service by itself, and then there is nobody to run it"},
    Field{"pre_stop", read_hooks},
    Field{"provider", nullptr, k_refused, "starts a program of this machine, not a container"},
    Field{"runtime", read_text},
    Field{"secrets", read_secrets},
    Field{"storage_opt", read_options},
    Field{"use_api_socket",
          nullptr,
          k_refused,
          "hands this machine's registry logins to the container; mount "
          "/var/run/docker.sock where only the engine is needed"},
    Field{"userns_mode", read_host},
    Field{"uts", read_host},
    Field{"volumes_from", read_volumes_from},
};

}  // namespace

std::optional<Node> read_service(const Node& value, Diagnostics& diagnostics) {
  return read_object(value, k_fields, diagnostics);
}

}  // namespace aegis::compose
