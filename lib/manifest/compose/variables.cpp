#include "manifest/compose/variables.h"

#include <fmt/format.h>

#include <memory>

#include "manifest/compose/dotenv.h"
#include "manifest/compose/report.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

using Values = std::map<std::string, std::string>;

std::optional<std::string> value_in(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

void read_file(const std::filesystem::path& path,
               const Environment& outer,
               Values& values,
               Diagnostics& diagnostics,
               const SourceSpan& named_at) {
  const auto text = read_text_file(path);
  if (!text) {
    error(diagnostics,
          named_at,
          "environment file not readable",
          fmt::format("The stack names an environment file that cannot be read: {}.",
                      text.error().message));
    return;
  }
  const Environment variables = [&](const std::string& name) {
    auto value = outer(name);
    return value ? value : value_in(values, name);
  };
  for (DotenvEntry& entry :
       parse_dotenv(*text, path.string(), DotenvFormat::quoted, variables, diagnostics)) {
    if (entry.value) values[entry.name] = std::move(*entry.value);
  }
}

bool default_file_disabled(const Environment& process) {
  const std::string value = process("COMPOSE_DISABLE_ENV_FILE").value_or("");
  return value == "1" || value == "true";
}

}  // namespace

Environment read_variables(const StackInput& input,
                           const Environment& process,
                           Diagnostics& diagnostics) {
  const Environment outer =
      [own = input.environment, project = input.project, process](const std::string& name) {
        if (name == "COMPOSE_PROJECT_NAME") return std::optional(project);
        const auto value = value_in(own, name);
        return value ? value : process(name);
      };
  auto values = std::make_shared<Values>();
  for (const std::string& file : input.env_files) {
    const auto path = (input.folder / file).lexically_normal();
    read_file(path, outer, *values, diagnostics, input.where);
  }
  const auto default_file = (input.folder / ".env").lexically_normal();
  std::error_code code;
  if (input.env_files.empty() && !default_file_disabled(process) &&
      std::filesystem::exists(default_file, code))
    read_file(default_file, outer, *values, diagnostics, input.where);
  return [outer, values](const std::string& name) {
    auto value = outer(name);
    return value ? value : value_in(*values, name);
  };
}

}  // namespace aegis::compose
