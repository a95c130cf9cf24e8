#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/secret.h"
#include "effects/http.h"
#include "relay/notice.h"

namespace aegis::relay {

/// One place that messages go to; it has a queue and a courier of its own.
struct Destination {
  std::string name;     ///< "phone.447700900123": no other has it
  std::string channel;  ///< "phone"
  std::string site;     ///< scheme, host and port
  Secret path;          ///< of the request: Discord and Telegram put their secrets there
  Secret token;         ///< a bearer token; empty: none
  Json settings;        ///< what the service needs besides; no secrets
};

/// What became of a message.
struct Verdict {
  enum class Outcome {
    sent,
    later,   ///< not now: try again
    amiss,   ///< not before somebody mends the credentials or the template: try again, seldom
    refused  ///< never: this message itself is not taken
  };
  Outcome outcome;
  std::string reason = {};              ///< the service's own words
  std::chrono::milliseconds wait = {};  ///< at least so long, when the service says so
};

/// A service that brings messages to people.
struct Service {
  std::string_view name;           ///< "whatsapp": the field of a channel that has its settings
  std::chrono::milliseconds pace;  ///< between two messages to one destination: its documented
                                   ///< limit

  /// The destinations of the channel `name`. `rejected` for settings that do not do.
  Result<std::vector<Destination>> (*destinations)(const std::string& name, const Json& settings);

  /// The message as the service documents it. The endpoint is left to the caller.
  HttpRequest (*request)(const Destination& destination, const Notice& notice);

  /// What an answer of the service means.
  Verdict (*judge)(const HttpResponse& response);
};

/// The service called `name`, or null.
const Service* find_service(std::string_view name);

/// The names of all.
std::vector<std::string> service_names();

/// What a status means where the service has no further word on it: with `reason`, and with the
/// wait that the header Retry-After asks for.
Verdict judge_status(const HttpResponse& response, std::string reason);

/// A POST of `body` as JSON, with the destination's path and token.
HttpRequest post_json(const Destination& destination, const Json& body);

/// A destination with the scheme, host and port of `url`; its path is the rest of it.
Result<Destination> destination_at(const std::string& channel, const std::string& url);

extern const Service k_discord;
extern const Service k_telegram;
extern const Service k_webhook;
extern const Service k_whatsapp;

}  // namespace aegis::relay
