#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/access/token_parts.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/objects/object_calls.h"
#include "kinds/proxmox/task.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

/// The calls about one token. Refers to the step and the doors.
class TokenCalls {
 public:
  TokenCalls(const Step& step, Effects& effects)
      : step_(step),
        api_(effects, text_or(step.input, "endpoint")),
        name_(text_or(step.input, "name")) {}

  [[nodiscard]] Result<std::optional<Json>> read() const {
    const auto answer = api_.get(path());
    if (answer) return std::optional(*answer);
    if (is_missing(answer.error())) return std::optional<Json>();
    return answer.error();
  }

  [[nodiscard]] Result<Json> make() const {
    return api_.post(path(), form(std::string(k_unfinished_comment)));
  }

  [[nodiscard]] Result<Json> write() const { return api_.put(path(), form(owned_comment(text()))); }

  [[nodiscard]] Result<Json> remove() const { return api_.remove(path(), {}); }

  /// True when `present` is as the step wants it.
  [[nodiscard]] bool is_done(const Json& present) const {
    return trim(text_or(present, "comment")) == owned_comment(text()) &&
           as_integer(get(present, "expire")).value_or(0) == expire() &&
           as_bool(get(present, "privsep")).value_or(true) == separated();
  }

  [[nodiscard]] Error explained(const Error& error) const {
    return error.in_context(fmt::format("token {}", name_));
  }

  [[nodiscard]] Pauses pauses() const {
    Clock& clock = api_.effects().clock;
    return {clock, clock.now() + step_.timeout};
  }

  [[nodiscard]] std::string file() const { return text_or(step_.input, "secret_file"); }
  [[nodiscard]] SecretSink* sink() const { return api_.effects().secrets; }

 private:
  [[nodiscard]] std::string path() const {
    return api_path(fmt::format("/access/users/{}/token/{}",
                                percent_encode(user_of_token(name_)),
                                percent_encode(short_name_of_token(name_))));
  }
  [[nodiscard]] Form form(std::string comment) const {
    return {{"comment", std::move(comment)},
            {"expire", fmt::format("{}", expire())},
            {"privsep", separated() ? "1" : "0"}};
  }
  [[nodiscard]] std::string text() const { return text_or(step_.input, "comment"); }
  [[nodiscard]] std::int64_t expire() const {
    return as_integer(get(step_.input, "expire")).value_or(0);
  }
  [[nodiscard]] bool separated() const {
    return as_bool(get(step_.input, "privsep")).value_or(true);
  }

  const Step& step_;
  ApiClient api_;
  std::string name_;
};

bool is_unfinished(const Json& token) {
  return trim(text_or(token, "comment")) == k_unfinished_comment;
}

bool is_again(const Error& error, Pauses& pauses) {
  return may_begin_again(error) && pauses.wait();
}

Result<Json> remove(const TokenCalls& calls) {
  Pauses pauses = calls.pauses();
  while (true) {
    const auto present = calls.read();
    if (!present) return calls.explained(present.error());
    if (!present->has_value()) return Json::object();
    if (!is_owned_comment(text_or(**present, "comment"))) {
      return calls.explained(
          {ErrorCode::conflict, "it is no longer marked as ours, and stays. Plan again."});
    }
    const auto removed = calls.remove();
    if (removed || is_missing(removed.error())) return Json::object();
    if (!is_again(removed.error(), pauses)) return calls.explained(removed.error());
  }
}

Result<Json> update(const TokenCalls& calls) {
  Pauses pauses = calls.pauses();
  while (true) {
    const auto present = calls.read();
    if (!present) return calls.explained(present.error());
    if (!present->has_value()) {
      return calls.explained(
          {ErrorCode::not_found, "it is gone since it was planned: plan again."});
    }
    if (calls.is_done(**present)) return Json::object();
    const auto written = calls.write();
    if (written) return Json::object();
    if (!is_again(written.error(), pauses)) return calls.explained(written.error());
  }
}

// A token whose answer was lost, or that a broken run left: its secret is lost, so it goes.
Result<Done> clear_unfinished(const TokenCalls& calls) {
  const auto present = calls.read();
  if (!present) return calls.explained(present.error());
  if (!present->has_value()) return Done{};
  if (!is_unfinished(**present)) {
    return calls.explained(
        {ErrorCode::conflict,
         "it is there already. Somebody made it since it was planned: plan again."});
  }
  const auto removed = remove(calls);
  if (!removed) return removed.error();
  return Done{};
}

// The secret of a new token. Only here it is told.
Result<Secret> make(const TokenCalls& calls) {
  Pauses pauses = calls.pauses();
  while (true) {
    if (const auto cleared = clear_unfinished(calls); !cleared) return cleared.error();
    const auto made = calls.make();
    if (made) return Secret(text_or(*made, "value"));
    if (!is_again(made.error(), pauses)) return calls.explained(made.error());
  }
}

Result<Json> check(const TokenCalls& calls) {
  if (calls.file().empty()) {
    return calls.explained({ErrorCode::rejected, "it needs a `secret_file` for its new secret"});
  }
  if (calls.sink() == nullptr) {
    return calls.explained({ErrorCode::io, "there is no place to keep its secret in"});
  }
  const auto ready = calls.sink()->check(calls.file());
  if (!ready) return calls.explained(ready.error());
  return Json::object();
}

Result<Json> create(const TokenCalls& calls) {
  if (auto ready = check(calls); !ready) return ready;
  const auto secret = make(calls);
  if (!secret) return secret.error();
  if (const auto kept = calls.sink()->keep(calls.file(), *secret); !kept) {
    // A token whose secret nobody has is of no use. One that stays is made anew by the next run.
    (void)remove(calls);
    return calls.explained(kept.error());
  }
  return update(calls);
}

}  // namespace

Result<Json> perform_token(const Step& step, Effects& effects) {
  const TokenCalls calls(step, effects);
  if (step.operation == "check") return check(calls);
  if (step.operation == "create") return create(calls);
  if (step.operation == "update") return update(calls);
  if (step.operation == "remove") return remove(calls);
  return Error{ErrorCode::rejected,
               fmt::format("a token has no operation called {}", step.operation)};
}

}  // namespace aegis::proxmox
