#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// "ci@pve" of "ci@pve!plan", and "plan".
std::string user_of_token(std::string_view full_name);
std::string short_name_of_token(std::string_view full_name);

/// The comment of a token whose secret is not in its file yet. Such a token counts as absent.
inline constexpr std::string_view k_unfinished_comment = "aegisctl: its secret is not kept yet";

/// A token in the shape of the diff: comment, expire (left out when 0) and privsep.
Json shape_of_token(const Json& item);

/// Kind::interpret of a token; its queries are the list of users, grants and permissions.
Query token_query(const Scope& scope);
Result<std::vector<Observation>> interpret_tokens(const Batch& batch, const Replies& replies);

/// The full names of all tokens in the list of users; none before it is read.
std::vector<std::string> token_names(const Scope& scope, const Replies& replies);

/// Kind::lower of a token without its grants: "check" (that its secret can be kept), "create",
/// "update", "remove".
std::vector<Step> lower_token(const Lowering& lowering);

/// Does one of those steps. Making a token that a broken run left without its secret makes it anew;
/// one that somebody else made since is a conflict.
Result<Json> perform_token(const Step& step, Effects& effects);

}  // namespace aegis::proxmox
