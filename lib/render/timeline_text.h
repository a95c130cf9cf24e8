#pragma once

#include <string>

#include "base/json.h"
#include "model/timeline.h"
#include "render/style.h"

namespace aegis {

/// The phases with their times, and of every guest what it came back from, what was lost, how long
/// it took, and what became of its objectives.
std::string render_text(const Timeline& timeline, const Style& style);

/// {format_version, took_seconds, phases: [{name, begin_seconds, took_seconds}], guests: [{address,
/// from, age_seconds, took_seconds, rto_seconds, rto: met | missed | none, rpo_seconds, rpo,
/// problem}]}; null for what there is none of.
Json to_json(const Timeline& timeline);

}  // namespace aegis
