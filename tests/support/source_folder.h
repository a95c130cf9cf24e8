#pragma once

#include <filesystem>

namespace aegis::test {

/// The project's root, for tests that read its manifests, schemas and sources.
std::filesystem::path source_folder();

}  // namespace aegis::test
