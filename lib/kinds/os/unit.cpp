#include "kinds/os/unit.h"

#include <array>

#include "kinds/os/effects.h"
#include "kinds/os/unit_observe.h"
#include "kinds/os/unit_perform.h"

namespace aegis {
namespace {

constexpr std::array k_rules{
    AttributeRule{.path = "content", .note = "systemd-analyze checks it before"},
    AttributeRule{.path = "enabled"},
    AttributeRule{.path = "state"},
    AttributeRule{.path = "masked"},
    AttributeRule{.path = "pending", .note = "left to be done by an earlier run"},
};

void refine(AttributeChange& attribute,
            const Json& wanted,
            const Observation& live,
            std::string& blocked) {
  if (attribute.path == "content" || attribute.path == "pending") {
    os::mark_disturbed(attribute, get(live.context, "effects"));
  }
  if (attribute.path == "state" && attribute.after == "stopped") {
    attribute.disruption = Disruption::restart_service;
    attribute.note = "it is stopped";
  }
  const bool has_no_install =
      text_or(live.context, "file") == "static" && !wanted.contains("content");
  if (attribute.path == "enabled" && attribute.after == true && has_no_install) {
    blocked = "Its file has no [Install] section, so it cannot be enabled. Take `enabled` away.";
  }
}

}  // namespace

const Kind& unit_kind() {
  static const Kind k_kind{.name = "unit",
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = os::unit_queries,
                           .interpret = os::interpret_units,
                           .normalize = os::normalize_unit,
                           .refine = refine,
                           .lower = os::lower_unit,
                           .perform = os::perform_unit};
  return k_kind;
}

}  // namespace aegis
