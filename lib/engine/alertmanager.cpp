#include "engine/alertmanager.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "engine/samples.h"

namespace aegis {
namespace {

constexpr const char* k_json = "application/json";
constexpr std::string_view k_attempts = "alertmanager_notification_requests_total{integration=\"";
constexpr std::string_view k_failures =
    "alertmanager_notification_requests_failed_total{integration=\"";

Result<std::string> body_of(Result<HttpResponse>&& response) {
  if (!response) return response.error();
  if (response->status >= 200 && response->status < 300) return std::move(response->body);
  std::string words(trim(response->body));
  if (words.empty()) words = response->reason;
  return Error{response->status == 404 ? ErrorCode::not_found : ErrorCode::rejected,
               fmt::format("Alertmanager says {}: {}", response->status, words)};
}

Json to_json(const AlertMatcher& matcher) {
  return {{"name", matcher.label},
          {"value", matcher.value},
          {"isRegex", matcher.is_regex},
          {"isEqual", matcher.is_equal}};
}

Silence read_silence(const Json& json) {
  Silence silence;
  silence.id = text_or(json, "id");
  silence.from = text_or(json, "startsAt");
  silence.until = text_or(json, "endsAt");
  silence.by = text_or(json, "createdBy");
  silence.comment = text_or(json, "comment");
  for (const Json& matcher : get(json, "matchers")) {
    silence.matchers.push_back({text_or(matcher, "name"),
                                text_or(matcher, "value"),
                                get(matcher, "isRegex") == true,
                                get(matcher, "isEqual") != false});
  }
  return silence;
}

// Of the series `name{integration="discord"}` that begin with `name`: their values, for "discord".
void read_counter(const Samples& samples,
                  std::string_view name,
                  double NotificationCount::*counter,
                  std::map<std::string, NotificationCount>& counts) {
  for (const auto& [series, value] : samples) {
    if (!series.starts_with(name)) continue;
    const std::string_view rest = std::string_view(series).substr(name.size());
    const std::size_t quote = rest.find('"');
    if (quote != std::string_view::npos)
      counts[std::string(rest.substr(0, quote))].*counter += value;
  }
}

}  // namespace

Result<std::string> Alertmanager::get_text(const std::string& path) const {
  HttpRequest request;
  request.endpoint = endpoint_;
  request.path = path;
  return body_of(http_.send(request));
}

Result<Json> Alertmanager::get_json(const std::string& path) const {
  const auto text = get_text(path);
  if (!text) return text.error();
  return parse_json(*text).in_context(path);
}

Result<std::string> Alertmanager::post_json(const std::string& path, const Json& body) const {
  HttpRequest request;
  request.endpoint = endpoint_;
  request.method = "POST";
  request.path = path;
  request.content_type = k_json;
  request.body = dump_json(body);
  return body_of(http_.send(request));
}

Result<std::string> Alertmanager::version() const {
  const auto status = get_json("/api/v2/status");
  if (!status) return status.error();
  return text_or(get(*status, "versionInfo"), "version", "?");
}

Result<Done> Alertmanager::post(const Json& alert) const {
  const auto done = post_json("/api/v2/alerts", Json::array({alert}));
  if (!done) return done.error();
  return Done{};
}

Result<Alertmanager::Routed> Alertmanager::find(const std::string& name) const {
  const std::string filter = percent_encode(fmt::format("alertname=\"{}\"", name));
  const auto alerts = get_json("/api/v2/alerts?filter=" + filter);
  if (!alerts) return alerts.error();
  if (!alerts->is_array() || alerts->empty()) {
    return Error{ErrorCode::not_found, fmt::format("Alertmanager has no alert {}", name)};
  }
  const Json& alert = alerts->front();
  Routed routed;
  for (const Json& receiver : get(alert, "receivers")) {
    routed.receivers.push_back(text_or(receiver, "name"));
  }
  routed.held = held_by(alert);
  return routed;
}

Result<std::map<std::string, NotificationCount>> Alertmanager::counts() const {
  const auto metrics = get_text("/metrics");
  if (!metrics) return metrics.error();
  return read_counts(*metrics);
}

Result<std::string> Alertmanager::add(const Silence& silence) const {
  Json matchers = Json::array();
  for (const AlertMatcher& matcher : silence.matchers) matchers.push_back(to_json(matcher));
  Json body{{"matchers", std::move(matchers)},
            {"startsAt", silence.from},
            {"endsAt", silence.until},
            {"createdBy", silence.by},
            {"comment", silence.comment}};
  if (!silence.id.empty()) body["id"] = silence.id;
  const auto made = post_json("/api/v2/silences", body);
  if (!made) return made.error();
  const auto answer = parse_json(*made);
  if (!answer) return answer.error();
  return text_or(*answer, "silenceID");
}

Result<Done> Alertmanager::end(const std::string& id) const {
  HttpRequest request;
  request.endpoint = endpoint_;
  request.method = "DELETE";
  request.path = "/api/v2/silence/" + percent_encode(id);
  const auto ended = body_of(http_.send(request));
  if (!ended) return ended.error();
  return Done{};
}

Result<std::vector<Silence>> Alertmanager::silences() const {
  const auto list = get_json("/api/v2/silences");
  if (!list) return list.error();
  std::vector<Silence> silences;
  for (const Json& json : *list) {
    if (text_or(get(json, "status"), "state") != "expired") silences.push_back(read_silence(json));
  }
  std::sort(silences.begin(), silences.end(), [](const Silence& a, const Silence& b) {
    return std::tie(a.until, a.id) < std::tie(b.until, b.id);
  });
  return silences;
}

std::string held_by(const Json& alert) {
  const Json& status = get(alert, "status");
  if (!get(status, "silencedBy").empty()) return "silenced";
  if (!get(status, "inhibitedBy").empty()) return "inhibited";
  return {};
}

std::map<std::string, NotificationCount> read_counts(std::string_view metrics) {
  std::map<std::string, NotificationCount> counts;
  const Samples samples = read_samples(metrics);
  read_counter(samples, k_attempts, &NotificationCount::attempts, counts);
  read_counter(samples, k_failures, &NotificationCount::failures, counts);
  return counts;
}

}  // namespace aegis
