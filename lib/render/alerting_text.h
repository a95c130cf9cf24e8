#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "model/alerting.h"
#include "render/style.h"

namespace aegis {

/// What came of a test alert, hop by hop, for people.
std::string render_text(const AlertTest& test, const Style& style);

/// The same for programs: {"format_version", "on", "version", "alert", "severity", "held",
/// "missing", "undeclared", "deliveries": [{"integration", "channels", "sent", "failed",
/// "arrived"}], "arrived"}.
Json to_json(const AlertTest& test);

/// Silences, each with what it matches, until when, and why.
std::string render_text(const std::vector<Silence>& silences, const Style& style);

/// The same for programs: {"format_version", "silences": [{"id", "matchers", "from", "until", "by",
/// "comment"}]}.
Json to_json(const std::vector<Silence>& silences);

}  // namespace aegis
