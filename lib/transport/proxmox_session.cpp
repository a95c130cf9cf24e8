#include "transport/proxmox_session.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace aegis::transport {
namespace {

constexpr std::chrono::hours k_renewal_age{1};
constexpr std::chrono::seconds k_mint_timeout{30};
constexpr std::string_view k_root = "root@pam";

// Proxmox's own functions: a normal ticket of root@pam, and its CSRF token.
constexpr std::string_view k_mint_script =
    R"(PVE::Cluster::cfs_update(); print PVE::AccessControl::assemble_ticket("root\@pam"),"\n",)"
    R"(PVE::AccessControl::assemble_csrf_prevention_token("root\@pam"),"\n")";

std::string words_of(const HttpResponse& response) {
  const Result<Json> body = parse_json(response.body);
  const std::string message = body ? text_or(*body, "message") : std::string();
  const std::string_view said = trim(message.empty() ? response.reason : message);
  return fmt::format("{} {}", response.status, said);
}

}  // namespace

Result<Credential> ProxmoxSession::credential(const HttpRequest& request) {
  const ProxmoxConnection& api = server_.proxmox;
  if (!request.as_root && !api.token_id.empty()) {
    const std::string value =
        fmt::format("PVEAPIToken={}={}", api.token_id, api.token_secret.reveal());
    return Credential{{{"Authorization", value}}};
  }
  const Result<Origin> origin = origin_for(request.as_root);
  if (!origin) return origin.error();
  return ticket_credential(*origin, request.method != "GET");
}

Result<ProxmoxSession::Origin> ProxmoxSession::origin_for(bool as_root) const {
  const ProxmoxConnection& api = server_.proxmox;
  const bool has_login = !api.user.empty() && !api.password.empty();
  if (has_login && (!as_root || api.user == k_root)) return Origin::password;
  if (server_.ssh) return Origin::host;
  if (as_root) {
    return Error{ErrorCode::unauthorized,
                 fmt::format("this needs root@pam itself, which an API token cannot be: give "
                             "servers.{} an ssh: connection, or user: root@pam and its password",
                             server_.name)};
  }
  return Error{ErrorCode::unauthorized,
               fmt::format("there is no way to log in to the Proxmox API of servers.{0}: give it "
                           "an ssh: connection, or in proxmox: a token: or user: and password:",
                           server_.name)};
}

Result<Credential> ProxmoxSession::ticket_credential(Origin origin, bool is_write) {
  const std::lock_guard lock(mutex_);
  std::optional<Ticket>& kept = tickets_[static_cast<int>(origin)];
  const auto age = kept ? clock_.now() - kept->issued : TimePoint::duration{};
  bool fresh = false;
  if (!kept || age > k_renewal_age || age < TimePoint::duration::zero()) {
    std::optional<Result<Ticket>> ticket;
    if (kept) ticket = renew(*kept, user_of(origin));
    if (!ticket || !*ticket) ticket = issue(origin);
    if (!*ticket) return ticket->error();
    kept = std::move(**ticket);
    kept->number = ++issued_;
    fresh = true;
  }
  Credential credential{
      {{"Cookie", "PVEAuthCookie=" + percent_encode(kept->value)}}, kept->number, fresh};
  if (is_write) credential.headers.emplace_back("CSRFPreventionToken", kept->csrf);
  return credential;
}

bool ProxmoxSession::give_up(const Credential& used) {
  if (used.ticket == 0 || used.fresh) return false;
  const std::lock_guard lock(mutex_);
  for (std::optional<Ticket>& kept : tickets_) {
    if (kept && kept->number == used.ticket) kept.reset();
  }
  return true;
}

std::string ProxmoxSession::user_of(Origin origin) const {
  return origin == Origin::password ? server_.proxmox.user : std::string(k_root);
}

// A ticket that is still valid is accepted in the place of a password.
Result<ProxmoxSession::Ticket> ProxmoxSession::renew(const Ticket& old, const std::string& user) {
  return log_in(user, Secret(old.value));
}

Result<ProxmoxSession::Ticket> ProxmoxSession::issue(Origin origin) {
  if (origin == Origin::host) return mint();
  return log_in(server_.proxmox.user, server_.proxmox.password);
}

Result<ProxmoxSession::Ticket> ProxmoxSession::log_in(const std::string& user,
                                                      const Secret& password) {
  HttpRequest request;
  request.endpoint = proxmox_endpoint(server_.name);
  request.method = "POST";
  request.path = "/api2/json/access/ticket";
  request.content_type = "application/x-www-form-urlencoded";
  request.body = fmt::format(
      "username={}&password={}", percent_encode(user), percent_encode(password.reveal()));
  const TimePoint begin = clock_.now();
  const Result<HttpResponse> response = send_(request);
  if (!response) return response.error();
  const std::string who = fmt::format("the Proxmox API of servers.{}", server_.name);
  if (response->status != 200) {
    // A server in trouble (5xx) has said nothing about who we are.
    const bool refused = response->status == 401 || response->status == 403;
    return Error{refused ? ErrorCode::unauthorized : ErrorCode::unreachable,
                 fmt::format("{} did not log {} in: {}{}",
                             who,
                             user,
                             words_of(*response),
                             refused ? ". Check user: (with its realm) and password:" : "")};
  }
  const Result<Json> body = parse_json(response->body);
  const Json& data = body ? get(*body, "data") : get(Json(), "");
  if (as_bool(get(data, "NeedTFA")).value_or(false)) {
    return Error{
        ErrorCode::unauthorized,
        fmt::format("{} asks {} for a second factor: use an API token, or SSH", who, user)};
  }
  Ticket ticket{text_or(data, "ticket"), text_or(data, "CSRFPreventionToken"), begin};
  if (!ticket.value.empty()) return ticket;
  return Error{ErrorCode::unauthorized, fmt::format("{} gave {} no ticket", who, user)};
}

Result<ProxmoxSession::Ticket> ProxmoxSession::mint() {
  ShellCommand command;
  command.host = host_shell(server_.name);
  command.words = {
      "perl", "-MPVE::Cluster", "-MPVE::AccessControl", "-e", std::string(k_mint_script)};
  command.timeout = k_mint_timeout;
  command.reads_only = true;
  const TimePoint begin = clock_.now();
  const Result<ShellOutput> output = shell_.run(command);
  if (!output) return output.error();
  const std::vector<std::string> lines = split_any(output->out, "\r\n");
  if (output->exit_status == 0 && lines.size() == 2) return Ticket{lines[0], lines[1], begin};
  return Error{ErrorCode::unauthorized,
               fmt::format("{} did not issue a ticket for its Proxmox API: {}. This needs root "
                           "over SSH on a Proxmox host; otherwise give servers.{} a token: or "
                           "user: and password:",
                           command.host,
                           output->exit_status == 0 ? "unexpected output" : trim(output->err),
                           server_.name)};
}

}  // namespace aegis::transport
