#pragma once

#include <string>
#include <string_view>

#include "simulator/world.h"

namespace aegis::simulator {

/// What the simulated internet says to a GET.
struct WebAnswer {
  int status = 0;  ///< 0: nobody answered
  std::string body;
};

/// Fetches `url`: nobody answers for an unreachable server; a server with files in the options
/// knows those and no other; any other one serves each URL as its own text.
WebAnswer fetch(const World& world, std::string_view url);

/// The last piece of the URL's path, without its query.
std::string file_name_of(std::string_view url);

/// Hex digest of `bytes` by an algorithm of Proxmox's list ("md5", "sha1", "sha224" to "sha512").
std::string checksum_of(std::string_view algorithm, std::string_view bytes);

/// The digests of `bytes` by all those algorithms.
std::map<std::string, std::string, std::less<>> checksums_of(std::string_view bytes);

}  // namespace aegis::simulator
