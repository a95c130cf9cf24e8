#pragma once

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Reads `os` of the server `name`, if its mapping `server` has one, as the scope "host/NAME".
void read_host_os(const std::string& name,
                  const YamlNode& server,
                  const Json& schema,
                  Reading& reading);

/// Reads `os` of a container, if its mapping has one, as the scope "guest/NAME"; all of it needs
/// the container. `os` is taken out of the container's spec.
void read_guest_os(Resource& container,
                   const YamlNode& mapping,
                   const Json& schema,
                   Reading& reading);

/// Adds directories, files and units (their addresses without a scope) that `section` is made into
/// to the operating system of `system`, "container/NAME" or "server/NAME", as if they stood in its
/// `os`. Reports, at `where`, a system that is not there or cannot be reached, and paths that its
/// `os` has already.
void add_os_resources(const char* section,
                      const Address& system,
                      const SourceSpan& where,
                      std::vector<Resource> resources,
                      Reading& reading);

}  // namespace aegis
