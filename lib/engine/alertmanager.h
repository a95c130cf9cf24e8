#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "effects/http.h"
#include "model/alerting.h"

namespace aegis {

/// The HTTP API (v2) of an Alertmanager. Every call fails as the transport does, and with the
/// server's own words when it refuses.
class Alertmanager {
 public:
  /// Keeps a reference to `http`.
  Alertmanager(HttpTransport& http, std::string endpoint)
      : http_(http), endpoint_(std::move(endpoint)) {}

  /// "0.25.0"
  [[nodiscard]] Result<std::string> version() const;

  /// Hands over an alert, {"labels", "annotations", "endsAt"}, as Prometheus does.
  [[nodiscard]] Result<Done> post(const Json& alert) const;

  /// Where an alert that it has goes, and whether something holds it.
  struct Routed {
    std::vector<std::string> receivers;
    std::string held;  ///< "silenced", "inhibited" or empty
  };
  /// Of the alert called `name`; `not_found` when it has none.
  [[nodiscard]] Result<Routed> find(const std::string& name) const;

  /// What it has sent so far, by integration.
  [[nodiscard]] Result<std::map<std::string, NotificationCount>> counts() const;

  /// Makes a silence, or gives the one with its id other times; its id.
  [[nodiscard]] Result<std::string> add(const Silence& silence) const;

  /// Ends a silence at once.
  [[nodiscard]] Result<Done> end(const std::string& id) const;

  /// The silences that are not over, the first to end first.
  [[nodiscard]] Result<std::vector<Silence>> silences() const;

 private:
  [[nodiscard]] Result<std::string> get_text(const std::string& path) const;
  [[nodiscard]] Result<Json> get_json(const std::string& path) const;
  [[nodiscard]] Result<std::string> post_json(const std::string& path, const Json& body) const;

  HttpTransport& http_;
  std::string endpoint_;
};

/// The alerts in an answer of its API: "silenced", "inhibited" or empty of one alert.
std::string held_by(const Json& alert);

/// The counters of notifications in the text of its metrics, by integration.
std::map<std::string, NotificationCount> read_counts(std::string_view metrics);

}  // namespace aegis
