#include "engine/checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engine/samples.h"

namespace aegis {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Where the script of checks (monitoring/program_checks.h) leaves what it finds.
constexpr const char* k_results_script =
    "cat /var/lib/prometheus/node-exporter/aegisctl_check_*.prom 2>/dev/null || true\n";

constexpr double k_milli = 1000;

std::optional<double> value_of(const Samples& samples, const std::string& name) {
  const auto found = samples.find(name);
  return found == samples.end() ? std::nullopt : std::optional<double>(found->second);
}

Query probe_query(const Alerting& alerting, const DeclaredCheck& check) {
  return {Query::Type::http_get,
          alerting.prober,
          fmt::format("/probe?module={}&target={}",
                      percent_encode(check.module),
                      percent_encode(check.target))};
}

Query results_query(const Alerting& alerting) {
  return {Query::Type::facts, alerting.shell, k_results_script};
}

/// What the exporter, or the system's shell, said; else why it did not.
Result<std::string> answer(const Replies& replies, const Query& query) {
  const auto found = replies.find(query);
  if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
  const Reply& reply = found->second;
  if (reply.error) return *reply.error;
  if (query.type == Query::Type::facts) return text_or(reply.body, "out");
  if (reply.status == 200) return reply.text;
  return Error{ErrorCode::rejected,
               fmt::format("the blackbox exporter says {}: {}", reply.status, trim(reply.text))};
}

// Series of programs bear the check's name first among their labels.
Samples samples_of(const Samples& all, const std::string& check) {
  const std::string label = fmt::format("{{check=\"{}\",", check);
  Samples own;
  for (const auto& [name, value] : all) {
    const std::size_t brace = name.find('{');
    if (brace != std::string::npos && name.compare(brace, label.size(), label) == 0) {
      own[name.substr(0, brace)] = value;
    }
  }
  return own;
}

void judge(const Samples& samples, TimePoint now, CheckStatus& status) {
  const double today =
      static_cast<double>(std::chrono::duration_cast<seconds>(now.time_since_epoch()).count());
  const auto success = value_of(samples, "probe_success");
  if (!success) return;
  status.is_well = *success == 1;
  status.state = status.is_well ? "passed" : "failed";
  if (const auto until = value_of(samples, "check_valid_until_seconds"); until && *until < today) {
    status.is_well = false;
    status.state = "overdue";
  }
  if (const auto took = value_of(samples, "probe_duration_seconds")) {
    status.took = milliseconds(static_cast<std::int64_t>(*took * k_milli));
  }
  if (const auto expiry = value_of(samples, "probe_ssl_earliest_cert_expiry")) {
    status.certificate = seconds(static_cast<std::int64_t>(*expiry - today));
  }
}

void add_gap(const std::string& scope, const Error& error, std::vector<StatusGap>& gaps) {
  const bool known = std::any_of(gaps.begin(), gaps.end(), [&](const StatusGap& gap) {
    return gap.error.message == error.message;
  });
  if (!known) gaps.push_back({scope, error});
}

}  // namespace

std::vector<Query> check_queries(const Alerting& alerting) {
  std::vector<Query> queries;
  bool has_programs = false;
  for (const DeclaredCheck& check : alerting.checks) {
    if (check.module.empty()) {
      has_programs = true;
    } else {
      queries.push_back(probe_query(alerting, check));
    }
  }
  if (has_programs) queries.push_back(results_query(alerting));
  return queries;
}

std::vector<CheckStatus> read_checks(const Alerting& alerting,
                                     const Replies& replies,
                                     TimePoint now,
                                     std::vector<StatusGap>& gaps) {
  const auto results = answer(replies, results_query(alerting));
  const Samples programs = read_samples(results ? *results : "");
  std::vector<CheckStatus> checks;
  for (const DeclaredCheck& check : alerting.checks) {
    CheckStatus status;
    status.name = check.name;
    status.type = check.type;
    status.subject = check.resource.empty() ? check.target : check.resource;
    status.state = "unknown";
    const bool is_program = check.module.empty();
    const auto said = is_program ? results : answer(replies, probe_query(alerting, check));
    if (said)
      judge(is_program ? samples_of(programs, check.name) : read_samples(*said), now, status);
    if (said && status.state == "unknown") status.is_well = false;
    if (!said) add_gap(is_program ? alerting.on : alerting.prober, said.error(), gaps);
    checks.push_back(std::move(status));
  }
  return checks;
}

}  // namespace aegis
