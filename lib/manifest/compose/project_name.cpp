#include "manifest/compose/project_name.h"

#include <cctype>

#include "base/text.h"
#include "manifest/compose/absolute_paths.h"
#include "manifest/compose/document.h"
#include "manifest/compose/text_file.h"
#include "manifest/compose/variables.h"

namespace aegis {
namespace {

// The last `name` in the files; empty when there is none.
std::string written_name(const StackInput& input, const compose::Variables& variables) {
  Diagnostics unread;
  std::string name;
  for (const auto& file : input.files) {
    const auto text = compose::read_text_file(input.folder / file);
    if (!text) continue;
    for (const compose::Node& document :
         compose::read_documents(*text, file.string(), variables, unread)) {
      const std::string own = compose::text_at(document, "name");
      if (!own.empty()) name = own;
    }
  }
  return name;
}

std::string fitting_name(const std::string& folder) {
  std::string name;
  for (const char c : to_lower(folder)) {
    const bool first_fits = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (first_fits || (!name.empty() && (c == '_' || c == '-'))) name += c;
  }
  return name;
}

}  // namespace

std::string default_project_name(const StackInput& input, const Environment& environment) {
  Diagnostics unread;
  const compose::Variables variables = compose::read_variables(input, environment, unread);
  const auto variable = variables("COMPOSE_PROJECT_NAME");
  if (variable && !variable->value.empty()) return variable->value;
  const std::string written = written_name(input, variables);
  if (!written.empty()) return written;
  return fitting_name(compose::absolute_folder(input.folder).filename().string());
}

}  // namespace aegis
