#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/text.h"
#include "commands.h"

namespace aegis {
namespace {

struct CompletedOption {
  std::string name;  ///< "--target"
  std::string description;
};

std::vector<CompletedOption> options_of(const CLI::App& command) {
  std::vector<CompletedOption> options;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames())
      options.push_back({"--" + name, option->get_description()});
  }
  return options;
}

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// Descriptions are ours and hold no quotes or backslashes beyond these.
std::string quoted(std::string text) {
  for (std::size_t at = text.find('\''); at != std::string::npos; at = text.find('\'', at + 4)) {
    text.replace(at, 1, "'\\''");
  }
  return "'" + text + "'";
}

std::string words_of(const CLI::App& command) {
  std::vector<std::string> words;
  for (const CompletedOption& option : options_of(command)) words.push_back(option.name);
  return join(words, " ");
}

std::string bash_script(const CLI::App& app) {
  std::vector<std::string> names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    names.push_back(command->get_name());
    cases += fmt::format("    {}) words={} ;;\n", command->get_name(), quoted(words_of(*command)));
  }
  return fmt::format(
      "_aegisctl() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} command= words= word\n"
      "  for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case $word in -*) ;; *) command=$word; break ;; esac\n"
      "  done\n"
      "  case $command in\n"
      "{}"
      "    *) words={} ;;\n"
      "  esac\n"
      "  COMPREPLY=($(compgen -W \"$words {}\" -- \"$current\"))\n"
      "}}\n"
      "complete -o default -F _aegisctl aegisctl\n",
      cases,
      quoted(join(names, " ")),
      words_of(app));
}

std::string zsh_script(const CLI::App& app) {
  std::string names;
  std::string cases;
  for (const CLI::App* command : commands_of(app)) {
    names +=
        fmt::format("    {}\n", quoted(command->get_name() + ":" + command->get_description()));
    std::string options;
    for (const CompletedOption& option : options_of(*command)) {
      options += " " + quoted(option.name + ":" + option.description);
    }
    cases += fmt::format("      {}) options=({}) ;;\n", command->get_name(), options);
  }
  return fmt::format(
      "#compdef aegisctl\n"
      "_aegisctl() {{\n"
      "  local -a commands options\n"
      "  commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "  else\n"
      "    case $words[2] in\n{}"
      "    esac\n"
      "    _describe option options || _files\n"
      "  fi\n"
      "}}\n"
      "compdef _aegisctl aegisctl\n",
      names,
      cases);
}

std::string fish_script(const CLI::App& app) {
  std::string script;
  for (const CLI::App* command : commands_of(app)) {
    script += fmt::format("complete -c aegisctl -n __fish_use_subcommand -f -a {} -d {}\n",
                          command->get_name(),
                          quoted(command->get_description()));
    for (const CompletedOption& option : options_of(*command)) {
      script +=
          fmt::format("complete -c aegisctl -n '__fish_seen_subcommand_from {}' -l {} -d {}\n",
                      command->get_name(),
                      option.name.substr(2),
                      quoted(option.description));
    }
  }
  return script;
}

}  // namespace

ExitCode run_completion(const CLI::App& app, const Options& options, Terminal& terminal) {
  if (options.path == "bash") terminal.print(bash_script(app));
  if (options.path == "zsh") terminal.print(zsh_script(app));
  if (options.path == "fish") terminal.print(fish_script(app));
  return ExitCode::success;
}

}  // namespace aegis
