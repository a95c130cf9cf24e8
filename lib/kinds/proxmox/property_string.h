#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::proxmox {

/// The properties in a text such as "name=eth0,bridge=vmbr0": name -> value.
using Properties = std::map<std::string, std::string, std::less<>>;

/// The properties in `text`. A piece without "=" is the value of `default_key` ("volume" of a disk,
/// "order" of a startup text). Empty pieces are skipped; of a name given twice the last one counts.
Properties parse_properties(std::string_view text, std::string_view default_key = {});

/// The properties as Proxmox prints them: `first` in their order, then the others by name. The
/// value of `default_key` is printed bare.
std::string print_properties(const Properties& properties,
                             std::span<const std::string_view> first = {},
                             std::string_view default_key = {});

/// The properties as a JSON object of strings.
Json to_json(const Properties& properties);

/// "8G", "512M", "1T", "100K", else plain bytes: how Proxmox writes the size of a disk.
std::string print_size(std::int64_t bytes);

/// Gibibytes as a plain decimal number, "4" or "0.5": the size in "STORAGE:SIZE", which makes a new
/// volume.
std::string print_gibibytes(std::int64_t bytes);

/// True when `key` is `prefix` and a number: "net0".
bool is_indexed(std::string_view key, std::string_view prefix);

}  // namespace aegis::proxmox
