#pragma once

#include <string>
#include <string_view>

#include "base/json.h"

namespace aegis::docker {

// Files of the project that are bind-mounted read-only: their path says nothing about what they
// hold, so the digest of what a container was made with is kept in its label
// io.aegisctl.file-contents.

/// The attribute `file_contents`, {target: "sha256:..."}: only where the engine sees this machine's
/// files.
void wanted_bound_files(Json& attributes, const Json& spec, bool is_local);

/// The live side, from the label. A container that says nothing of a file (an adopted one) is taken
/// to be up to date.
void live_bound_files(Json& attributes, std::string_view label, const Json& wanted);

/// The label's text for a container with these attributes; empty when it needs none.
std::string bound_files_label(const Json& wanted);

}  // namespace aegis::docker
