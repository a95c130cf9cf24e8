#pragma once

#include <string_view>

#include "base/json.h"
#include "kinds/docker/stack.h"
#include "model/desired.h"

namespace aegis::docker {

inline constexpr std::string_view k_project_label = "com.docker.compose.project";
inline constexpr std::string_view k_service_label = "com.docker.compose.service";
inline constexpr std::string_view k_network_label = "com.docker.compose.network";
inline constexpr std::string_view k_volume_label = "com.docker.compose.volume";
inline constexpr std::string_view k_oneoff_label = "com.docker.compose.oneoff";

inline constexpr std::string_view k_number_label = "com.docker.compose.container-number";

inline constexpr std::string_view k_stack_label = "io.aegisctl.stack";  ///< the owner marker
inline constexpr std::string_view k_marked_label =
    "io.aegisctl.project";  ///< of the adoption marker
inline constexpr std::string_view k_declared_label = "io.aegisctl.declared";
inline constexpr std::string_view k_sealed_label = "io.aegisctl.sealed";

inline constexpr std::string_view k_file_folders_label = "io.aegisctl.file-folders";
inline constexpr std::string_view k_contents_label = "io.aegisctl.file-contents";

/// True for the labels that Compose, `docker stack deploy` or we put on an object: no business of
/// the diff.
bool is_injected(std::string_view label);

/// The labels without the injected ones; never null.
Json declared_labels(const Json& labels);

/// The labels that make a container one of the project's for `docker compose`, and ours.
/// `declared` and `sealed` are comma lists of attribute paths.
Json container_labels(const Stack& stack,
                      const Resource& service,
                      const std::string& declared,
                      const std::string& sealed);

/// The same for a network or a volume; `kind_label` is k_network_label or k_volume_label, `wanted`
/// the attributes that its spec asks for.
Json object_labels(const Stack& stack,
                   std::string_view kind_label,
                   const Resource& resource,
                   const Json& wanted,
                   const std::string& declared);

}  // namespace aegis::docker
