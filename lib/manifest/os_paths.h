#pragma once

#include <string>

#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Puts what a file holds into its spec: {"content": the text, or a seal; left out when it is no
/// text, "payload": seal of the bytes, "size", "digest": SHA-256, left out for a secret}.
void put_file_content(const std::string& bytes, bool secret, Json& spec, Vault& vault);

/// Reads the file `member` of `os.files`: its content or its source goes into `spec`. Mistakes are
/// reported.
void read_file_content(const YamlNode::Member& member, Json& spec, Reading& reading);

/// Reports a path that cannot be managed: one that is not in its shortest form, or that is the
/// kernel's or our own. False then.
bool check_managed_path(const std::string& path, const SourceSpan& where, Reading& reading);

}  // namespace aegis
