#include "kinds/proxmox/access/user.h"

#include <algorithm>
#include <array>

#include "kinds/proxmox/access/holder_kind.h"

namespace aegis {
namespace {

using proxmox::Field;
using enum proxmox::ValueForm;

constexpr std::array k_fields{
    Field{.name = "comment", .stays = true},
    Field{.name = "enable", .form = flag, .fallback = "1", .stays = true},
    Field{.name = "expire", .form = number, .fallback = "0", .stays = true},
    Field{.name = "groups", .form = word_list, .stays = true},
    Field{.name = "email", .stays = true},
    Field{.name = "firstname", .stays = true},
    Field{.name = "lastname", .stays = true},
    Field{.name = "password",
          .form = secret,
          .only_new = true,
          .note = "set once, when the user is made"},
};

std::string guarded_path(std::string_view) {
  return "/access/groups";
}

// Whoever declared root@pam could lock everybody out.
bool is_builtin(const Json& user) {
  return text_or(user, "userid") == "root@pam";
}

constexpr proxmox::ObjectType k_type{.kind = "user",
                                     .schema = "access",
                                     .section = "access.users",
                                     .noun = "user",
                                     .list = "/access/users",
                                     .id_key = "userid",
                                     .fields = k_fields,
                                     .list_query = "?full=1",
                                     .marked = true,
                                     .digest = false,
                                     .removal = "its grants and tokens go with it",
                                     .privileges = "Sys.Audit User.Modify",
                                     .guarded_path = guarded_path,
                                     .is_builtin = is_builtin};

using Interpret = Result<std::vector<Observation>> (*)(const Batch&, const Replies&, Vault&);

Interpret interpret_all() {
  return proxmox::holder_kind<k_type, proxmox::Holder::user>().interpret;
}

// Proxmox makes root@pam again by itself, without its tokens: it is never an orphan.
Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& vault) {
  auto observations = interpret_all()(batch, replies, vault);
  if (!observations) return observations;
  const auto is_stray_root = [&](const Observation& observation) {
    if (observation.address.name != "root@pam") return false;
    return std::none_of(batch.resources.begin(), batch.resources.end(), [&](const Resource* r) {
      return r->address == observation.address;
    });
  };
  std::erase_if(*observations, is_stray_root);
  return observations;
}

}  // namespace

const Kind& user_kind() {
  static const Kind k_kind = [] {
    Kind kind = proxmox::holder_kind<k_type, proxmox::Holder::user>();
    kind.interpret = interpret;
    return kind;
  }();
  return k_kind;
}

}  // namespace aegis
