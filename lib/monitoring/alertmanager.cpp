#include "monitoring/alertmanager.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/units.h"
#include "monitoring/fields.h"
#include "monitoring/relay.h"
#include "monitoring/watchdog.h"

namespace aegis::monitoring {
namespace {

constexpr const char* k_quiet = "quiet-hours";
constexpr const char* k_repeat = "4h";
constexpr const char* k_watchdog_period = "1m";
constexpr const char* k_relay_secret = "_relay";  // no channel can be called so

std::string secret_file(const std::string& channel) {
  return fmt::format("{}/{}", k_secrets_folder, channel);
}

Json discord(const std::string&, const Json& channel, const Json&) {
  return {{"webhook_url", channel.at("webhook")}};
}

Json telegram(const std::string&, const Json& channel, const Json&) {
  Json config{{"bot_token", channel.at("token")}, {"chat_id", channel.at("chat")}};
  copy_field(channel, "api", config, "api_url");
  return config;
}

Json email(const std::string& name, const Json& channel, const Json&) {
  Json config{{"to", channel.at("to")},
              {"from", channel.at("from")},
              {"smarthost", channel.at("smarthost")}};
  copy_field(channel, "username", config, "auth_username");
  if (channel.contains("password")) config["auth_password_file"] = secret_file(name);
  return config;
}

Json webhook(const std::string& name, const Json& channel, const Json&) {
  Json config{{"url", channel.at("url")}};
  if (channel.contains("token")) {
    config["http_config"]["authorization"]["credentials_file"] = secret_file(name);
  }
  return config;
}

// Alertmanager cannot send it: the relay can.
Json whatsapp(const std::string& name, const Json&, const Json& alerts) {
  Json config{{"url", fmt::format("http://{}/alertmanager/{}", relay_address(alerts), name)}};
  if (get(alerts, "relay").contains("token")) {
    config["http_config"]["authorization"]["credentials_file"] = secret_file(k_relay_secret);
  }
  return config;
}

struct ChannelType {
  const char* field;
  const char* configs;
  Json (*config)(const std::string&, const Json&, const Json&);
  const char* in_file;  ///< the secret that is read from a file; null: none
};

constexpr ChannelType k_types[]{
    {"discord", "discord_configs", discord, nullptr},
    {"email", "email_configs", email, "password"},
    {"telegram", "telegram_configs", telegram, nullptr},
    {"webhook", "webhook_configs", webhook, "token"},
    {"whatsapp", "webhook_configs", whatsapp, nullptr},
};

Json receiver(const std::string& name, const Json& channel, const Json& alerts) {
  Json result{{"name", name}};
  for (const ChannelType& type : k_types) {
    if (!channel.contains(type.field)) continue;
    const Json& settings = channel.at(type.field);
    Json config = type.config(name, settings, alerts);
    config["send_resolved"] = get(settings, "resolved") != false;
    result[type.configs] = Json::array({std::move(config)});
  }
  return result;
}

// A repetition is only thought of when a group's interval has passed: half of it leaves no doubt
// that it is due then.
Json watchdog_route(const Json& watchdog) {
  const std::string every = text_or(watchdog, "every", k_watchdog_period);
  const auto period = parse_duration(every).value_or(std::chrono::minutes(1));
  return {{"matchers", {fmt::format("alertname=\"{}\"", k_watchdog)}},
          {"receiver", watchdog.at("channel")},
          {"group_wait", "0s"},
          {"group_interval", every},
          {"repeat_interval", format_duration(period / 2)}};
}

Json routes_of(const Json& alerts) {
  Json routes = Json::array();
  if (alerts.contains("watchdog")) routes.push_back(watchdog_route(alerts.at("watchdog")));
  for (const char* severity : k_severities) {
    const Json channels = channels_of(alerts, severity);
    for (const Json& channel : channels) {
      Json route{{"matchers", {fmt::format("severity=\"{}\"", severity)}}, {"receiver", channel}};
      if (is_quiet(alerts, severity)) route["mute_time_intervals"] = {k_quiet};
      if (channel != channels.back()) route["continue"] = true;
      routes.push_back(std::move(route));
    }
  }
  return routes;
}

Json quiet_hours(const Json& quiet) {
  const std::string from = text_or(quiet, "from");
  const std::string to = text_or(quiet, "to");
  const auto range = [](const std::string& start, const std::string& end) {
    return Json{{"start_time", start}, {"end_time", end}};
  };
  Json times = Json::array();
  if (from < to) {
    times.push_back(range(from, to));
  } else {
    times.push_back(range(from, "24:00"));
    if (to != "00:00") times.push_back(range("00:00", to));
  }
  Json interval{{"times", std::move(times)}};
  copy_field(quiet, "timezone", interval, "location");
  return {{"name", k_quiet}, {"time_intervals", Json::array({interval})}};
}

// What is critical makes the lesser alerts of the same thing superfluous. Labels that both lack
// count as equal, so that it must have the label that tells what it is about.
Json default_inhibition() {
  const Json rule{{"source_matchers", {"severity=\"critical\"", "topic!=\"\""}},
                  {"target_matchers", {"severity=~\"warning|info\""}},
                  {"equal", {"topic", "instance", "mountpoint"}}};
  return Json::array({rule});
}

}  // namespace

std::string integration_of(const Json& channel) {
  for (const ChannelType& type : k_types) {
    const std::string_view configs = type.configs;
    if (channel.contains(type.field)) return std::string(configs.substr(0, configs.rfind('_')));
  }
  return {};
}

Json channels_of(const Json& alerts, const std::string& severity) {
  const Json& routes = get(alerts, "routes");
  if (routes.contains(severity)) return routes.at(severity);
  Json all = Json::array();  // where the manifest does not say
  for (const auto& [name, channel] : get(alerts, "channels").items()) all.push_back(name);
  return all;
}

bool is_quiet(const Json& alerts, const std::string& severity) {
  const Json& quiet = get(alerts, "quiet_hours");
  if (quiet.is_null()) return false;
  const Json severities = quiet.value("severities", Json{"warning", "info"});
  return std::find(severities.begin(), severities.end(), severity) != severities.end();
}

Json grouping_of(const Json& alerts) {
  return alerts.value("group_by", Json{"alertname"});
}

Json alertmanager_config(const Json& alerts) {
  Json receivers = Json::array();
  for (const auto& [name, channel] : get(alerts, "channels").items()) {
    receivers.push_back(receiver(name, channel, alerts));
  }
  Json config{{"route",
               {{"receiver", channels_of(alerts, k_severities[0]).front()},
                {"group_by", grouping_of(alerts)},
                {"repeat_interval", text_or(alerts, "repeat", k_repeat)},
                {"routes", routes_of(alerts)}}},
              {"inhibit_rules", alerts.value("inhibit", default_inhibition())},
              {"receivers", std::move(receivers)}};
  if (alerts.contains("quiet_hours")) {
    config["time_intervals"] = Json::array({quiet_hours(alerts.at("quiet_hours"))});
  }
  return config;
}

std::map<std::string, Json> secret_files(const Json& alerts) {
  std::map<std::string, Json> files;
  const Json& token = get(get(alerts, "relay"), "token");
  if (!token.is_null()) files[k_relay_secret] = token;
  for (const auto& [name, channel] : get(alerts, "channels").items()) {
    for (const ChannelType& type : k_types) {
      if (type.in_file == nullptr) continue;
      const Json& secret = get(get(channel, type.field), type.in_file);
      if (!secret.is_null()) files[name] = secret;
    }
  }
  return files;
}

}  // namespace aegis::monitoring
