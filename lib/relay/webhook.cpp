#include "relay/service.h"

namespace aegis::relay {
namespace {

Result<std::vector<Destination>> destinations(const std::string& name, const Json& settings) {
  auto destination = destination_at(name, text_or(settings, "url"));
  if (!destination) return destination.error();
  destination->token = Secret(text_or(settings, "token"));
  return std::vector{std::move(*destination)};
}

// As Alertmanager posts it, so that a program needs to know one form.
HttpRequest request(const Destination& destination, const Notice& notice) {
  const Json labels{{"alertname", notice.title}, {"severity", notice.severity}};
  const Json annotations{{"summary", notice.title}, {"description", notice.text}};
  const Json alert{{"status", notice.state}, {"labels", labels}, {"annotations", annotations}};
  return post_json(destination,
                   {{"version", "4"},
                    {"status", notice.state},
                    {"receiver", destination.channel},
                    {"groupLabels", {{"alertname", notice.title}}},
                    {"commonLabels", labels},
                    {"commonAnnotations", annotations},
                    {"alerts", Json::array({alert})}});
}

Verdict judge(const HttpResponse& response) {
  return judge_status(response, "");
}

}  // namespace

const Service k_webhook{"webhook", std::chrono::milliseconds(0), destinations, request, judge};

}  // namespace aegis::relay
