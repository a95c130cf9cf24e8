#include "relay/relay.h"

#include <fmt/format.h>

#include <array>

namespace aegis::relay {
namespace {

constexpr std::string_view k_alertmanager = "/alertmanager/";

struct Metric {
  const char* name;
  const char* type;
  const char* help;
  double (*value)(const Courier::Counts&);
};

constexpr std::array<Metric, 5> k_metrics{{
    {"waiting",
     "gauge",
     "Messages that wait",
     [](const auto& counts) { return static_cast<double>(counts.waiting); }},
    {"oldest_seconds",
     "gauge",
     "How long the first of them waits",
     [](const auto& counts) { return static_cast<double>(counts.oldest.count()); }},
    {"sent_total",
     "counter",
     "Messages that the service took",
     [](const auto& counts) { return static_cast<double>(counts.sent); }},
    {"failed_total",
     "counter",
     "Attempts that are made again",
     [](const auto& counts) { return static_cast<double>(counts.failed); }},
    {"refused_total",
     "counter",
     "Messages that the service refused for good",
     [](const auto& counts) { return static_cast<double>(counts.refused); }},
}};

bool is_equal(std::string_view one, std::string_view other) {
  unsigned difference = one.size() == other.size() ? 0 : 1;
  for (std::size_t i = 0; i < one.size() && i < other.size(); ++i) {
    difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
  }
  return difference == 0;
}

}  // namespace

std::string endpoint_of(const Destination& destination) {
  return "relay/" + destination.channel;
}

Result<std::unique_ptr<Relay>> Relay::open(const Config& config,
                                           const std::filesystem::path& folder,
                                           HttpTransport& http,
                                           const Log& log,
                                           Patience patience) {
  std::unique_ptr<Relay> relay(new Relay(config));
  relay->log_ = log;
  for (const auto& [name, channel] : config.channels) {
    for (const Destination& destination : channel.destinations) {
      auto queue = DiskQueue::open(folder / destination.name);
      if (!queue) return queue.error();
      const std::size_t waiting = (*queue)->size();
      if (waiting > 0) log(fmt::format("{}: {} waiting from before", name, waiting));
      relay->couriers_[name].push_back(std::make_unique<Courier>(destination,
                                                                 *channel.service,
                                                                 endpoint_of(destination),
                                                                 std::move(*queue),
                                                                 http,
                                                                 log,
                                                                 patience));
    }
  }
  return relay;
}

Answer Relay::answer(const Call& call) {
  if (call.method == "GET" && call.path == "/healthy") return {200, "ok\n"};
  if (call.method == "GET" && call.path == "/metrics") {
    return {200, metrics(), "text/plain; version=0.0.4; charset=utf-8"};
  }
  if (call.method != "POST") return {404, "there is nothing here\n"};
  if (!token_.empty() && !is_equal(call.authorization, "Bearer " + token_.reveal())) {
    return {401, "a bearer token is needed\n"};
  }
  if (call.path == "/proxmox") return take_from_proxmox(call.body);
  if (call.path.starts_with(k_alertmanager)) {
    return take_from_alertmanager(call.path.substr(k_alertmanager.size()), call.body);
  }
  return {404, "there is nothing here\n"};
}

Answer Relay::take_from_alertmanager(const std::string& channel, const std::string& body) {
  if (!couriers_.contains(channel)) return {404, "there is no such channel\n"};
  const auto json = parse_json(body);
  const auto notice = json ? read_alertmanager_notice(*json) : Result<Notice>(json.error());
  if (!notice) return {400, notice.error().message + "\n"};
  return hand_over(*notice, {channel});
}

Answer Relay::take_from_proxmox(const std::string& body) {
  const auto json = parse_json(body);
  const auto notice = json ? read_proxmox_notice(*json) : Result<Notice>(json.error());
  if (!notice) return {400, notice.error().message + "\n"};
  const auto route = routes_.find(notice->severity);
  return route == routes_.end() ? Answer{200, "told nobody\n"} : hand_over(*notice, route->second);
}

// One destination that cannot take it does not keep it from the others; who asks again may tell
// them twice, which is better than not at all.
Answer Relay::hand_over(const Notice& notice, const std::vector<std::string>& channels) {
  bool kept = true;
  for (const std::string& channel : channels) {
    for (const auto& courier : couriers_.at(channel)) {
      const auto accepted = courier->accept(notice);
      if (accepted) continue;
      kept = false;
      log_(fmt::format("{}: not kept: {}", channel, accepted.error().message));
    }
  }
  return kept ? Answer{200, "kept\n"} : Answer{503, "not kept everywhere\n"};
}

std::string Relay::metrics() const {
  std::string text;
  for (const Metric& metric : k_metrics) {
    text += fmt::format("# HELP aegisctl_relay_{0} {2}.\n# TYPE aegisctl_relay_{0} {1}\n",
                        metric.name,
                        metric.type,
                        metric.help);
    for (const auto& [channel, couriers] : couriers_) {
      for (std::size_t i = 0; i < couriers.size(); ++i) {
        text += fmt::format("aegisctl_relay_{}{{channel=\"{}\",recipient=\"{}\"}} {}\n",
                            metric.name,
                            channel,
                            i + 1,
                            metric.value(couriers[i]->counts()));
      }
    }
  }
  return text;
}

}  // namespace aegis::relay
