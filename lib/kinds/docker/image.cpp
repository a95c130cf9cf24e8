#include "kinds/docker/image.h"

#include <fmt/format.h>

#include <array>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "kinds/docker/earlier_images.h"
#include "kinds/docker/image_removal.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/newer_image.h"
#include "kinds/docker/service_state.h"
#include "kinds/docker/stack_view.h"
#include "kinds/docker/steps.h"

namespace aegis {
namespace {

using docker::ApiVersion;
using docker::Stack;
using docker::StackView;

constexpr std::array k_rules{AttributeRule{.path = "id", .immutable = true},
                             AttributeRule{.path = "tags", .immutable = true},
                             AttributeRule{.path = "size", .immutable = true}};

// "sha256:" and twelve digits, as people know it.
constexpr std::size_t k_short_id = 19;

Json wanted_images(const Scope& scope) {
  return get(scope.settings, "images");
}

// What the stack's containers ran, without what a container of any stack has or goes back to.
std::set<std::string> candidates(const Stack& stack, const StackView& view) {
  std::set<std::string> found;
  std::set<std::string> needed;
  for (const Json& container : *view.containers) {
    const Json& labels = get(container, "Labels");
    const std::string own = text_or(container, "ImageID");
    std::vector<std::string> earlier = docker::earlier_images(labels);
    std::erase(earlier, own);
    needed.insert(own);
    if (earlier.empty()) continue;
    needed.insert(earlier.front());
    if (!view.in_project(stack, labels) || !view.owns(stack, labels)) continue;
    found.insert(earlier.begin() + 1, earlier.end());
  }
  for (const std::string& id : needed) found.erase(id);
  return found;
}

// While a replacement is half done, what is needed is not known.
Result<Done> require_rest(const Stack& stack, const StackView& view) {
  for (const Json& container : *view.containers) {
    const std::string name = docker::name_of(container);
    if (!view.in_project(stack, get(container, "Labels")) || !docker::is_passing_name(name)) {
      continue;
    }
    return Error{ErrorCode::conflict,
                 fmt::format("stack {}: the container {} is left of a replacement that was not "
                             "finished. Run `aegisctl apply` first.",
                             stack.name,
                             name)};
  }
  return Done{};
}

std::string name_of(const Json& image) {
  const Json& tags = get(image, "RepoTags");
  return tags.empty() ? text_or(image, "Id").substr(0, k_short_id) : as_text(tags[0]);
}

Observation observation_of(const Scope& scope, ApiVersion api, const Json& image) {
  Observation seen;
  seen.address = {scope.name, "image", name_of(image)};
  seen.scope = scope.name;
  seen.exists = true;
  seen.owned = true;
  seen.attributes = {
      {"id", get(image, "Id")}, {"tags", get(image, "RepoTags")}, {"size", get(image, "Size")}};
  seen.context = {{"api", docker::to_string(api)}};
  return seen;
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  const Stack stack = docker::read_stack(batch.scope);
  auto queries = docker::stack_queries(stack, replies);
  const auto view = docker::stack_view(stack, replies);
  if (!view || !*view) return queries;
  const auto found = candidates(stack, **view);
  if (found.empty()) return queries;
  const auto ask = [&](const std::string& image) {
    queries.push_back(docker::image_query(stack, (*view)->api, image));
  };
  for (const std::string& id : found) ask(id);
  for (const Json& name : wanted_images(batch.scope)) ask(as_text(name));
  return queries;
}

Result<std::vector<Observation>> interpret(const Batch& batch,
                                           const Replies& replies,
                                           Vault& /*vault*/) {
  const Stack stack = docker::read_stack(batch.scope);
  const auto view = docker::stack_view(stack, replies);
  if (!view) return view.error();
  std::vector<Observation> observations;
  if (!*view) return observations;
  const auto rest = require_rest(stack, **view);
  if (!rest) return rest.error();
  const ApiVersion api = (*view)->api;
  auto found = candidates(stack, **view);
  for (const Json& name : wanted_images(batch.scope)) {
    const Json& image = docker::body_of(replies, docker::image_query(stack, api, as_text(name)));
    found.erase(text_or(image, "Id"));
  }
  for (const std::string& id : found) {
    const Json& image = docker::body_of(replies, docker::image_query(stack, api, id));
    if (!image.is_null()) observations.push_back(observation_of(batch.scope, api, image));
  }
  return observations;
}

Json normalize(const Resource& /*resource*/, const Observation& /*live*/) {
  return Json::object();
}

std::vector<Step> lower(const Lowering& lowering) {
  const Stack stack = docker::read_stack(lowering.scope);
  docker::StepList steps(stack, lowering.change.address, lowering.live);
  steps.add("remove",
            "remove image " + lowering.change.address.name,
            {{"image", get(lowering.live.attributes, "id")}});
  return steps.take();
}

}  // namespace

const Kind& image_kind() {
  static const Kind k_kind{.name = "image",
                           .scope_type = "stack",
                           .schema = "",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = docker::remove_image};
  return k_kind;
}

}  // namespace aegis
