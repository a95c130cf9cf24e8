#pragma once

#include <string>
#include <string_view>

namespace aegis {

/// The registry that an image's name stands for: "ghcr.io" of "ghcr.io/team/app:1",
/// "127.0.0.1:5000" of "127.0.0.1:5000/app", "docker.io" of "nginx" and "team/app".
std::string registry_of(std::string_view image);

/// One spelling of a registry's name: "https://index.docker.io/v1/" and "index.docker.io" are
/// "docker.io", "https://ghcr.io/" is "ghcr.io".
std::string registry_name(std::string_view text);

}  // namespace aegis
