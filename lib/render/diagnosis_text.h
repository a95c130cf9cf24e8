#pragma once

#include <string>

#include "base/json.h"
#include "model/diagnosis.h"
#include "render/style.h"

namespace aegis {

/// What `doctor` found, for people: each server with its ways in, then what cannot be read or done.
std::string render_text(const Diagnosis& diagnosis, const Style& style);

/// The same for programs: {"format_version", "servers": [{"name", "login", "version", "root",
/// "problem", "root_problem"}], "obstacles": [{"server", "resource", "attribute", "purpose",
/// "door", "need"}]}; problems where there are any.
Json to_json(const Diagnosis& diagnosis);

}  // namespace aegis
