#include "usage_hint.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <vector>

#include "base/text.h"

namespace aegis {
namespace {

std::string hint(const std::string& word,
                 const std::string& what,
                 const std::vector<std::string>& known,
                 const std::string& where_to_look) {
  const auto closest = closest_match(word, known);
  if (closest) return fmt::format("\"{}\" is no {}. Did you mean \"{}\"?\n", word, what, *closest);
  return fmt::format("\"{}\" is no {}. `{} --help` lists them.\n", word, what, where_to_look);
}

std::string unknown_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return hint(word,
              "command",
              names,
              app.get_parent() != nullptr ? "aegisctl " + app.get_name() : "aegisctl");
}

std::string unknown_option(const CLI::App& app, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::string command =
      app.get_parent() != nullptr ? "aegisctl " + app.get_name() : "aegisctl";
  return hint(word, "option of " + command, names, command);
}

}  // namespace

std::string usage_hint(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") break;
    if (word.size() > 1 && word.front() == '-') {
      const std::string name = word.substr(0, word.find('='));
      const CLI::Option* option = command->get_option_no_throw(name);
      if (option == nullptr && name.starts_with("--")) return unknown_option(*command, name);
      const bool has_value = option != nullptr && option->get_items_expected_min() > 0;
      if (has_value && name == word) ++i;
      continue;
    }
    const auto commands = command->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) break;
    const auto named = std::find_if(commands.begin(), commands.end(), [&](const CLI::App* known) {
      return known->get_name() == word;
    });
    if (named == commands.end()) return unknown_command(*command, word);
    command = *named;
  }
  return {};
}

}  // namespace aegis
