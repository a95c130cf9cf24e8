#include "engine/test_alert.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/alertmanager.h"
#include "engine/utc_time.h"

namespace aegis {
namespace {

constexpr std::chrono::minutes k_life{5};
constexpr std::chrono::milliseconds k_pause{500};
// After a failure Alertmanager tries again within seconds; it may have been a hiccup.
constexpr std::chrono::seconds k_grace{10};

constexpr std::array k_mildest_first{"info", "warning", "critical"};

Json test_alert(const Alerting& alerting,
                const AlertTest& test,
                const AlertTestOptions& options,
                const Clock& clock) {
  Json labels{{"alertname", test.alert}, {"severity", test.severity}};
  // With a value of its own in each, no group has it that was told of something already.
  for (const std::string& label : alerting.grouping) {
    if (label != "..." && !labels.contains(label)) labels[label] = test.alert;
  }
  return {
      {"labels", std::move(labels)},
      {"annotations",
       {{"summary", fmt::format("A test of the alerts by {}: nothing is wrong.", options.who)}}},
      {"endsAt", format_utc(clock.now() + k_life)}};
}

// One delivery for each integration that the receivers use.
void expect_deliveries(const Alerting& alerting,
                       const std::vector<std::string>& receivers,
                       const std::map<std::string, NotificationCount>& before,
                       AlertTest& test) {
  std::map<std::string, std::vector<std::string>> channels;
  for (const std::string& receiver : receivers) {
    const auto channel = alerting.channels.find(receiver);
    if (channel == alerting.channels.end()) {
      test.undeclared.push_back(receiver);
    } else {
      channels[channel->second].push_back(receiver);
    }
  }
  for (const auto& [integration, names] : channels) {
    const auto count = before.find(integration);
    const NotificationCount begin = count == before.end() ? NotificationCount{} : count->second;
    test.deliveries.push_back({integration, names, begin, begin});
  }
}

void find_missing(const Alerting& alerting,
                  const std::string& wanted,
                  const std::vector<std::string>& receivers,
                  AlertTest& test) {
  std::vector<std::string> expected = alerting.routes.at(test.severity);
  if (!wanted.empty()) expected = {wanted};
  for (const std::string& channel : expected) {
    const bool is_routed =
        std::find(receivers.begin(), receivers.end(), channel) != receivers.end();
    if (!is_routed) test.missing.push_back(channel);
  }
}

bool is_over(const AlertTest& test) {
  return std::all_of(test.deliveries.begin(), test.deliveries.end(), [](const auto& delivery) {
    return delivery.is_complete();
  });
}

bool has_failed(const AlertTest& test) {
  return std::any_of(test.deliveries.begin(), test.deliveries.end(), [](const auto& delivery) {
    return !delivery.is_complete() && delivery.failed() > 0;
  });
}

Result<Done> watch(const Alertmanager& alertmanager,
                   std::chrono::milliseconds patience,
                   Clock& clock,
                   AlertTest& test) {
  TimePoint end = clock.now() + patience;
  bool failed = false;
  while (!is_over(test) && clock.now() < end) {
    clock.sleep_for(k_pause);
    const auto counts = alertmanager.counts();
    if (!counts) return counts.error();
    for (TestDelivery& delivery : test.deliveries) {
      const auto count = counts->find(delivery.integration);
      if (count != counts->end()) delivery.after = count->second;
    }
    if (!failed && has_failed(test)) {
      failed = true;
      end = std::min<TimePoint>(end, clock.now() + k_grace);
    }
  }
  return Done{};
}

}  // namespace

std::optional<std::string> severity_to_reach(const Alerting& alerting, const std::string& channel) {
  for (const bool quiet : {false, true}) {
    for (const char* severity : k_mildest_first) {
      const auto route = alerting.routes.find(severity);
      if (route == alerting.routes.end() || alerting.quiet.contains(severity) != quiet) continue;
      const auto& channels = route->second;
      if (std::find(channels.begin(), channels.end(), channel) != channels.end()) return severity;
    }
  }
  return std::nullopt;
}

Result<AlertTest> test_alerts(const Alerting& alerting,
                              const AlertTestOptions& options,
                              HttpTransport& http,
                              Clock& clock) {
  const auto severity = options.channel.empty() ? std::optional<std::string>("critical")
                                                : severity_to_reach(alerting, options.channel);
  if (!severity) {
    return Error{
        ErrorCode::not_found,
        fmt::format("no severity is routed to {}: alerts.routes decides it", options.channel)};
  }
  const Alertmanager alertmanager(http, alerting.endpoint);
  AlertTest test{alerting.on, {}, "AegisctlTest-" + options.run, *severity, {}, {}, {}, {}};
  const auto version = alertmanager.version();
  if (!version) return version.error();
  test.version = *version;
  const auto before = alertmanager.counts();
  if (!before) return before.error();
  const auto posted = alertmanager.post(test_alert(alerting, test, options, clock));
  if (!posted) return posted.error();
  const auto routed = alertmanager.find(test.alert);
  if (!routed) return routed.error();
  test.held = routed->held;
  expect_deliveries(alerting, routed->receivers, *before, test);
  find_missing(alerting, options.channel, routed->receivers, test);
  if (!test.held.empty()) return test;
  const auto watched = watch(alertmanager, options.patience, clock, test);
  if (!watched) return watched.error();
  return test;
}

}  // namespace aegis
