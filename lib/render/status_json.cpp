#include "render/status_json.h"

namespace aegis {
namespace {

using std::chrono::seconds;

Json to_json(const Usage& usage) {
  return {{"used", usage.used}, {"total", usage.total > 0 ? Json(usage.total) : Json()}};
}

Json to_json(const std::optional<seconds>& time) {
  return time ? Json(time->count()) : Json();
}

Json to_json(const HostStatus& host) {
  Json storages = Json::array();
  for (const StorageStatus& storage : host.storages) {
    storages.push_back(
        {{"name", storage.name}, {"active", storage.is_active}, {"bytes", to_json(storage.bytes)}});
  }
  return {{"name", host.name},
          {"version", host.version},
          {"uptime", host.uptime.count()},
          {"cores", to_json(host.cores)},
          {"memory", to_json(host.memory)},
          {"allocated",
           {{"cores", host.allocated_cores},
            {"memory", host.allocated_memory},
            {"disk", host.allocated_disk}}},
          {"storages", std::move(storages)},
          {"needs_reboot", host.needs_reboot}};
}

Json to_json(const GuestStatus& guest) {
  return {{"address", guest.address},
          {"state", guest.state},
          {"wanted", guest.is_wanted ? "started" : "stopped"},
          {"lock", guest.lock},
          {"uptime", guest.uptime.count()},
          {"cores", to_json(guest.cores)},
          {"memory", to_json(guest.memory)},
          {"disk", to_json(guest.disk)},
          {"pending", guest.pending}};
}

Json to_json(const ServiceStatus& service) {
  return {{"address", service.address},
          {"state", service.state},
          {"well", service.is_well},
          {"restarts", service.restarts},
          {"uptime", to_json(service.uptime)},
          {"image_age", to_json(service.image_age)},
          {"memory", to_json(service.memory)},
          {"cores", service.cores > 0 ? Json(service.cores) : Json()},
          {"busy_cores", service.busy_cores ? Json(*service.busy_cores) : Json()}};
}

Json to_json(const CheckStatus& check) {
  return {{"name", check.name},
          {"type", check.type},
          {"subject", check.subject},
          {"state", check.state},
          {"well", check.is_well},
          {"took_ms", check.took ? Json(check.took->count()) : Json()},
          {"certificate_left", to_json(check.certificate)}};
}

Json to_json(const RunStatus& run) {
  return {{"who", run.who},
          {"outcome", run.outcome.empty() ? Json() : Json(run.outcome)},
          {"age", run.age.count()}};
}

Json to_json(const DriftStatus& drift) {
  return {{"changes", drift.changes},
          {"unknown", drift.unknown.empty() ? Json() : Json(drift.unknown)}};
}

Json to_json(const FiringAlert& alert) {
  return {{"name", alert.name},
          {"severity", alert.severity},
          {"subject", alert.subject},
          {"summary", alert.summary},
          {"since", alert.since},
          {"held", alert.held}};
}

template <class Value>
Json list_json(const std::vector<Value>& values) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(to_json(value));
  return list;
}

}  // namespace

Json to_json(const Status& status) {
  Json findings = Json::array();
  for (const Finding& finding : status.findings) {
    findings.push_back({{"subject", finding.subject}, {"text", finding.text}});
  }
  Json gaps = Json::array();
  for (const StatusGap& gap : status.gaps) {
    gaps.push_back({{"scope", gap.scope}, {"message", gap.error.message}});
  }
  return {{"format_version", "1.0"},
          {"hosts", list_json(status.hosts)},
          {"guests", list_json(status.guests)},
          {"services", list_json(status.services)},
          {"checks", list_json(status.checks)},
          {"last_run", status.last_run ? to_json(*status.last_run) : Json()},
          {"drift", status.drift ? to_json(*status.drift) : Json()},
          {"alerts", status.alerts ? list_json(*status.alerts) : Json()},
          {"findings", std::move(findings)},
          {"gaps", std::move(gaps)},
          {"well", status.is_well()}};
}

}  // namespace aegis
