#pragma once

#include <span>
#include <string>
#include <string_view>

#include "simulator/section_config.h"

namespace aegis::simulator {

/// What a type of storage is like, beside its properties.
struct StorageKind {
  std::string_view name;
  std::string_view contents;         ///< what it can hold, blank-separated
  std::string_view default_content;  ///< when the definition names none
  bool shared = false;               ///< every node sees the same data
};

/// The properties of the storage types that the simulated host knows.
std::span<const SectionType> storage_types();

/// The kind called `type`, or null.
const StorageKind* storage_kind(std::string_view type);

/// All parameters of POST /storage and of PUT /storage/{storage}.
std::span<const Field> new_storage_fields();
std::span<const Field> storage_update_fields();

/// 500 when `content` names something that the type cannot hold.
Refusal check_content(std::string_view type, std::string_view content);

/// A content list as the host shows it: each once, in an order that is not the one it was sent in.
std::string stored_content(std::string_view content);

}  // namespace aegis::simulator
