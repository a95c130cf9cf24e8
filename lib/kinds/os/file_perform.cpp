#include "kinds/os/file_perform.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/text.h"
#include "base/vault.h"
#include "kinds/os/access.h"
#include "kinds/os/effects.h"
#include "kinds/os/guard.h"
#include "kinds/os/inventory.h"
#include "kinds/os/scripts.h"

namespace aegis::os {
namespace {

constexpr std::string_view k_placeholder = "%s";

bool is_secret(const Json& spec) {
  return is_sealed(get(spec, "content"));
}

// The words of the check, with the place of the new content for "%s".
Json check_words(const Json& spec, const std::string& path) {
  Json words = Json::array();
  for (const Json& word : get(spec, "validate")) {
    std::string text = as_text(word);
    const std::size_t at = text.find(k_placeholder);
    if (at != std::string::npos) text.replace(at, k_placeholder.size(), checked_path(path));
    words.push_back(std::move(text));
  }
  return words;
}

std::string owner_of(const Json& access) {
  return fmt::format("{}:{}", text_or(access, "owner", "root"), text_or(access, "group", "root"));
}

Step file_step(const Lowering& lowering, const std::string& path, std::string operation) {
  Step step;
  step.id = 1;
  step.address = lowering.change.address;
  step.operation = std::move(operation);
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")},
                {"path", path},
                {"key", inventory_key(lowering.change.address)},
                {"present", text_or(lowering.live.context, "present", "-")}};
  return step;
}

Step write_step(const Lowering& lowering, const std::string& path, const Json& access) {
  const Change& change = lowering.change;
  const bool takes_over = change.action == Action::adopt && change.attributes.empty();
  Step step = file_step(lowering, path, takes_over ? "own" : "write");
  const Json& spec = lowering.desired->spec;
  step.title = fmt::format("{} {}", takes_over ? "take over" : "write", path);
  step.input["value"] = inventory_value({is_secret(spec), remembered_effects(spec)});
  step.input["secret"] = is_secret(spec);
  if (takes_over) return step;
  step.input["owner"] = owner_of(access);
  step.input["mode"] = get(access, "mode");
  step.input["payload"] = get(spec, "payload");
  const Json& live = lowering.live.attributes;
  step.input["before"] = {{"owner", owner_of(live)},
                          {"mode", text_or(live, "mode", text_or(access, "mode"))},
                          {"value", text_or(lowering.live.context, "value")}};
  return step;
}

// What the change brings about; of one that only finishes an earlier run, what that left.
Json effects_for(const Lowering& lowering, const std::string& path, bool only_pending) {
  if (only_pending) return get(lowering.live.attributes, "pending");
  const Json& effects = get(lowering.live.context, "effects");
  return effects.is_array() ? effects : Json(effects_of(path, Json(), {}, Facts()));
}

bool only_finishes(const Change& change) {
  return change.action == Action::update && change.attributes.size() == 1 &&
         change.attributes.front().path == "pending";
}

Error unknown_content() {
  return {ErrorCode::rejected, "its content is not known here"};
}

std::vector<std::string> effect_names(const Step& step) {
  std::vector<std::string> names;
  for (const Json& name : get(step.input, "effects")) names.push_back(as_text(name));
  return names;
}

Result<std::string> write_file(const Step& step, Effects& effects) {
  const auto content = effects.vault.open(get(step.input, "payload"));
  if (!content) return unknown_content();
  const std::string path = text_or(step.input, "path");
  ScriptCall call{k_write_file,
                  {path,
                   text_or(step.input, "owner"),
                   text_or(step.input, "mode"),
                   fmt::format("{}", content->reveal().size()),
                   mark_of(path),
                   text_or(step.input, "key"),
                   text_or(step.input, "value"),
                   get(step.input, "secret") == true ? "quiet" : "",
                   join(effect_names(step), " ")},
                  fmt::format("{}\n{}", text_or(step.input, "present"), content->reveal())};
  for (const Json& word : get(step.input, "check")) call.words.push_back(as_text(word));
  return run_script(call, step, effects);
}

// Lets systemd know when the file is one of its own.
Result<std::string> run_and_tell(const ScriptCall& call, const Step& step, Effects& effects) {
  auto done = run_script(call, step, effects);
  if (!done || !is_unit_file(call.words.front())) return done;
  Step reload = step;
  reload.operation = k_daemon_reload;
  const auto told = perform_effect(reload, effects);
  if (!told) return told.error();
  return done;
}

// While something is to follow it stays in the inventory, so that the next run knows of it.
Result<std::string> remove_file(const Step& step, Effects& effects) {
  const std::string path = text_or(step.input, "path");
  return run_and_tell({k_remove_file,
                       {path,
                        mark_of(path),
                        text_or(step.input, "key"),
                        text_or(step.input, "value"),
                        join(effect_names(step), " ")},
                       fmt::format("{}\n", text_or(step.input, "present"))},
                      step,
                      effects);
}

// The undo of a write ends with it.
Result<std::string> and_resume(Result<std::string>&& done, const Step& step, Effects& effects) {
  if (!done) return std::move(done);
  const auto resumed = resume_units(step, effects);
  if (!resumed) return resumed.error();
  return std::move(done);
}

Result<std::string> bring_back_file(const Step& step, Effects& effects) {
  const std::string path = text_or(step.input, "path");
  auto done =
      run_script({k_bring_back_file,
                  {path, mark_of(path), text_or(step.input, "key"), text_or(step.input, "value")},
                  fmt::format("{}\n", text_or(step.input, "present"))},
                 step,
                 effects);
  return and_resume(std::move(done), step, effects);
}

Result<std::string> restore_file(const Step& step, Effects& effects) {
  const auto content = effects.vault.open(get(step.input, "payload"));
  if (!content) return unknown_content();
  const std::string path = text_or(step.input, "path");
  const Json& before = get(step.input, "before");
  auto done = run_and_tell(
      {k_restore_file,
       {path,
        text_or(before, "owner"),
        text_or(before, "mode"),
        mark_of(path),
        text_or(step.input, "key"),
        text_or(before, "value")},
       fmt::format("{}\n{}\n", text_or(step.input, "present"), sha256_hex(content->reveal()))},
      step,
      effects);
  return and_resume(std::move(done), step, effects);
}

}  // namespace

