#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "manifest/section_reader.h"

namespace aegis {

/// What `servers.NAME` declares besides the ways in: a resource for every storage, user, firewall
/// and so on, addressed "server/NAME/KIND/ENTRY". The paths of the sections that the manifest has,
/// empty ones too, go into the scope's settings as `sections`: only those are managed.
/// `server` was checked against its schema; the scope is in `reading` already.
void read_server_sections(const std::string& name, const YamlNode& server, Reading& reading);

/// A field of a resource that is declared below `servers.NAME`.
struct SectionField {
  std::string kind;  ///< "storage"
  std::string path;  ///< within the resource: "prune-backups.keep-daily"
};

/// The field at a path below a server, names that users choose left out: "storage.path". Nothing
/// for what is no section, and for a section itself.
std::optional<SectionField> section_field(std::string_view path);

/// The path below the server of the section that has such resources: "access.users"; of a section
/// that is one resource itself, its name. Empty for what is not declared below servers.
std::string section_path(std::string_view kind, std::string_view name);

/// True for a section whose entries are resources of their own ("access.users"), and for what holds
/// such sections ("access"): parts of it may stand in several files.
bool holds_entries(std::string_view path);

/// Lets resources of a server wait for declared ones that they name: a container for its storage,
/// its template and its bridges, an interface for those that it is made of, a matcher for its
/// endpoints, replication for its guest. To be called when all sections are read.
void connect_server_resources(Reading& reading);

}  // namespace aegis
