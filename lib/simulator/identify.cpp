#include <fmt/format.h>

#include "base/text.h"
#include "simulator/access_calls.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_cookie = "PVEAuthCookie=";
constexpr std::string_view k_token = "PVEAPIToken";

std::string header(const Request& request, std::string_view name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

// The ticket of the cookie, else of Authorization, as it may be percent-encoded or not.
std::string ticket_of(const Request& request) {
  for (const std::string& field : {header(request, "cookie"), header(request, "authorization")}) {
    for (const std::string& piece : split(field, ';')) {
      const std::string_view cookie = trim(piece);
      if (cookie.starts_with(k_cookie)) return percent_decode(cookie.substr(k_cookie.size()));
    }
  }
  return {};
}

Refusal identify_by_token(const World& world, std::string_view given, Caller& caller) {
  const std::size_t equals = given.find('=');
  const std::string id(given.substr(0, equals));
  const Token* token = world.access.find_token(id);
  const bool right = token != nullptr && equals != std::string_view::npos &&
                     given.substr(equals + 1) == token->secret;
  const bool expired = token != nullptr && token->expire > 0 && token->expire < world.now_seconds();
  caller.id = id;
  if (!right || expired || !world.access.may_log_in(caller.user(), world.now_seconds())) {
    return refuse("Authentication failed!", 401);
  }
  return {};
}

}  // namespace

Refusal identify(const World& world, const Request& request, Caller& caller) {
  const std::string ticket = ticket_of(request);
  if (!ticket.empty()) {
    const auto user = world.tickets.check(ticket, world.now());
    if (!user || !world.access.may_log_in(*user, world.now_seconds())) {
      return refuse("Authentication failed!", 401);
    }
    caller.id = *user;
    const bool reads = request.method == "GET";
    const std::string csrf = header(request, "csrfpreventiontoken");
    if (reads || world.tickets.check_csrf(csrf, *user, world.now())) return {};
    return refuse("Permission denied - invalid csrf token", 401);
  }
  const std::string authorization = header(request, "authorization");
  if (!authorization.starts_with(k_token) || authorization.size() < k_token.size() + 2) {
    return refuse("No ticket", 401);
  }
  return identify_by_token(
      world, std::string_view(authorization).substr(k_token.size() + 1), caller);
}

}  // namespace aegis::simulator
