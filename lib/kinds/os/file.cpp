#include "kinds/os/file.h"

#include <array>

#include "kinds/os/effects.h"
#include "kinds/os/file_observe.h"
#include "kinds/os/file_perform.h"

namespace aegis {
namespace {

constexpr std::array k_rules{
    AttributeRule{.path = "content",
                  .note = "written whole, after the check that `validate` names"},
    AttributeRule{.path = "owner"},
    AttributeRule{.path = "group"},
    AttributeRule{.path = "mode"},
    AttributeRule{.path = "pending", .note = "left to be done by an earlier run"},
};

void refine(AttributeChange& attribute, const Json&, const Observation& live, std::string&) {
  os::mark_disturbed(attribute, get(live.context, "effects"));
}

}  // namespace

const Kind& file_kind() {
  static const Kind k_kind{.name = "file",
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = os::file_queries,
                           .interpret = os::interpret_files,
                           .normalize = os::normalize_file,
                           .refine = refine,
                           .lower = os::lower_file,
                           .perform = os::perform_file};
  return k_kind;
}

}  // namespace aegis
