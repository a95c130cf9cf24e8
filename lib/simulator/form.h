#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/answer.h"
#include "simulator/message.h"

namespace aegis::simulator {

/// Parameters as they were sent: a name that came twice has two values.
using RawParameters = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Decodes a query or form body the way Proxmox does: pairs are cut at '&' and ';', a pair at every
/// '=' and only its first two pieces count, '+' is a blank.
RawParameters decode_form(std::string_view text);

/// The path of a request's target, percent-decoded, without its query.
std::string path_of(const Request& request);

/// Collects the parameters of `request` into `parameters`; those of the query win over those of the
/// body. Refuses what Proxmox's HTTP server refuses before it looks at the path: methods other than
/// the four, chunked bodies, a body on GET or DELETE, unknown content types, broken JSON.
Refusal read_parameters(const Request& request, RawParameters& parameters);

}  // namespace aegis::simulator
