#include "manifest/compose/secret_places.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace aegis::compose {
namespace {

// "services.*.healthcheck.test", cut: the section, the key, and the key below it if not all of it.
struct Place {
  std::string_view section;
  std::string_view key;
  std::string_view inner;
};

constexpr std::array k_places{
    Place{"services", "command", ""},
    Place{"services", "entrypoint", ""},
    Place{"services", "environment", ""},
    Place{"services", "labels", ""},
    Place{"services", "extra_hosts", ""},
    Place{"services", "healthcheck", "test"},
    Place{"services", "logging", "options"},
    Place{"services", "post_start", ""},
    Place{"services", "pre_stop", ""},
    Place{"networks", "driver_opts", ""},
    Place{"networks", "labels", ""},
    Place{"volumes", "driver_opts", ""},
    Place{"volumes", "labels", ""},
    Place{"configs", "content", ""},
    Place{"secrets", "content", ""},
};

}  // namespace

bool takes_secrets(std::span<const std::string> keys) {
  if (keys.size() < 3) return false;
  return std::any_of(k_places.begin(), k_places.end(), [&](const Place& place) {
    const bool inner_fits = place.inner.empty() || (keys.size() > 3 && keys[3] == place.inner);
    return keys[0] == place.section && keys[2] == place.key && inner_fits;
  });
}

std::string secret_places() {
  return "the environment, env_file, command, entrypoint, hooks, labels, extra_hosts, health check "
         "and logging options of a service, the labels and driver_opts of networks and volumes, "
         "and "
         "the "
         "content of configs and secrets";
}

}  // namespace aegis::compose
