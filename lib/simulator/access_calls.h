#pragma once

#include "simulator/form.h"
#include "simulator/world.h"

namespace aegis::simulator {

// Handlers of /access; each answers one method of one path.
Answer ticket_index(World& world, const Call& call);
Answer create_ticket(World& world, const Call& call);
Answer read_permissions(World& world, const Call& call);
Answer list_domains(World& world, const Call& call);
Answer list_roles(World& world, const Call& call);
Answer read_role(World& world, const Call& call);
Answer create_role(World& world, const Call& call);
Answer update_role(World& world, const Call& call);
Answer delete_role(World& world, const Call& call);
Answer list_groups(World& world, const Call& call);
Answer create_group(World& world, const Call& call);
Answer read_group(World& world, const Call& call);
Answer update_group(World& world, const Call& call);
Answer delete_group(World& world, const Call& call);
Answer list_users(World& world, const Call& call);
Answer create_user(World& world, const Call& call);
Answer read_user(World& world, const Call& call);
Answer update_user(World& world, const Call& call);
Answer delete_user(World& world, const Call& call);
Answer list_tokens(World& world, const Call& call);
Answer read_token(World& world, const Call& call);
Answer create_token(World& world, const Call& call);
Answer update_token(World& world, const Call& call);
Answer delete_token(World& world, const Call& call);
Answer list_acl(World& world, const Call& call);
Answer update_acl(World& world, const Call& call);

/// A token as the lists show it, without its id.
Json token_item(const Token& token);

/// Who sent `request`: by cookie or ticket, else by API token. Refuses with a 401 whose reason is
/// Proxmox's; writes with a ticket need its CSRF token.
Refusal identify(const World& world, const Request& request, Caller& caller);

}  // namespace aegis::simulator
