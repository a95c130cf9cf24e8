#pragma once

#include <optional>
#include <string>

#include "manifest/section_reader.h"
#include "model/address.h"

namespace aegis {

/// The resource of one entry of `containers` or `machines`; nothing when its server is not
/// declared, which is reported.
std::optional<Resource> read_guest(const YamlNode::Member& member,
                                   const std::string& section,
                                   const std::string& kind,
                                   Reading& reading);

/// Reports a guest that gets less memory than Proxmox asks for.
void check_least_memory(const Resource& guest, Reading& reading);

/// Guests that are declared themselves are made before their copies.
void connect_clones(Reading& reading);

/// The declared container or machine, or null, which is reported at `where`.
const Resource* find_guest(const Address& address, const SourceSpan& where, Reading& reading);

/// The declared container `name`, or null, which is reported at `where`.
const Resource* find_container(const std::string& name, const SourceSpan& where, Reading& reading);

/// Reports every vmid that two guests of one server have: containers and machines take theirs from
/// one set.
void check_vmids(Reading& reading);

/// Tells the kinds of every server all guests that are declared on it, in its scope's settings:
/// "guests", a list of {kind, vmid, memory in bytes, runs}, and those of all other servers:
/// "elsewhere", a list of {kind, vmid, node}, where there are other servers. That is what a plan
/// has to know of containers and machines together.
void list_guests(Reading& reading);

}  // namespace aegis
