#include "kinds/proxmox/node/interface_perform.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/node/interface_shape.h"
#include "kinds/proxmox/node/interface_steps.h"
#include "kinds/proxmox/task.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

std::string text_of(const Json& value) {
  if (!value.is_array()) return as_text(value);
  std::vector<std::string> words;
  for (const Json& word : value) words.push_back(as_text(word));
  return join(words, " ");
}

bool is_lost(const Error& error) {
  return error.code == ErrorCode::outcome_unknown;
}

/// The calls on one node's network, for one step.
class NetworkCalls {
 public:
  NetworkCalls(const Step& step, Effects& effects)
      : step_(step),
        api_(effects, text_or(step.input, "endpoint")),
        list_(api_path(
            fmt::format("/nodes/{}/network", percent_encode(text_or(step.input, "node"))))),
        name_(text_or(step.input, "name")),
        deadline_(effects.clock.now() + step.timeout) {}

  // Which call is right depends on what is staged, so a lost answer is settled by looking again.
  Result<Json> stage() {
    constexpr int k_attempts = 3;
    for (int attempt = 1;; ++attempt) {
      const auto sent = stage_once();
      if (sent) return Json::object();
      if (!is_lost(sent.error()) || attempt == k_attempts) return sent.error();
    }
  }

  Result<Json> reload() {
    Pauses pauses(api_.effects().clock, deadline_);
    while (true) {
      const auto answer = api_.get_whole(list_);
      if (answer && text_or(*answer, "changes").empty()) return Json::object();
      const auto sent = answer ? api_.put(list_, {}) : answer;
      if (sent) return finish(as_text(*sent));
      // The reload may have cut the connection that its answer comes through.
      const bool silent = is_lost(sent.error()) || sent.error().code == ErrorCode::unreachable;
      if (!silent || !pauses.wait()) return sent.error();
    }
  }

  Result<Json> revert() {
    const auto gone = api_.remove(list_, {});
    if (!gone && !is_lost(gone.error())) return gone.error();
    const auto present = find();
    if (!present) return present.error();
    if (!in_force(*present)) return Json::object();
    return Error{ErrorCode::rejected,
                 fmt::format("the change of {} is in force already: the network was reloaded, and "
                             "only a new change brings it back",
                             name_)};
  }

 private:
  Result<Json> finish(const std::string& upid) {
    const auto ended = wait_for_task(api_, upid, deadline_);
    if (!ended) return ended.error();
    return ended->empty() ? Json::object() : Json{{"warning", *ended}};
  }

  // The interface in the list, null when it is not there.
  Result<Json> find() {
    const auto list = api_.get(list_);
    if (!list) return list.error();
    for (const Json& interface : *list) {
      if (text_or(interface, "iface") == name_) return interface;
    }
    return Json();
  }

  [[nodiscard]] bool in_force(const Json& present) const {
    const Json& wanted = aegis::get(step_.input, "wanted");
    if (wanted.is_null() || present.is_null()) return wanted.is_null() && present.is_null();
    return shape_of_live_interface(name_, present) == wanted;
  }

  Result<Json> stage_once() {
    auto present = find();
    if (!present) return present.error();
    const Json& wanted = aegis::get(step_.input, "wanted");
    const std::string item = fmt::format("{}/{}", list_, percent_encode(name_));
    const bool other = !present->is_null() && !wanted.is_null() &&
                       text_or(*present, "type") != text_or(wanted, "type");
    if (wanted.is_null() || other) {
      if (present->is_null()) return Json();
      auto removed = api_.remove(item, {});
      if (!removed || wanted.is_null()) return removed;
      present = Json();
    }
    if (present->is_null()) {
      Form form = form_of(wanted);
      form.emplace(form.begin(), "iface", name_);
      return api_.post(list_, form);
    }
    return api_.put(item, update_of(wanted));
  }

  static Form form_of(const Json& wanted) {
    Form form{{"type", text_or(wanted, "type")}};
    for (const auto& [key, value] : wanted.items()) {
      if (key != "type" && key != "comments") form.emplace_back(key, text_of(value));
    }
    form.emplace_back("comments", owned_comment(text_or(wanted, "comments")));
    return form;
  }

  // Addresses are sent whole: Proxmox takes one that is not sent away.
  [[nodiscard]] Form update_of(const Json& wanted) const {
    Form form = form_of(wanted);
    const std::string unset = text_of(aegis::get(step_.input, "delete"));
    if (!unset.empty()) form.emplace_back("delete", join(split(unset, ' '), ","));
    return form;
  }

  const Step& step_;
  ApiClient api_;
  std::string list_;
  std::string name_;
  Deadline deadline_;
};

}  // namespace

Result<Json> perform_interface(const Step& step, const Outputs&, Effects& effects) {
  if (is_take_back(step.operation)) return perform_take_back(network_take_back(), step, effects);
  NetworkCalls calls(step, effects);
  if (step.operation == "stage") return calls.stage();
  if (step.operation == "reload") return calls.reload();
  if (step.operation == "revert") return calls.revert();
  return Error{ErrorCode::rejected,
               fmt::format("an interface has no operation called {}", step.operation)};
}

}  // namespace aegis::proxmox
