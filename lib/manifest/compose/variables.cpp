#include "manifest/compose/variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "manifest/compose/dotenv.h"
#include "manifest/compose/report.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

using Values = std::map<std::string, Variable>;

std::optional<Variable> value_in(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

void read_file(const VariableFile& file,
               const std::string& named_by,
               const Variables& outer,
               Values& values,
               Diagnostics& diagnostics) {
  const auto text = read_text_file(file.path);
  if (!text) {
    error(diagnostics,
          file.named_at,
          "environment file not readable",
          fmt::format("{} names an environment file that cannot be read: {}.",
                      named_by,
                      text.error().message));
    return;
  }
  const Variables variables = [&](const std::string& name) {
    auto variable = outer(name);
    return variable ? variable : value_in(values, name);
  };
  for (DotenvEntry& entry :
       parse_dotenv(*text, file.path.string(), DotenvFormat::quoted, variables, diagnostics)) {
    if (entry.value) values[entry.name] = {std::move(*entry.value), entry.secrecy};
  }
}

// The stack's own variables.
Values own_values(const StackInput& input) {
  Values values;
  for (const auto& [name, value] : input.environment) {
    Secrecy secrecy = secrecy_of_name(name);
    if (input.outside_variables.contains(name)) secrecy = std::max(secrecy, Secrecy::likely);
    if (input.secret_variables.contains(name)) secrecy = Secrecy::certain;
    values[name] = {value, secrecy};
  }
  if (!input.project.empty()) values["COMPOSE_PROJECT_NAME"] = {input.project};
  return values;
}

bool default_file_disabled(const Environment& process) {
  const std::string value = process("COMPOSE_DISABLE_ENV_FILE").value_or("");
  return value == "1" || value == "true";
}

}  // namespace

Variables read_variables(const StackInput& input,
                         const Environment& process,
                         Diagnostics& diagnostics) {
  const Variables outer = [own = own_values(input),
                           process = as_variables(process)](const std::string& name) {
    auto variable = value_in(own, name);
    return variable ? variable : process(name);
  };
  std::vector<VariableFile> files;
  for (const std::string& file : input.env_files)
    files.push_back({(input.folder / file).lexically_normal(), input.where});
  const auto default_file = (input.folder / ".env").lexically_normal();
  std::error_code code;
  if (files.empty() && !default_file_disabled(process) &&
      std::filesystem::exists(default_file, code))
    files.push_back({default_file, input.where});
  return with_files(outer, files, "The stack", diagnostics);
}

Variables with_files(const Variables& outer,
                     const std::vector<VariableFile>& files,
                     const std::string& named_by,
                     Diagnostics& diagnostics) {
  auto values = std::make_shared<Values>();
  for (const VariableFile& file : files) read_file(file, named_by, outer, *values, diagnostics);
  return [outer, values](const std::string& name) {
    auto variable = outer(name);
    return variable ? variable : value_in(*values, name);
  };
}

}  // namespace aegis::compose
