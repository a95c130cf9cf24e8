#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace aegis {

/// A check as it is declared.
struct DeclaredCheck {
  std::string name;
  std::string type;      ///< "http", "postgres"
  std::string resource;  ///< what it is about, an address; may be empty
  std::string module;    ///< of the blackbox exporter; empty: it is a program of the system
  std::string target;    ///< what the blackbox exporter looks at
};

/// What the manifests say of the way from an alert to people.
struct Alerting {
  std::string on;                     ///< the system that runs Alertmanager: "container/monitor"
  std::string endpoint;               ///< its HTTP API
  std::string prober;                 ///< the HTTP API of the blackbox exporter
  std::string shell;                  ///< the root shell of the system
  std::vector<DeclaredCheck> checks;  ///< by name
  std::map<std::string, std::string> channels;  ///< by name: Alertmanager's integration, "discord"
  std::map<std::string, std::vector<std::string>> routes;  ///< by severity: channels
  std::set<std::string> quiet;           ///< severities that are silent in the quiet hours
  std::vector<std::string> grouping;     ///< labels; alerts that agree in them are told together
  std::set<std::string> node_exporters;  ///< what alerts call the systems that are measured
};

/// What Alertmanager has done so far with one of its integrations, since it was started.
struct NotificationCount {
  double attempts = 0;
  double failures = 0;

  bool operator==(const NotificationCount&) const = default;
};

/// How a test alert fared at the channels of one integration, which Alertmanager counts together.
struct TestDelivery {
  std::string integration;
  std::vector<std::string> channels;
  NotificationCount before;
  NotificationCount after;

  [[nodiscard]] double sent() const;
  [[nodiscard]] double failed() const { return after.failures - before.failures; }
  [[nodiscard]] bool is_complete() const;
};

/// What came of a test alert, hop by hop.
struct AlertTest {
  std::string on;
  std::string version;                   ///< of Alertmanager
  std::string alert;                     ///< its name
  std::string severity;                  ///< its routes were taken
  std::string held;                      ///< "silenced", "inhibited"; empty: it is on its way
  std::vector<std::string> undeclared;   ///< receivers that the manifests do not have
  std::vector<std::string> missing;      ///< channels that Alertmanager did not route it to
  std::vector<TestDelivery> deliveries;  ///< by integration

  /// True when it reached every channel that it should.
  [[nodiscard]] bool arrived() const;
};

/// A label and what it must be, in Alertmanager's terms.
struct AlertMatcher {
  std::string label;
  std::string value;
  bool is_regex = false;
  bool is_equal = true;  ///< false: it must not be so
};

/// Alerts that nobody is told of, for a time.
struct Silence {
  std::string id;  ///< Alertmanager's; empty before it was made
  std::vector<AlertMatcher> matchers;
  std::string from;  ///< RFC 3339
  std::string until;
  std::string by;
  std::string comment;
};

/// "resource=~\"container/web(/.*)?\"", as Alertmanager writes it.
std::string to_string(const AlertMatcher& matcher);

/// An alert that fires.
struct FiringAlert {
  std::string name;
  std::string severity;
  std::string subject;  ///< its label `resource`, else `instance`; may be empty
  std::string summary;
  std::string since;  ///< RFC 3339
  std::string held;   ///< "silenced", "inhibited"; empty: people are told
};

}  // namespace aegis
