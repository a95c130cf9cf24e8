#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "manifest/references.h"
#include "manifest/yaml.h"

namespace aegis {

/// The value of an entry of `secrets` that is right by its schema: from the environment, a file, a
/// program, or an age-encrypted file, which the program `age` opens. No message holds a value.
Result<std::string> secret_value(const YamlNode& secret, const ReferenceSources& sources);

/// The files that give the value away to whoever reads them.
std::vector<std::filesystem::path> revealing_files(const YamlNode& secret,
                                                   const ReferenceSources& sources);

/// Where the value comes from, as it stands in the manifest: "command pass show db".
std::string source_text(const YamlNode& secret);

}  // namespace aegis
