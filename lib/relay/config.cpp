#include "relay/config.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::relay {
namespace {

Error wrong(std::string what) {
  return {ErrorCode::rejected, "the relay's configuration: " + std::move(what)};
}

Result<Channel> read_channel(const std::string& name, const Json& value) {
  if (!value.is_object() || value.size() != 1) {
    return wrong(fmt::format("channels.{} has not exactly one service", name));
  }
  const std::string service = value.begin().key();
  Channel channel{find_service(service), {}};
  if (channel.service == nullptr) {
    return wrong(fmt::format("channels.{}: there is no service {}; there are {}",
                             name,
                             service,
                             list_words(service_names())));
  }
  auto destinations = channel.service->destinations(name, value.begin().value());
  if (!destinations) return wrong(destinations.error().message);
  channel.destinations = std::move(*destinations);
  return channel;
}

}  // namespace

Result<Config> read_config(const std::string& text) {
  const auto json = parse_json(text);
  // What the parser says may hold a piece of the file, which is secret.
  if (!json || !json->is_object()) return wrong("it is no JSON object");
  Config config;
  config.token = Secret(text_or(*json, "token"));
  for (const auto& [name, value] : get(*json, "channels").items()) {
    auto channel = read_channel(name, value);
    if (!channel) return channel.error();
    config.channels.emplace(name, std::move(*channel));
  }
  for (const auto& [severity, names] : get(*json, "routes").items()) {
    for (const Json& name : names) {
      if (!config.channels.contains(as_text(name))) {
        return wrong(fmt::format("routes.{} names a channel that it does not have", severity));
      }
      config.routes[severity].push_back(as_text(name));
    }
  }
  return config;
}

}  // namespace aegis::relay
