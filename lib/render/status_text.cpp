#include "render/status_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "render/table_text.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

using std::chrono::seconds;
using Rows = std::vector<std::vector<Cell>>;

// "1.5 GiB": three digits tell enough.
std::string size_text(double bytes) {
  constexpr std::array k_units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < k_units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return bytes < 10 && unit > 0 ? fmt::format("{:.1f} {}", bytes, k_units.at(unit))
                                : fmt::format("{:.0f} {}", bytes, k_units.at(unit));
}

// "12d 3h": the two largest units.
std::string time_text(seconds time) {
  constexpr std::array<std::pair<const char*, std::int64_t>, 4> k_units{
      {{"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}}};
  std::int64_t left = time.count();
  std::string text;
  for (const auto& [name, length] : k_units) {
    const std::int64_t count = left / length;
    if (count == 0 && text.empty() && length > 1) continue;
    if (!text.empty()) return count == 0 ? text : fmt::format("{} {}{}", text, count, name);
    text = fmt::format("{}{}", count, name);
    left %= length;
  }
  return text;
}

std::string time_text(const std::optional<seconds>& time) {
  return time ? time_text(*time) : "";
}

Cell usage_cell(const Usage& usage) {
  if (usage.total <= 0) return {usage.used > 0 ? size_text(usage.used) : ""};
  Cell cell{fmt::format("{:.0f} % of {}", usage.share() * 100, size_text(usage.total))};
  if (usage.share() > k_nearly_full) cell.role = Role::failed;
  return cell;
}

Cell cores_cell(const Usage& cores) {
  return {cores.total > 0 ? fmt::format("{:.0f} % of {:g}", cores.share() * 100, cores.total) : ""};
}

std::string host_text(const HostStatus& host, const Style& style) {
  std::string text =
      fmt::format("{}  Proxmox VE {}, up {}{}\n",
                  paint("server/" + harmless(host.name), Role::strong, style),
                  harmless(host.version),
                  time_text(host.uptime),
                  host.needs_reboot ? paint(", needs a reboot", Role::warned, style) : "");
  Rows rows{{{"  "}, {"USED"}, {"ALLOCATED"}}};
  rows.push_back({{"  cpu"}, cores_cell(host.cores), {fmt::format("{:g}", host.allocated_cores)}});
  rows.push_back({{"  memory"}, usage_cell(host.memory), {size_text(host.allocated_memory)}});
  for (const StorageStatus& storage : host.storages) {
    rows.push_back(
        {{fmt::format("  storage {}", harmless(storage.name))},
         storage.is_active ? usage_cell(storage.bytes) : Cell{"cannot be reached", Role::failed}});
  }
  rows.push_back({{"  root disks"}, {}, {size_text(host.allocated_disk)}});
  return text + render_table(rows, style);
}

Cell guest_state(const GuestStatus& guest) {
  std::string text = harmless(guest.state);
  if (!guest.lock.empty()) text += fmt::format(" ({})", harmless(guest.lock));
  if (!guest.pending.empty()) {
    text += fmt::format(", a reboot brings {}", harmless(join(guest.pending, ", ")));
  }
  const bool runs = guest.state == "running";
  if (guest.is_wanted && !runs) return {text, Role::failed};
  return {text, guest.pending.empty() ? runs ? Role::added : Role::faint : Role::warned};
}

Rows guest_rows(const Status& status) {
  Rows rows{{{"CONTAINER"}, {"CPU"}, {"MEMORY"}, {"DISK"}, {"UP"}, {"STATE"}}};
  for (const GuestStatus& guest : status.guests) {
    const bool runs = guest.state == "running";
    rows.push_back({{harmless(guest.address)},
                    runs ? cores_cell(guest.cores) : Cell{},
                    runs ? usage_cell(guest.memory) : Cell{},
                    guest.disk.used > 0 ? usage_cell(guest.disk) : Cell{},
                    {runs ? time_text(guest.uptime) : ""},
                    guest_state(guest)});
  }
  return rows;
}

// The cores that it kept busy, on average since it started.
Cell busy_cell(const ServiceStatus& service) {
  if (!service.busy_cores) return {};
  const std::string limit = service.cores > 0 ? fmt::format(" of {:g}", service.cores) : "";
  return {fmt::format("{:.2f}{}", *service.busy_cores, limit)};
}

Rows service_rows(const Status& status) {
  Rows rows{{{"SERVICE"}, {"CPU"}, {"MEMORY"}, {"UP"}, {"RESTARTS"}, {"IMAGE BUILT"}, {"STATE"}}};
  for (const ServiceStatus& service : status.services) {
    const std::string age = time_text(service.image_age);
    rows.push_back({{harmless(service.address)},
                    busy_cell(service),
                    usage_cell(service.memory),
                    {time_text(service.uptime)},
                    {service.restarts > 0 ? fmt::format("{}", service.restarts) : ""},
                    {age.empty() ? "" : age + " ago"},
                    {harmless(service.state), service.is_well ? Role::added : Role::failed}});
  }
  return rows;
}

std::string took_text(const std::optional<std::chrono::milliseconds>& took) {
  if (!took) return "";
  if (*took < seconds(1)) return fmt::format("{} ms", took->count());
  return fmt::format("{:.1f} s", std::chrono::duration<double>(*took).count());
}

Cell certificate_cell(const std::optional<seconds>& left) {
  if (!left) return {};
  const auto days = std::chrono::floor<std::chrono::days>(*left);
  if (days.count() < 0) return {"expired", Role::failed};
  Cell cell{fmt::format("{}d", days.count())};
  if (days <= k_certificate_margin) cell.role = Role::failed;
  return cell;
}

Rows check_rows(const Status& status) {
  Rows rows{{{"CHECK"}, {"TYPE"}, {"ABOUT"}, {"TOOK"}, {"CERTIFICATE"}, {"STATE"}}};
  for (const CheckStatus& check : status.checks) {
    rows.push_back({{harmless(check.name)},
                    {harmless(check.type)},
                    {harmless(check.subject)},
                    {took_text(check.took)},
                    certificate_cell(check.certificate),
                    {check.state, check.is_well ? Role::added : Role::failed}});
  }
  return rows;
}

std::string run_text(const RunStatus& run, const Style& style) {
  const bool succeeded = run.outcome == "succeeded";
  const std::string outcome = run.outcome.empty() ? "not ended" : harmless(run.outcome);
  return fmt::format("Last run: {} ago by {}, {}\n",
                     time_text(run.age),
                     harmless(run.who),
                     paint(outcome, succeeded ? Role::added : Role::warned, style));
}

std::string drift_text(const DriftStatus& drift, const Style& style) {
  constexpr std::size_t k_most = 5;
  if (!drift.unknown.empty()) {
    return fmt::format("Whether all is as declared cannot be told: {}\n", harmless(drift.unknown));
  }
  if (drift.changes.empty()) return "Everything is as declared.\n";
  std::string text = paint(
      fmt::format("{} not as declared:",
                  drift.changes.size() == 1 ? std::string("1 thing is")
                                            : fmt::format("{} things are", drift.changes.size())),
      Role::warned,
      style);
  text += " `aegisctl drift` tells how.\n";
  for (std::size_t i = 0; i < std::min(k_most, drift.changes.size()); ++i) {
    text += fmt::format("  {}\n", harmless(drift.changes[i]));
  }
  if (drift.changes.size() > k_most) {
    text += fmt::format("  and {} more\n", drift.changes.size() - k_most);
  }
  return text;
}

Rows alert_rows(const std::vector<FiringAlert>& alerts) {
  Rows rows{{{"ALERT"}, {"SEVERITY"}, {"SINCE"}, {"ABOUT"}}};
  for (const FiringAlert& alert : alerts) {
    std::string about = harmless(alert.subject);
    if (!alert.summary.empty()) about += (about.empty() ? "" : ": ") + harmless(alert.summary);
    if (!alert.held.empty()) about += fmt::format(" ({})", alert.held);
    rows.push_back(
        {{harmless(alert.name)},
         {harmless(alert.severity), alert.severity == "critical" ? Role::failed : Role::warned},
         {harmless(alert.since)},
         {about}});
  }
  return rows;
}

std::string ending(const Status& status, const Style& style) {
  std::string text;
  for (const Finding& finding : status.findings) {
    text += fmt::format(
        "{} {}\n", paint(harmless(finding.subject), Role::failed, style), harmless(finding.text));
  }
  for (const StatusGap& gap : status.gaps) {
    text += fmt::format("{} did not tell: {}\n",
                        paint(harmless(gap.scope), Role::failed, style),
                        harmless(gap.error.message));
  }
  return text.empty() ? paint("All is well.", Role::added, style) + "\n" : text;
}

}  // namespace

std::string render_text(const Status& status, const Style& style) {
  std::string text;
  for (const HostStatus& host : status.hosts) text += host_text(host, style) + "\n";
  if (!status.guests.empty()) text += render_table(guest_rows(status), style) + "\n";
  if (!status.services.empty()) text += render_table(service_rows(status), style) + "\n";
  if (!status.checks.empty()) text += render_table(check_rows(status), style) + "\n";
  if (status.alerts && !status.alerts->empty()) {
    text += render_table(alert_rows(*status.alerts), style) + "\n";
  }
  if (status.last_run) text += run_text(*status.last_run, style);
  if (status.drift) text += drift_text(*status.drift, style);
  return text + ending(status, style);
}

}  // namespace aegis
