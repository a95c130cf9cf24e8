#include "manifest/compose/inclusion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

// What Compose would fetch: a repository or an image.
bool is_remote(const std::string& path) {
  constexpr std::array<std::string_view, 6> k_prefixes{
      "http://", "https://", "ssh://", "git://", "git@", "oci://"};
  return std::any_of(k_prefixes.begin(), k_prefixes.end(), [&](std::string_view prefix) {
    return path.starts_with(prefix);
  });
}

std::optional<Node> read_local_path(const Node& value, Diagnostics& diagnostics) {
  auto path = read_text(value, diagnostics);
  if (!path) return std::nullopt;
  if (path->text.empty()) {
    wrong_value(diagnostics, value, "a path");
    return std::nullopt;
  }
  if (!is_remote(path->text)) return path;
  error(diagnostics,
        value.where,
        "not supported",
        fmt::format("`{}` is a file that would have to be fetched. What runs would change without "
                    "a change here: keep a copy in the project.",
                    value.path));
  return std::nullopt;
}

std::optional<Node> read_local_paths(const Node& value, Diagnostics& diagnostics) {
  if (value.type == Node::Type::sequence)
    return read_list(value, read_local_path, "a path or a list of paths", diagnostics);
  auto path = read_local_path(value, diagnostics);
  if (!path) return std::nullopt;
  Node paths = make_sequence(value);
  paths.items.push_back(std::move(*path));
  return paths;
}

bool require(const Node& value, std::string_view key, Diagnostics& diagnostics) {
  if (value.find(key) != nullptr) return true;
  error(diagnostics, value.where, "missing key", fmt::format("`{}` needs `{}`.", value.path, key));
  return false;
}

std::optional<Node> read_included(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"path", read_local_paths},
      {"project_directory", read_text},
      {"env_file", read_text_or_texts},
  }};
  if (value.type == Node::Type::mapping) {
    if (!require(value, "path", diagnostics)) return std::nullopt;
    return read_object(value, k_fields, diagnostics);
  }
  auto paths = read_local_paths(value, diagnostics);
  if (!paths) return std::nullopt;
  Node included = make_mapping(value);
  set(included, "path", std::move(*paths));
  return included;
}

}  // namespace

std::optional<Node> read_include(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_included, "a list of files", diagnostics);
}

std::optional<Node> read_extends(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{
      {"service", read_text},
      {"file", read_local_path},
  }};
  if (value.type == Node::Type::mapping) {
    if (!require(value, "service", diagnostics)) return std::nullopt;
    return read_object(value, k_fields, diagnostics);
  }
  auto service = read_text(value, diagnostics);
  if (!service) return std::nullopt;
  Node extends = make_mapping(value);
  set(extends, "service", std::move(*service));
  return extends;
}

}  // namespace aegis::compose
