#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "kinds/proxmox/live_config.h"
#include "model/address.h"

namespace aegis::proxmox {

/// The tag of a container that a restore makes beside the one that it is about. Never the owner's:
/// a spare is no resource.
inline constexpr std::string_view k_spare_tag = "aegisctl-spare";

/// What a restore needs to know of itself when it is begun again. It is kept as the description of
/// the spare container, which is there from the first step to the last.
struct Spare {
  std::string of;         ///< the address: "container/web"
  std::string archive;    ///< what is restored
  std::string attempt;    ///< tells this restore from earlier ones of the same archive
  bool in_place = false;  ///< the archive has taken the container's place
  bool is_drill = false;  ///< made by a drill: no restore goes on with it
};

/// The description of a spare container.
std::string spare_text(const Spare& spare);

/// What the description in `config` says; nothing when it is no spare of ours.
std::optional<Spare> spare_in(const ConfigMap& config);

/// The first line of the note on the backup that a restore makes of what it replaces.
std::string set_aside_note(std::string_view address, std::string_view attempt);

/// True when a backup with that note was made by a restore of what it replaced.
bool is_set_aside(std::string_view note);

}  // namespace aegis::proxmox