std::vector<Step> lower_write(const Lowering& lowering,
                              const std::string& path,
                              const Json& access,
                              const Json& check) {
  std::vector<Step> steps;
  const bool only_pending = only_finishes(lowering.change);
  if (!only_pending) steps.push_back(write_step(lowering, path, access));
  const Json effects = effects_for(lowering, path, only_pending);
  if (!steps.empty() && steps.front().operation == "own") return steps;
  if (!steps.empty()) {
    steps.front().input["effects"] = effects;
    steps.front().input["check"] = check;
  }
  add_effects(effects, lowering, "restore", steps);
  add_guard(lowering, path, effects, steps);
  return steps;
}

Step removal_of(const Lowering& lowering, const std::string& path) {
  Step step = file_step(lowering, path, "remove");
  step.title = fmt::format("remove {}", path);
  return step;
}

// What reads the file is told, and only then it is forgotten.
std::vector<Step> lower_removal(const Lowering& lowering, const std::string& path) {
  const Json& effects = get(lowering.live.context, "effects");
  std::vector<Step> steps{removal_of(lowering, path)};
  if (!effects.is_array() || effects.empty()) return steps;
  Step forget = steps.front();
  steps.front().input["value"] = get(lowering.live.context, "value");
  steps.front().input["effects"] = effects;
  add_effects(effects, lowering, "bring back", steps);
  add_guard(lowering, path, effects, steps);
  forget.operation = "forget";
  forget.title = fmt::format("forget {}", path);
  for (const Step& step : steps) forget.after.push_back(step.id);
  forget.id = static_cast<StepId>(steps.size()) + 1;
  steps.push_back(std::move(forget));
  return steps;
}

std::vector<Step> lower_file(const Lowering& lowering) {
  const std::string path = path_of(lowering.change.address);
  if (lowering.change.action == Action::remove) return lower_removal(lowering, path);
  return lower_write(lowering, path, lowering.wanted, check_words(lowering.desired->spec, path));
}

Result<Json> perform_file(const Step& step, const Outputs&, Effects& effects) {
  Result<std::string> done = std::string();
  if (step.operation == "write") {
    done = write_file(step, effects);
  } else if (step.operation == "restore") {
    done = restore_file(step, effects);
  } else if (step.operation == "remove") {
    done = remove_file(step, effects);
  } else if (step.operation == "bring back") {
    done = bring_back_file(step, effects);
  } else if (step.operation == "forget") {
    done = run_script({k_record, {text_or(step.input, "key"), ""}, ""}, step, effects);
  } else if (step.operation == "own") {
    done = run_script(
        {k_record, {text_or(step.input, "key"), text_or(step.input, "value")}, ""}, step, effects);
  } else if (is_of_guard(step.operation)) {
    return perform_guard(step, effects);
  } else {
    return perform_effect(step, effects);
  }
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
