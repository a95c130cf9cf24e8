#include "kinds/docker/stack_view.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/docker/labels.h"

namespace aegis::docker {
namespace {

constexpr std::string_view k_containers = "/containers/json?all=1";
constexpr std::string_view k_networks = "/networks";
constexpr std::string_view k_volumes = "/volumes";

Query guest_query(const Guest& guest) {
  return {Query::Type::http_get,
          guest.endpoint,
          fmt::format("/api2/json/nodes/{}/lxc", percent_encode(guest.node))};
}

Query version_query(const Stack& stack) {
  return {Query::Type::http_get, stack.endpoint, "/version"};
}

const Reply* find_reply(const Replies& replies, const Query& query) {
  const auto found = replies.find(query);
  return found == replies.end() ? nullptr : &found->second;
}

// Whether the guest runs; an error when its host does not tell.
Result<bool> guest_runs(const Guest& guest, const Replies& replies) {
  const Reply* reply = find_reply(replies, guest_query(guest));
  if (reply == nullptr) return Error{ErrorCode::unreachable, "the containers were not listed"};
  if (reply->error) return reply->error->in_context("listing the containers of " + guest.node);
  if (reply->status != 200) {
    return error_of(reply->status, reply->body, reply->reason)
        .in_context("listing the containers of " + guest.node);
  }
  for (const Json& container : get(reply->body, "data")) {
    if (as_integer(get(container, "vmid")) == guest.vmid) {
      return text_or(container, "status") == "running";
    }
  }
  return false;
}

std::string what_to_check(const Stack& stack) {
  if (stack.guest) {
    return fmt::format(
        "Check that Docker is installed and running in container {0} (`pct exec {0} -- docker "
        "version` on its host).",
        stack.guest->vmid);
  }
  if (stack.is_local()) return "Check that the engine runs and that this user may open its socket.";
  return "Check that Docker is installed and running there, and that the login may run `docker "
         "system dial-stdio`.";
}

Error no_engine(const Stack& stack, const Error& cause) {
  return Error{cause.code, fmt::format("{}. {}", cause.message, what_to_check(stack))}.in_context(
      "the Docker engine");
}

bool has_marker(const Stack& stack, const Json& volumes) {
  for (const Json& volume : get(volumes, "Volumes")) {
    if (text_or(volume, "Name") == stack.marker() &&
        text_or(get(volume, "Labels"), k_marked_label) == stack.project) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool StackView::in_project(const Stack& stack, const Json& labels) const {
  return text_or(labels, project_label) == stack.project;
}

bool StackView::owns(const Stack& stack, const Json& labels) const {
  return text_or(labels, k_stack_label) == stack.name || (adopted && in_project(stack, labels));
}

Result<const Json*> required_body(const Stack& stack, const Replies& replies, const Query& query) {
  const Reply* reply = find_reply(replies, query);
  if (reply == nullptr) {
    return no_engine(stack, {ErrorCode::unreachable, "GET " + query.path + " was not answered"});
  }
  if (reply->error) return no_engine(stack, *reply->error);
  if (reply->status != 200) {
    return no_engine(stack, error_of(reply->status, reply->body, reply->text));
  }
  return &reply->body;
}

Result<ApiVersion> stack_api(const Stack& stack, const Replies& replies) {
  const auto body = required_body(stack, replies, version_query(stack));
  if (!body) return body.error();
  auto api = negotiate(**body);
  if (!api) return no_engine(stack, api.error());
  return api;
}

Query engine_query(const Stack& stack, ApiVersion api, std::string_view path) {
  return {Query::Type::http_get, stack.endpoint, versioned(api, path)};
}

const Json& body_of(const Replies& replies, const Query& query) {
  static const Json k_null;
  const Reply* reply = find_reply(replies, query);
  return reply != nullptr && !reply->error && reply->status == 200 ? reply->body : k_null;
}

std::vector<Query> stack_queries(const Stack& stack, const Replies& replies) {
  std::vector<Query> queries;
  if (stack.guest) {
    queries.push_back(guest_query(*stack.guest));
    const auto runs = guest_runs(*stack.guest, replies);
    if (!runs || !*runs) return queries;
  }
  queries.push_back(version_query(stack));
  const auto api = stack_api(stack, replies);
  if (!api) return queries;
  for (const std::string_view path : {k_containers, k_networks, k_volumes}) {
    queries.push_back(engine_query(stack, *api, path));
  }
  return queries;
}

Result<std::optional<StackView>> stack_view(const Stack& stack, const Replies& replies) {
  if (stack.guest) {
    const auto runs = guest_runs(*stack.guest, replies);
    if (!runs) return runs.error().in_context("stack " + stack.name);
    if (!*runs) return std::optional<StackView>();
  }
  const auto api = stack_api(stack, replies);
  if (!api) return api.error();
  StackView view;
  view.api = *api;
  const std::pair<std::string_view, const Json**> lists[] = {
      {k_containers, &view.containers}, {k_networks, &view.networks}, {k_volumes, &view.volumes}};
  for (const auto& [path, list] : lists) {
    const auto body = required_body(stack, replies, engine_query(stack, *api, path));
    if (!body) return body.error();
    *list = *body;
  }
  view.adopted = has_marker(stack, *view.volumes);
  return std::optional<StackView>(view);
}

}  // namespace aegis::docker
