#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "simulator/guest.h"

namespace aegis::simulator {

/// An LXC container.
struct Container : Guest {
  /// By name: the configuration as it was, with "snaptime", "parent" and "description".
  std::map<std::string, ConfigMap, std::less<>> snapshots;
};

/// The configuration file's text, as `cat /etc/pve/lxc/ID.conf` shows it.
std::string conf_text(const Container& container);

/// SHA-1 of the file's text.
std::string digest_of(const Container& container);

/// Answers of GET config: what was asked for (pending values laid over the current ones), or with
/// `current` only what is in force.
Json config_json(const Container& container, bool current);

/// A snapshot's configuration, without a digest.
Json snapshot_json(const ConfigMap& snapshot);

/// Answer of GET pending.
Json pending_json(const Container& container);

/// The item of GET /nodes/{node}/lxc; `status/current` adds to it. `now` gives the uptime.
Json list_item(const Container& container, TimePoint now, int host_cores);

/// The item of GET /cluster/resources.
Json resource_item(const Container& container,
                   TimePoint now,
                   int host_cores,
                   std::string_view node);

/// The size of the root disk in bytes, as the configuration says it; 0 when it does not.
std::int64_t root_disk_size(const Container& container);

Json to_json(const Container& container);
Container container_from_json(const Json& json);

}  // namespace aegis::simulator
