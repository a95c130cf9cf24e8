#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Where the file of a unit is that a manifest has the content of.
std::string unit_file(const std::string& name);

/// Reads the unit `member` of `os.units`: its content or source, if it has one, as
/// read_file_content() does. Mistakes are reported.
void read_unit(const YamlNode::Member& member, Json& spec, Reading& reading);

/// The units that a file's `restarts` and `reloads` name.
std::vector<std::string> disturbed_units(const Json& spec);

/// Puts units in order: after all packages, users and groups; after the files that disturb them and
/// those whose paths stand in them; after the unit of the same name that they start. What stands or
/// falls together (files that disturb the same units) gets the same `together` in its spec.
void connect_units(std::vector<Resource>& resources);

}  // namespace aegis
