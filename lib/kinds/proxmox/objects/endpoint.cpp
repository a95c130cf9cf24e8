#include "kinds/proxmox/objects/endpoint.h"

#include <array>

#include "kinds/proxmox/objects/object_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::string_view k_mail = "sendmail smtp";

constexpr std::array k_fields{
    Field{.name = "comment"},
    Field{.name = "disable", .form = flag, .fallback = "0"},

    Field{.name = "mailto", .form = text_list, .types = k_mail},
    Field{.name = "mailto-user", .form = text_list, .types = k_mail},
    Field{.name = "from-address", .types = k_mail, .needed = "smtp"},
    Field{.name = "author", .types = k_mail},

    Field{.name = "server", .types = "smtp gotify", .needed = "*"},
    Field{.name = "port", .form = number, .types = "smtp"},
    Field{.name = "mode", .fallback = "tls", .types = "smtp"},
    Field{.name = "username", .types = "smtp"},
    Field{.name = "password", .form = secret, .types = "smtp", .shown_by = "username"},
    Field{.name = "token", .form = secret, .types = "gotify", .needed = "*"},

    Field{.name = "url", .types = "webhook", .needed = "*"},
    Field{.name = "method", .types = "webhook", .needed = "*"},
    Field{.name = "header", .form = named_texts, .types = "webhook"},
    Field{.name = "body", .form = encoded, .types = "webhook"},
    Field{.name = "secret", .form = named_secrets, .types = "webhook"},
};

std::string objection_to(const Json& spec) {
  const bool is_mail = proxmox::has_word(k_mail, text_or(spec, "type"));
  const bool has_recipient = !get(spec, "mailto").empty() || !get(spec, "mailto-user").empty();
  return is_mail && !has_recipient ? "it needs a recipient: `mailto` or `mailto-user`." : "";
}

bool is_builtin(const Json& item) {
  return text_or(item, "origin") == "builtin";
}

constexpr proxmox::ObjectType k_type{.kind = "endpoint",
                                     .schema = "notifications",
                                     .section = "notifications.endpoints",
                                     .noun = "notification endpoint",
                                     .list = "/cluster/notifications/endpoints/{type}",
                                     .id_key = "name",
                                     .fields = k_fields,
                                     .types = "sendmail smtp gotify webhook",
                                     .marked = true,
                                     .repeats_delete = true,
                                     .objection = objection_to,
                                     .is_builtin = is_builtin};

}  // namespace

const Kind& endpoint_kind() {
  return proxmox::object_kind<k_type>();
}

}  // namespace aegis
