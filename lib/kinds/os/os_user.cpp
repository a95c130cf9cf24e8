#include "kinds/os/os_user.h"

#include <array>

#include "kinds/os/os_user_observe.h"
#include "kinds/os/os_user_perform.h"

namespace aegis {
namespace {

constexpr std::array k_rules{
    AttributeRule{.path = "uid", .note = "files outside its home keep the old number"},
    AttributeRule{.path = "group", .note = "files outside its home keep the old group"},
    AttributeRule{
        .path = "groups", .compare = Compare::as_set, .note = "takes effect with the next login"},
    AttributeRule{.path = "home", .note = "what is in the old one is moved"},
    AttributeRule{.path = "shell"},
    AttributeRule{.path = "authorized_keys", .compare = Compare::as_set},
    AttributeRule{.path = "sudo", .note = "checked by visudo before it counts"},
    AttributeRule{.path = "locked"},
};

std::string keeps(Action, const Observation& live) {
  return get(live.context, "uid") == "0" ? "The user root is never removed." : "";
}

}  // namespace

const Kind& os_user_kind() {
  static const Kind k_kind{.name = "os-user",
                           .scope_type = "os",
                           .schema = "os",
                           .rules = k_rules,
                           .queries = os::user_queries,
                           .interpret = os::interpret_users,
                           .normalize = os::normalize_user,
                           .refine = nullptr,
                           .keeps = keeps,
                           .lower = os::lower_user,
                           .perform = os::perform_user};
  return k_kind;
}

}  // namespace aegis
