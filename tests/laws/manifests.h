#pragma once

#include <map>
#include <string>

#include "laws/laws.h"

namespace aegis::laws {

/// The server "fsn1", which is a simulated host; sections of it may follow, indented by four
/// blanks.
inline constexpr const char* k_server_text = R"(
servers:
  fsn1:
    proxmox: { node: pve, url: "https://127.0.0.1:8006", user: root@pam, password: simulator }
)";

/// What a folder of manifests (file name -> text) wants. Reading it throws std::runtime_error with
/// what is wrong with them.
Wanted from_manifests(std::map<std::string, std::string> files);

}  // namespace aegis::laws
