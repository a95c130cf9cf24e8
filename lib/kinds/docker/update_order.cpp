#include "kinds/docker/update_order.h"

#include <fmt/format.h>

namespace aegis::docker {
namespace {

std::string port_obstacle(const Json& spec) {
  for (const Json& port : get(spec, "ports")) {
    const std::string published = as_text(get(port, "published"));
    const bool is_range = published.find('-') != std::string::npos;
    if (!published.empty() && published != "0" && !is_range) {
      return fmt::format("port {} of the host is the old container's", published);
    }
  }
  return "";
}

std::string network_obstacle(const Json& spec) {
  const std::string mode = text_or(spec, "network_mode");
  if (mode == "host") return "both would use the host's ports";
  if (mode.find(':') != std::string::npos) return "both would use the ports of one network";
  if (!get(spec, "mac_address").is_null()) return "the MAC address is the old container's";
  for (const auto& [key, how] : get(spec, "networks").items()) {
    for (const char* fixed : {"ipv4_address", "ipv6_address", "mac_address"}) {
      if (!get(how, fixed).is_null()) {
        return fmt::format("the address {} is the old container's", as_text(get(how, fixed)));
      }
    }
  }
  return "";
}

}  // namespace

bool asks_for_start_first(const Json& spec) {
  return text_or(get(spec, "update_config"), "order") == "start-first";
}

std::string start_first_obstacle(const Json& spec, const Json& context) {
  if (std::string obstacle = port_obstacle(spec); !obstacle.empty()) return obstacle;
  if (std::string obstacle = network_obstacle(spec); !obstacle.empty()) return obstacle;
  const Json& data = get(context, "data");
  if (!data.is_null()) {
    return fmt::format("two of {} cannot use the same data", text_or(data, "product"));
  }
  if (!get(context, "anonymous").empty()) return "the old container uses the data that moves on";
  return "";
}

}  // namespace aegis::docker
