#pragma once

#include "manifest/section_reader.h"

namespace aegis {

/// Tells the kinds of every server, in its scope's settings, what all other servers declare:
/// "shared", {kind: {name: [nodes of those servers]}}. A cluster has one list of storages, users,
/// jobs and the like, so that what another of its servers declares is nobody's orphan. Absent when
/// there is one server.
void list_shared_objects(Reading& reading);

}  // namespace aegis
