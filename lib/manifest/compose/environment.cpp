#include "manifest/compose/environment.h"

#include <fmt/format.h>

#include "manifest/compose/dotenv.h"
#include "manifest/compose/report.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

Node from_outside(std::string text, const Node& at) {
  Node value = make_text(std::move(text), at);
  value.interpolated = true;
  return value;
}

void read_env_file(Node& environment,
                   const Node& file,
                   const std::filesystem::path& folder,
                   const Variables& variables,
                   Diagnostics& diagnostics) {
  const Node* path_node = file.find("path");
  if (path_node == nullptr || path_node->text.empty()) return;
  const auto path = (folder / path_node->text).lexically_normal();
  const auto text = read_text_file(path);
  if (!text) {
    const bool optional = text_at(file, "required") == "false";
    if (optional && text.error().code == ErrorCode::not_found) return;
    error(diagnostics,
          path_node->where,
          "environment file not readable",
          fmt::format(
              "`{}` names a file that cannot be read: {}.", path_node->path, text.error().message));
    return;
  }
  const DotenvFormat format =
      text_at(file, "format") == "raw" ? DotenvFormat::raw : DotenvFormat::quoted;
  for (DotenvEntry& entry : parse_dotenv(*text, path.string(), format, variables, diagnostics)) {
    if (!entry.value) continue;
    Node value = from_outside(std::move(*entry.value), file);
    value.where = entry.where;
    set(environment, entry.name, std::move(value));
  }
}

void fill_in(Node& environment, const Variables& variables) {
  for (Member& member : environment.members) {
    if (member.value.type != Node::Type::null) continue;
    if (auto variable = variables(member.key))
      member.value = from_outside(std::move(variable->value), member.value);
  }
}

}  // namespace

void resolve_label_files(Node& service,
                         const std::filesystem::path& folder,
                         const Variables& variables,
                         Diagnostics& diagnostics) {
  const Node* files = service.find("label_file");
  if (files == nullptr) return;
  Node labels = make_mapping(*files);
  for (const Node& file : files->items) read_env_file(labels, file, folder, variables, diagnostics);
  if (const Node* own = service.find("labels")) {
    for (const Member& member : own->members) set(labels, member.key, member.value, member.where);
  }
  erase(service, "label_file");
  set(service, "labels", std::move(labels));
}

void resolve_environment(Node& service,
                         const std::filesystem::path& folder,
                         const Variables& variables,
                         Diagnostics& diagnostics) {
  const Node* files = service.find("env_file");
  const Node* own = service.find("environment");
  if (files == nullptr && own == nullptr) return;
  Node environment = make_mapping(own == nullptr ? *files : *own);
  if (files != nullptr) {
    for (const Node& file : files->items)
      read_env_file(environment, file, folder, variables, diagnostics);
  }
  if (own != nullptr) {
    Node values = *own;
    fill_in(values, variables);
    for (Member& member : values.members)
      set(environment, member.key, std::move(member.value), member.where);
  }
  erase(service, "env_file");
  set(service, "environment", std::move(environment));
}

}  // namespace aegis::compose
