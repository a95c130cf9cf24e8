#pragma once

#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Reads the section `windows` and what servers, containers, machines and stacks of the project
/// `root` say with `window`, and tells the scopes of it (Scope::settings): "window" for all that is
/// in a scope, and "windows", by address, for guests on a server, each as to_json(Window) with
/// "from". A window of a server holds for all on it that says nothing of its own, stacks excepted.
/// To be called when all resources are there. Reports unknown names and times that cannot be told.
void read_windows(const YamlNode& root, Reading& reading);

}  // namespace aegis
