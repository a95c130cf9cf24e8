#include "engine/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "base/vault.h"
#include "engine/alertmanager.h"
#include "engine/checks.h"
#include "engine/reading.h"

namespace aegis {
namespace {

/// A reader with what it reads.
struct StatusReading {
  const StatusReader* reader;
  Batch batch;
};

std::vector<StatusReading> make_status_readings(const Desired& desired,
                                                std::span<const StatusReader> readers) {
  std::vector<StatusReading> readings;
  std::map<std::string_view, std::size_t> places;
  for (const auto& [name, scope] : desired.scopes) {
    for (const StatusReader& reader : readers) {
      if (reader.scope_type != scope.type()) continue;
      places[name] = readings.size();
      readings.push_back({&reader, {scope, {}}});
    }
  }
  for (const auto& [address, resource] : desired.resources) {
    const auto place = places.find(resource.scope);
    if (place != places.end()) readings[place->second].batch.resources.push_back(&resource);
  }
  return readings;
}

Query alert_query(const Alerting& alerting) {
  return {Query::Type::http_get, alerting.endpoint, "/api/v2/alerts?active=true"};
}

FiringAlert read_alert(const Json& alert) {
  const Json& labels = get(alert, "labels");
  return {text_or(labels, "alertname"),
          text_or(labels, "severity"),
          text_or(labels, "resource", text_or(labels, "instance")),
          text_or(get(alert, "annotations"), "summary"),
          text_or(alert, "startsAt"),
          held_by(alert)};
}

Result<std::vector<FiringAlert>> read_alerts(const Alerting& alerting, const Replies& replies) {
  const auto found = replies.find(alert_query(alerting));
  if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
  const Reply& reply = found->second;
  if (reply.error) return *reply.error;
  if (reply.status != 200 || !reply.body.is_array()) {
    return Error{ErrorCode::rejected, fmt::format("Alertmanager says {}", reply.status)};
  }
  std::vector<FiringAlert> alerts;
  for (const Json& alert : reply.body) alerts.push_back(read_alert(alert));
  std::sort(alerts.begin(), alerts.end(), [](const FiringAlert& a, const FiringAlert& b) {
    return std::tie(a.severity, a.name, a.subject) < std::tie(b.severity, b.name, b.subject);
  });
  return alerts;
}

void read_alerting(const Alerting& alerting,
                   const Replies& replies,
                   TimePoint now,
                   Status& status) {
  status.checks = read_checks(alerting, replies, now, status.gaps);
  auto alerts = read_alerts(alerting, replies);
  if (alerts) status.alerts = std::move(*alerts);
  if (!alerts) status.gaps.push_back({alerting.endpoint, alerts.error()});
}

std::string problem_of(const CheckStatus& check) {
  if (check.state == "unknown") return "has no result";
  return check.state == "overdue" ? "is overdue: it is not made any more" : check.state;
}

/// Collects what is not as it should be.
class Findings {
 public:
  void add(std::string subject, std::string text) {
    findings_.push_back({std::move(subject), std::move(text)});
  }

  void fullness(const std::string& subject, const Usage& usage) {
    if (usage.share() <= k_nearly_full) return;
    add(subject, fmt::format("is {:.0f} % full", usage.share() * 100));
  }

  void check(const CheckStatus& check) {
    const std::string subject = "check " + check.name;
    if (!check.is_well) add(subject, problem_of(check));
    if (!check.certificate || *check.certificate > k_certificate_margin) return;
    const auto days = std::chrono::floor<std::chrono::days>(*check.certificate).count();
    add(subject,
        days < 0 ? std::string("looks at a certificate that has expired")
                 : fmt::format("looks at a certificate that expires in {} days", days));
  }

  std::vector<Finding> take() { return std::move(findings_); }

 private:
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> findings_of(const Status& status) {
  Findings findings;
  for (const HostStatus& host : status.hosts) {
    for (const StorageStatus& storage : host.storages) {
      const std::string subject = fmt::format("server/{} storage {}", host.name, storage.name);
      if (!storage.is_active) findings.add(subject, "cannot be reached");
      findings.fullness(subject, storage.bytes);
    }
  }
  for (const GuestStatus& guest : status.guests) {
    if (guest.is_wanted && guest.state != "running" && guest.lock.empty()) {
      findings.add(guest.address, fmt::format("is {}, and is declared as started", guest.state));
    }
    findings.fullness(guest.address + " disk", guest.disk);
  }
  for (const ServiceStatus& service : status.services) {
    if (!service.is_well) findings.add(service.address, fmt::format("is {}", service.state));
  }
  for (const CheckStatus& check : status.checks) findings.check(check);
  for (const FiringAlert& alert : status.alerts.value_or(std::vector<FiringAlert>())) {
    if (alert.severity != "critical" || !alert.held.empty()) continue;
    findings.add(alert.subject.empty() ? alert.name : alert.subject,
                 fmt::format("has the alert {}", alert.name));
  }
  return findings.take();
}

Look read_status(const StatusQuestion& question,
                 HttpTransport& http,
                 RemoteShell& shell,
                 Vault& vault,
                 TimePoint now) {
  const Desired& desired = question.desired;
  const Alerting* alerting = question.alerting;
  const auto readings = make_status_readings(desired, question.readers);
  std::vector<const Kind*> kinds;
  for (const Kind& kind : question.kinds) kinds.push_back(&kind);
  auto objects = make_readings(desired, kinds);
  Replies replies;
  const auto besides = [&](const Replies& so_far) {
    std::vector<Query> queries;
    if (alerting != nullptr) {
      queries = check_queries(*alerting);
      queries.push_back(alert_query(*alerting));
    }
    for (const StatusReading& reading : readings) {
      for (Query& query : reading.reader->queries(reading.batch, so_far)) {
        queries.push_back(std::move(query));
      }
    }
    return queries;
  };
  Look look;
  Status& status = look.status;
  status.waves = ask_all(objects, &Kind::queries, besides, http, shell, vault, replies).waves;
  for (const StatusReading& reading : readings) {
    const auto read = reading.reader->read(reading.batch, replies, now, status);
    if (!read) status.gaps.push_back({reading.batch.scope.name, read.error()});
  }
  if (alerting != nullptr) read_alerting(*alerting, replies, now, status);
  status.findings = findings_of(status);
  if (!kinds.empty()) interpret_readings(objects, desired, replies, vault, look.observed);
  return look;
}

}  // namespace aegis
