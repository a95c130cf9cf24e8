#include "kinds/os/file_perform.h"

#include <fmt/format.h>

#include "base/text.h"
#include "base/vault.h"
#include "kinds/os/access.h"
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

void describe_write(const Lowering& lowering, Step& step) {
  const std::string path = path_of(lowering.change.address);
  const Json& spec = lowering.desired->spec;
  const bool takes_over =
      lowering.change.action == Action::adopt && lowering.change.attributes.empty();
  step.operation = takes_over ? "own" : "write";
  step.title = fmt::format("{} {}", takes_over ? "take over" : "write", path);
  step.input["value"] = inventory_value({is_secret(spec)});
  step.input["secret"] = is_secret(spec);
  if (takes_over) return;
  step.input["owner"] =
      fmt::format("{}:{}", text_or(lowering.wanted, "owner"), text_or(lowering.wanted, "group"));
  step.input["mode"] = get(lowering.wanted, "mode");
  step.input["payload"] = get(spec, "payload");
  step.input["check"] = check_words(spec, path);
}

Result<std::string> write_file(const Step& step, Effects& effects) {
  const auto content = effects.vault.open(get(step.input, "payload"));
  if (!content) return Error{ErrorCode::rejected, "its content is not known here"};
  const std::string path = text_or(step.input, "path");
  ScriptCall call{k_write_file,
                  {path,
                   text_or(step.input, "owner"),
                   text_or(step.input, "mode"),
                   fmt::format("{}", content->reveal().size()),
                   mark_of(path),
                   text_or(step.input, "key"),
                   text_or(step.input, "value"),
                   get(step.input, "secret") == true ? "quiet" : ""},
                  fmt::format("{}\n{}", text_or(step.input, "present"), content->reveal())};
  for (const Json& word : get(step.input, "check")) call.words.push_back(as_text(word));
  return run_script(call, step, effects);
}

Result<std::string> remove_file(const Step& step, Effects& effects) {
  const std::string path = text_or(step.input, "path");
  return run_script({k_remove_file,
                     {path, mark_of(path), text_or(step.input, "key")},
                     fmt::format("{}\n", text_or(step.input, "present"))},
                    step,
                    effects);
}

}  // namespace

std::vector<Step> lower_file(const Lowering& lowering) {
  const Address& address = lowering.change.address;
  Step step;
  step.id = 1;
  step.address = address;
  step.input = {{"shell", text_or(lowering.scope.settings, "shell")},
                {"path", path_of(address)},
                {"key", inventory_key(address)},
                {"present", text_or(lowering.live.context, "present", "-")}};
  if (lowering.change.action == Action::remove) {
    step.operation = "remove";
    step.title = fmt::format("remove {}", path_of(address));
  } else {
    describe_write(lowering, step);
  }
  return {std::move(step)};
}

Result<Json> perform_file(const Step& step, const Outputs&, Effects& effects) {
  Result<std::string> done =
      Error{ErrorCode::rejected, fmt::format("a file has no operation called {}", step.operation)};
  if (step.operation == "write") done = write_file(step, effects);
  if (step.operation == "remove") done = remove_file(step, effects);
  if (step.operation == "own") {
    done = run_script(
        {k_record, {text_or(step.input, "key"), text_or(step.input, "value")}, ""}, step, effects);
  }
  if (!done) return done.error();
  return Json::object();
}

}  // namespace aegis::os
