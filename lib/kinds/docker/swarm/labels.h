#pragma once

#include <string_view>

namespace aegis::docker {

// The labels of what a stack has in a Swarm. The first two are those of `docker stack deploy`.

inline constexpr std::string_view k_namespace_label = "com.docker.stack.namespace";
inline constexpr std::string_view k_image_label = "com.docker.stack.image";

inline constexpr std::string_view k_key_label = "io.aegisctl.key";  ///< of a config or secret
/// Of a secret: an HMAC-SHA-256 of its content under its own name.
inline constexpr std::string_view k_content_label = "io.aegisctl.content";

}  // namespace aegis::docker
