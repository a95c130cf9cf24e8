#include "manifest/compose/stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "commands.h"
#include "environment.h"
#include "execution.h"
#include "manifest/compose/project_name.h"
#include "manifest/yaml_text.h"
#include "render/diagnostics_text.h"
#include "session.h"

namespace aegis {
namespace {

ExitCode print_model(const Json& model, const Options& options, Terminal& terminal) {
  const std::string text = options.format == "json" ? model.dump(2) + "\n" : to_yaml_text(model);
  return terminal.print(text) ? ExitCode::success : ExitCode::failure;
}

ExitCode complain_unknown(const Options& options,
                          const std::vector<std::string>& names,
                          Terminal& terminal) {
  const auto likely = closest_match(options.path, names);
  terminal.complain(fmt::format("the manifests have no stack `{}`{}",
                                options.path,
                                likely ? fmt::format("; did you mean `{}`?", *likely) : ""));
  return ExitCode::invalid;
}

ExitCode config_of_stack(const Options& options, Terminal& terminal) {
  const Session session(options, terminal, {.stack_models = true});
  if (!session.is_valid()) return ExitCode::invalid;
  const auto& models = session.manifests().stack_models;
  const auto found = models.find(options.path);
  if (found != models.end()) return print_model(found->second, options, terminal);
  std::vector<std::string> names;
  names.reserve(models.size());
  for (const auto& [name, model] : models) names.push_back(name);
  return complain_unknown(options, names, terminal);
}

ExitCode prune(const Options& options, Terminal& terminal) {
  Options pruning = options;
  pruning.plan.prune = true;
  Session session(pruning, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  std::vector<std::string> names;
  for (const auto& [name, scope] : session.manifests().desired.scopes) {
    if (scope.type() == "stack") names.push_back(name.substr(name.find('/') + 1));
  }
  const bool is_known = std::find(names.begin(), names.end(), options.path) != names.end();
  if (!options.path.empty() && !is_known) return complain_unknown(options, names, terminal);
  session.plan_upkeep(options.path);
  return plan_and_perform(session, pruning, terminal);
}

std::filesystem::path absolute(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal();
}

StackInput input_of_files(const Options& options) {
  StackInput input;
  input.folder = absolute(options.compose_files.front()).parent_path();
  for (const std::string& file : options.compose_files)
    input.files.push_back(absolute(file).lexically_relative(input.folder));
  for (const std::string& file : options.compose_env_files)
    input.env_files.push_back(absolute(file).string());
  input.profiles = options.profiles;
  input.project = default_project_name(input, environment_variable);
  input.stack_name = input.project;
  input.where = {options.compose_files.front(), 0, 0, 1};
  input.with_model = true;
  return input;
}

ExitCode config_of_files(const Options& options, Terminal& terminal) {
  Vault vault;
  Diagnostics diagnostics;
  const StackResources stack =
      load_stack(input_of_files(options), environment_variable, vault, diagnostics);
  if (!diagnostics.empty()) {
    terminal.say(
        render_diagnostics(diagnostics, stack.sources, {terminal.color_err(), terminal.width()}));
  }
  if (has_errors(diagnostics)) return ExitCode::invalid;
  return print_model(stack.model, options, terminal);
}

}  // namespace

ExitCode run_stack(const Options& options, Terminal& terminal) {
  if (options.action == "prune") return prune(options, terminal);
  if (options.compose_files.empty() == options.path.empty()) {
    terminal.complain("name a stack of the manifests, or Compose files with --file");
    return ExitCode::invalid;
  }
  return options.path.empty() ? config_of_files(options, terminal)
                              : config_of_stack(options, terminal);
}

}  // namespace aegis
