#include "kinds/docker/steps.h"

#include <fmt/format.h>

#include <utility>

#include "kinds/docker/api.h"
#include "kinds/docker/labels.h"

namespace aegis::docker {

StepList::StepList(const Stack& stack, const Address& address, const Observation& live)
    : stack_(stack), address_(address), api_(get(live.context, "api")) {}

Step& StepList::add(std::string_view operation, std::string title, Json input) {
  Step step;
  step.id = static_cast<StepId>(steps_.size()) + 1;
  step.address = address_;
  step.operation = operation;
  step.title = std::move(title);
  step.lane = fmt::format("docker/{}/{}", stack_.name, address_.name);
  input["endpoint"] = stack_.endpoint;
  if (!api_.is_null()) input["api"] = api_;
  step.input = std::move(input);
  if (!steps_.empty()) step.after = {steps_.back().id};
  steps_.push_back(std::move(step));
  return steps_.back();
}

void add_adoption(StepList& steps, const Stack& stack) {
  steps.add("adopt",
            fmt::format("mark project {} as managed", stack.project),
            {{"marker", stack.marker()}, {"project", stack.project}});
}

Result<Json> perform_adoption(const Step& step, Effects& effects) {
  const auto client = EngineClient::open(step, effects);
  if (!client) return client.error();
  const std::string project = text_or(step.input, "project");
  const Json body = {{"Name", text_or(step.input, "marker")},
                     {"Labels", {{std::string(k_marked_label), project}}}};
  const auto made = client->post("/volumes/create", body);
  if (!made) return made.error();
  // An existing volume is answered as it is, whatever labels were sent.
  if (text_or(get(made->body, "Labels"), k_marked_label) != project) {
    return Error{ErrorCode::conflict,
                 fmt::format("the volume {} exists and is not aegisctl's; rename or remove it",
                             text_or(step.input, "marker"))};
  }
  return Json::object();
}

}  // namespace aegis::docker
