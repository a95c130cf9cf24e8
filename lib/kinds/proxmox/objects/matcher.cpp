#include "kinds/proxmox/objects/matcher.h"

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "disable", .form = flag, .fallback = "0"},
    Field{.name = "target", .form = text_list},
    Field{.name = "mode", .fallback = "all"},
    Field{.name = "invert-match", .form = flag, .fallback = "0"},
    Field{.name = "match-field", .form = text_list},
    Field{.name = "match-severity", .form = word_set},
    Field{.name = "match-calendar", .form = text_list},
};

// Proxmox's own target, mail-to-root, is in the list too.
constexpr std::array k_references{proxmox::Reference{.field = "target",
                                                     .kind = "endpoint",
                                                     .list = "/cluster/notifications/targets",
                                                     .id_key = "name"}};

bool is_builtin(const Json& item) {
  return text_or(item, "origin") == "builtin";
}

constexpr proxmox::ObjectType k_type{.kind = "matcher",
                                     .schema = "notifications",
                                     .section = "notifications.matchers",
                                     .noun = "notification matcher",
                                     .list = "/cluster/notifications/matchers",
                                     .id_key = "name",
                                     .fields = k_fields,
                                     .references = k_references,
                                     .marked = true,
                                     .repeats_delete = true,
                                     .is_builtin = is_builtin};

}  // namespace

const Kind& matcher_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
