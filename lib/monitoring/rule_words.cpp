#include "monitoring/rule_words.h"

#include <algorithm>
#include <array>

namespace aegis::monitoring {
namespace {

// Durations leave room for a missed scrape or a short peak; levels are those that people page for.
constexpr std::array k_words{
    RuleWord{.word = "backup_overdue",
             .group = "backups",
             .alert = "BackupOverdue",
             .measure = Measure::none,
             .source = Source::backups,
             .threshold = "",
             .duration = "30m",
             .severity = "warning",
             .expr = "time() - aegisctl_backup_newest_seconds > aegisctl_backup_rpo_seconds",
             .summary = "The newest backup of {{ $labels.resource }} is {{ $value | "
                        "humanizeDuration }} old"},
    RuleWord{.word = "certificate_expires",
             .group = "checks",
             .alert = "CertificateExpires",
             .measure = Measure::age,
             .source = Source::checks,
             .threshold = "14d",
             .duration = "1h",
             .severity = "warning",
             .expr = "(probe_ssl_earliest_cert_expiry - time()) / 86400 < $threshold",
             .summary = "The certificate of {{ $labels.check }} expires in {{ $value | humanize }} "
                        "days"},
    RuleWord{.word = "channel_stuck",
             .group = "relay",
             .alert = "ChannelStuck",
             .measure = Measure::none,
             .source = Source::relay,
             .threshold = "",
             .duration = "5m",
             .severity = "warning",
             .expr = "max by (channel) (aegisctl_relay_oldest_seconds) > 60",
             .summary = "Messages to {{ $labels.channel }} wait for {{ $value | humanizeDuration "
                        "}}"},
    RuleWord{.word = "check_stale",
             .group = "checks",
             .alert = "CheckStale",
             .measure = Measure::none,
             .source = Source::programs,
             .threshold = "",
             .duration = "1m",
             .severity = "warning",
             .expr = "check_valid_until_seconds < time()",
             .summary = "The check {{ $labels.check }} is not made any more"},
    RuleWord{.word = "container_restarting",
             .group = "containers",
             .alert = "ContainerRestarting",
             .measure = Measure::count,
             .source = Source::any,
             .threshold = "2",
             .duration = "0s",
             .severity = "warning",
             .expr = R"(changes(container_start_time_seconds{name!=""}[15m]) > $threshold)",
             .summary = "Container {{ $labels.name }} was restarted {{ $value }} times in 15 "
                        "minutes"},
    RuleWord{.word = "cpu",
             .group = "host",
             .alert = "HighCpu",
             .measure = Measure::percent,
             .source = Source::node_exporter,
             .threshold = "90%",
             .duration = "5m",
             .severity = "warning",
             .expr = "100 * (1 - avg by (instance) "
                     R"((rate(node_cpu_seconds_total{mode="idle"}[5m]))) > $threshold)",
             .summary = "CPU of {{ $labels.instance }} is at {{ $value | humanize }} %"},
    RuleWord{.word = "disk",
             .group = "host",
             .alert = "DiskFilling",
             .measure = Measure::percent,
             .source = Source::node_exporter,
             .threshold = "85%",
             .duration = "5m",
             .severity = "warning",
             .expr = "100 * (1 - node_filesystem_avail_bytes / "
                     R"(node_filesystem_size_bytes{fstype!~"tmpfs|ramfs|squashfs|overlay"}) > )"
                     "$threshold and node_filesystem_readonly == 0",
             .summary = "{{ $labels.mountpoint }} of {{ $labels.instance }} is {{ $value | "
                        "humanize }} % full"},
    RuleWord{.word = "io_wait",
             .group = "host",
             .alert = "HighIoWait",
             .measure = Measure::percent,
             .source = Source::node_exporter,
             .threshold = "20%",
             .duration = "10m",
             .severity = "warning",
             .expr = "100 * avg by (instance) "
                     R"((rate(node_cpu_seconds_total{mode="iowait"}[5m])) > $threshold)",
             .summary = "{{ $labels.instance }} waits for its disks {{ $value | humanize }} % of "
                        "the time"},
    RuleWord{.word = "memory",
             .group = "host",
             .alert = "HighMemory",
             .measure = Measure::percent,
             .source = Source::node_exporter,
             .threshold = "95%",
             .duration = "5m",
             .severity = "warning",
             .expr = "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > "
                     "$threshold",
             .summary = "Memory of {{ $labels.instance }} is at {{ $value | humanize }} %"},
    RuleWord{.word = "network_errors",
             .group = "host",
             .alert = "NetworkErrors",
             .measure = Measure::percent,
             .source = Source::node_exporter,
             .threshold = "1%",
             .duration = "5m",
             .severity = "warning",
             .expr = "100 * (rate(node_network_receive_errs_total[5m]) + "
                     "rate(node_network_receive_drop_total[5m]) + "
                     "rate(node_network_transmit_errs_total[5m]) + "
                     "rate(node_network_transmit_drop_total[5m])) / "
                     R"((rate(node_network_receive_packets_total{device!~"lo|veth.*"}[5m]) + )"
                     "rate(node_network_transmit_packets_total[5m])) > $threshold",
             .summary = "{{ $labels.device }} of {{ $labels.instance }} loses {{ $value | "
                        "humanize }} % of its packets"},
    RuleWord{.word = "outage",
             .group = "checks",
             .alert = "Outage",
             .measure = Measure::percent,
             .source = Source::checks,
             .threshold = "50%",
             .duration = "2m",
             .severity = "critical",
             .expr = "100 * (1 - avg(probe_success)) > $threshold",
             .summary = "{{ $value | humanize }} % of all checks fail"},
    RuleWord{
        .word = "packet_loss",
        .group = "checks",
        .alert = "PacketLoss",
        .measure = Measure::percent,
        .source = Source::checks,
        .threshold = "1%",
        .duration = "5m",
        .severity = "warning",
        .expr = R"(100 * (1 - avg_over_time(probe_success{type="icmp"}[15m])) > $threshold)",
        .summary = "{{ $value | humanize }} % of the pings to {{ $labels.instance }} are lost"},
    RuleWord{.word = "security_updates",
             .group = "host",
             .alert = "SecurityUpdates",
             .measure = Measure::none,
             .source = Source::node_exporter,
             .threshold = "",
             .duration = "1d",
             .severity = "warning",
             .expr = "sum by (instance) "
                     R"((apt_upgrades_pending{origin=~"(?i).*security.*"}) > 0)",
             .summary = "{{ $labels.instance }} lacks {{ $value }} security updates"},
    RuleWord{.word = "service_down",
             .group = "checks",
             .alert = "ServiceDown",
             .measure = Measure::none,
             .source = Source::checks,
             .threshold = "",
             .duration = "2m",
             .severity = "critical",
             .expr = "probe_success == 0",
             .summary = "{{ $labels.check }} does not answer as it should"},
    RuleWord{.word = "target_down",
             .group = "host",
             .alert = "TargetDown",
             .measure = Measure::none,
             .source = Source::any,
             .threshold = "",
             .duration = "5m",
             .severity = "warning",
             .expr = "up == 0",
             .summary = "Prometheus cannot reach {{ $labels.job }} on {{ $labels.instance }}"},
    RuleWord{.word = "unit_failed",
             .group = "host",
             .alert = "UnitFailed",
             .measure = Measure::none,
             .source = Source::node_exporter,
             .threshold = "",
             .duration = "5m",
             .severity = "warning",
             .expr = R"(node_systemd_unit_state{state="failed"} == 1)",
             .summary = "{{ $labels.name }} has failed on {{ $labels.instance }}"},
};

}  // namespace

std::span<const RuleWord> rule_words() {
  return k_words;
}

const RuleWord* find_rule_word(std::string_view word) {
  const auto* const found = std::find_if(
      k_words.begin(), k_words.end(), [&](const RuleWord& row) { return row.word == word; });
  return found == k_words.end() ? nullptr : &*found;
}

}  // namespace aegis::monitoring
