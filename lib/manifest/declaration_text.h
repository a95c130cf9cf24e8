#pragma once

#include <span>
#include <string>

#include "model/declaration.h"

namespace aegis {

/// `declarations` as a manifest, as a person would write it: a section a kind, the identifying
/// fields first, short mappings and lists on one line. What is beyond the manifests stands as
/// comments below its entry. Ends in a line end.
std::string declaration_text(std::span<const Declaration> declarations);

}  // namespace aegis
