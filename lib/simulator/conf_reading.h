#pragma once

#include <string_view>

#include "simulator/container.h"

namespace aegis::simulator {

/// A container as it was, with the configuration that `text`, the contents of its file, says: what
/// root sees after writing the file by hand. Lines that Proxmox cannot read are lost.
Container with_conf(Container container, std::string_view text);

/// True when Proxmox keeps raw lines of LXC with that key ("lxc.idmap").
bool is_raw_key(std::string_view key);

}  // namespace aegis::simulator
