#pragma once

#include <map>
#include <span>
#include <string>

#include "model/declaration.h"

namespace aegis {

/// `declarations` as a manifest, as a person would write it: what belongs to servers below them,
/// then a section a kind, the identifying fields first, short mappings and lists on one line. What
/// is beyond the manifests stands as comments below its entry. Secrets that are referred to
/// ("${secret:box_password}") are declared at the end. Ends in a line end.
std::string declaration_text(std::span<const Declaration> declarations);

/// The environment variables that declaration_text has the secrets read from, by their names:
/// {"box_password", "BOX_PASSWORD"}.
std::map<std::string, std::string> variables_of(std::span<const Declaration> declarations);

}  // namespace aegis
