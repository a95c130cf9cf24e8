#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "base/text.h"
#include "commands.h"
#include "manifest/declaration_text.h"
#include "plan/adoption.h"
#include "plan/selection.h"
#include "plan_output.h"
#include "session.h"

namespace aegis {
namespace {

bool is_wanted(const Declaration& declaration, const Options& options) {
  const bool here = options.server.empty() ||
                    text_or(declaration.spec, "server") == options.server ||
                    declaration.address.scope == "server/" + options.server;
  const auto& targets = options.plan.targets;
  return here && (targets.empty() || covered(targets, declaration.address));
}

// What of the plan is about the new manifest, and more than taking over.
Plan differences_of(const Plan& plan, const std::string& file) {
  Plan differences;
  std::copy_if(plan.changes.begin(),
               plan.changes.end(),
               std::back_inserter(differences.changes),
               [&](const Change& change) {
                 return change.where && change.where->file == file && !only_takes_over(change);
               });
  return differences;
}

// A manifest that would change what it was made from is of no use.
ExitCode verify(const std::string& file,
                const std::string& text,
                const std::vector<Declaration>& declarations,
                const Options& options,
                Terminal& terminal) {
  // Secrets are not known, and not compared: anything will do in their place.
  std::map<std::string, std::string> secrets;
  for (const auto& [name, variable] : variables_of(declarations)) secrets[variable] = "not known";
  Session session(options, terminal, {.more = {{file, text}}}, secrets);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto plan = session.make_plan({});
  if (!plan) return session.failure();
  const Plan differences = differences_of(*plan, file);
  if (!differences.has_differences()) return ExitCode::success;
  terminal.say(format_plan(differences, "text", terminal));
  terminal.complain(
      "the manifests that were made do not describe what is live: they would change the above. "
      "Nothing was written. Leave these out by naming the others.");
  return ExitCode::failure;
}

ExitCode hand_over(const std::string& text,
                   const std::vector<Declaration>& declarations,
                   const Options& options,
                   Terminal& terminal) {
  const std::size_t count = declarations.size();
  const auto variables = variables_of(declarations);
  if (!variables.empty()) {
    std::vector<std::string> names;
    for (const auto& [name, variable] : variables) names.push_back(variable);
    terminal.say(fmt::format("Secrets cannot be imported: `secrets` reads them from {}.",
                             list_words(names)));
  }
  if (options.out.empty()) return terminal.print(text) ? ExitCode::success : ExitCode::failure;
  const auto written = write_new_file(options.out, text);
  if (!written) {
    terminal.complain(written.error().message);
    return ExitCode::failure;
  }
  terminal.say(
      fmt::format("Wrote {} to {}. `aegisctl plan` shows them; `aegisctl apply --adopt ADDRESS` "
                  "takes one over.",
                  count_of(count, "resource"),
                  options.out.string()));
  return ExitCode::success;
}

}  // namespace

ExitCode run_import(const Options& options, Terminal& terminal) {
  Session session(options, terminal);
  if (!session.is_valid()) return ExitCode::invalid;
  const auto& servers = session.manifests().connections.servers;
  if (!options.server.empty() && !servers.contains(options.server)) {
    terminal.complain(fmt::format("the manifests have no server `{}`", options.server));
    return ExitCode::invalid;
  }
  auto found = session.survey(options.plan.targets);
  if (!found) return session.failure();
  std::erase_if(*found, [&](const Declaration& one) { return !is_wanted(one, options); });
  if (found->empty()) {
    terminal.say(
        "Nothing to import: everything that was asked for is in the manifests, or is not "
        "there.");
    return ExitCode::success;
  }
  const std::string text = declaration_text(*found);
  const std::string file = options.out.empty() ? "imported.yaml" : options.out.filename().string();
  const ExitCode verified = verify(file, text, *found, options, terminal);
  return verified == ExitCode::success ? hand_over(text, *found, options, terminal) : verified;
}

}  // namespace aegis
