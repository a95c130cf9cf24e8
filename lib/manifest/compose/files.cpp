#include "manifest/compose/files.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "base/text.h"
#include "manifest/compose/engine_name.h"
#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/mounts.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

constexpr std::int64_t k_usual_mode = 0444;

std::optional<Node> read_owner(const Node& value, Diagnostics& diagnostics) {
  const auto text = read_scalar_as_text(value, diagnostics);
  if (!text) return std::nullopt;
  const auto number = parse_decimal(text->text);
  if (number && *number >= 0 && *number < (std::int64_t{1} << 32)) {
    return make_text(text->text, value);
  }
  wrong_value(diagnostics, value, "the number of a user or group");
  return std::nullopt;
}

std::string target_below(const std::string& target, const std::string& folder) {
  return clean_path(target.starts_with('/') ? target : folder + "/" + target);
}

std::optional<Node> read_use(const Node& item,
                             const std::string& folder,
                             Diagnostics& diagnostics) {
  constexpr std::array<Field, 5> k_fields{{{"source", read_text},
                                           {"target", read_text},
                                           {"uid", read_owner},
                                           {"gid", read_owner},
                                           {"mode", read_mode}}};
  Node use = make_mapping(item);
  if (item.type == Node::Type::mapping) {
    auto read = read_object(item, k_fields, diagnostics);
    if (!read) return std::nullopt;
    use = std::move(*read);
  } else if (auto text = read_text(item, diagnostics)) {
    set(use, "source", std::move(*text));
  } else {
    return std::nullopt;
  }
  const Node* source = use.find("source");
  if (source == nullptr || source->text.empty()) {
    error(diagnostics,
          item.where,
          "missing key",
          fmt::format("`{}` needs `source`, the name of what it puts there.", item.path));
    return std::nullopt;
  }
  const std::string target = text_at(use, "target");
  set(use, "target", make_text(target_below(target.empty() ? source->text : target, folder), item));
  if (use.find("uid") == nullptr) set(use, "uid", make_text("0", item));
  if (use.find("gid") == nullptr) set(use, "gid", make_text("0", item));
  if (use.find("mode") == nullptr) set(use, "mode", make_integer(k_usual_mode, item));
  return use;
}

std::optional<Node> read_config_use(const Node& item, Diagnostics& diagnostics) {
  return read_use(item, "/", diagnostics);
}

std::optional<Node> read_secret_use(const Node& item, Diagnostics& diagnostics) {
  return read_use(item, "/run/secrets", diagnostics);
}

// What a file is to hold, taken from where its definition says.
class Source {
 public:
  Source(const Variables& variables, Diagnostics& diagnostics)
      : variables_(variables), diagnostics_(diagnostics) {}

  std::optional<Node> read(const Node& definition) {
    if (const Node* content = definition.find("content")) return *content;
    if (const Node* file = definition.find("file")) return from_file(*file);
    if (const Node* variable = definition.find("environment")) return from_variable(*variable);
    error(diagnostics_,
          definition.where,
          "nothing to put into a file",
          fmt::format("`{}` needs one of `file`, `environment` and `content`.", definition.path));
    return std::nullopt;
  }

 private:
  std::optional<Node> from_file(const Node& file) {
    auto text = read_text_file(file.text);
    if (text) return make_text(std::move(*text), file);
    error(
        diagnostics_,
        file.where,
        "file not readable",
        fmt::format("`{}` names a file that cannot be read: {}.", file.path, text.error().message));
    return std::nullopt;
  }

  std::optional<Node> from_variable(const Node& variable) {
    auto found = variables_(variable.text);
    if (!found) {
      error(diagnostics_,
            variable.where,
            "variable not set",
            fmt::format(
                "`{}` takes the value of {}, which is not set.", variable.path, shown(variable)));
      return std::nullopt;
    }
    Node content = make_text(std::move(found->value), variable);
    if (found->secrecy != Secrecy::none) content.secret.push_back({0, content.text.size()});
    return content;
  }

  const Variables& variables_;
  Diagnostics& diagnostics_;
};

void refuse(const Node* said, std::string_view reason, Diagnostics& diagnostics) {
  if (said == nullptr) return;
  error(diagnostics,
        said->where,
        "not possible here",
        fmt::format("`{}` {}. Nothing is ignored silently: remove it to go on without it.",
                    said->path,
                    reason));
}

void note_no_effect(const Node* said, Diagnostics& diagnostics) {
  if (said == nullptr) return;
  note(diagnostics,
       said->where,
       "no effect",
       fmt::format("`{}` has no effect on one Docker engine and is ignored.", said->path));
}

void refuse_external(const Node& definition, Diagnostics& diagnostics) {
  if (!is_external(definition)) return;
  const Node& external = *definition.find("external");
  error(diagnostics,
        external.where,
        "external file",
        fmt::format("`{}`: configs and secrets that are kept elsewhere exist in a Swarm only. Use "
                    "`file`, `environment` or `content`.",
                    external.path));
}

void report_undefined(const Node& source,
                      std::string_view section,
                      const Node* defined,
                      Diagnostics& diagnostics) {
  std::vector<std::string> names;
  if (defined != nullptr) {
    for (const Member& member : defined->members) names.push_back(member.key);
  }
  const auto likely = closest_match(source.text, names);
  error(diagnostics,
        source.where,
        fmt::format("undefined {}", section.substr(0, section.size() - 1)),
        fmt::format("`{}`: {} is not defined under `{}:`.{}",
                    source.path,
                    shown(source),
                    section,
                    likely ? fmt::format(" Did you mean `{}`?", *likely) : ""));
}

void check_target(const Node& use,
                  std::map<std::string, SourceSpan>& targets,
                  Diagnostics& diagnostics) {
  const auto [known, fresh] = targets.try_emplace(text_at(use, "target"), use.where);
  if (fresh) return;
  error(diagnostics,
        use.where,
        "two files at one path",
        fmt::format("`{}`: something else is put at {} already.", use.path, text_at(use, "target")),
        &known->second);
}

// A folder of its own can be written to even then, the root itself cannot.
void check_folder(const Node& service, const Node& use, Diagnostics& diagnostics) {
  const std::string target = text_at(use, "target");
  if (text_at(service, "read_only") != "true" || target.rfind('/') != 0) return;
  error(diagnostics,
        use.where,
        "no place for a file",
        fmt::format("`{}` would be put at {}, and the root folder of a read-only container cannot "
                    "be written to. Give it a `target` in a folder.",
                    use.path,
                    target));
}

}  // namespace

std::optional<Node> read_file_source(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 8> k_fields{{
      {"file", read_text},
      {"environment", read_text},
      {"content", read_text},
      {"external", read_flag},
      {"name", read_text},
      {"labels", read_labels},
      {"driver", read_text},
      {"template_driver", read_text},
  }};
  return read_object(value, k_fields, diagnostics);
}

void check_file_sources(const Node& project, bool for_swarm, Diagnostics& diagnostics) {
  constexpr std::string_view k_swarm_only = "is for a driver that only Docker Swarm asks";
  constexpr std::string_view k_plugin = "is for a plugin, which keeps the content elsewhere";
  for (const std::string_view section : {"configs", "secrets"}) {
    const Node* definitions = project.find(section);
    if (definitions == nullptr) continue;
    for (const Member& definition : definitions->members) {
      const Node& value = definition.value;
      refuse(value.find("driver"), for_swarm ? k_plugin : k_swarm_only, diagnostics);
      if (for_swarm) continue;
      refuse(value.find("template_driver"), k_swarm_only, diagnostics);
      note_no_effect(value.find("labels"), diagnostics);
      refuse_external(value, diagnostics);
    }
  }
}

std::optional<Node> read_configs(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_config_use, "a list of configs", diagnostics);
}

std::optional<Node> read_secrets(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_secret_use, "a list of secrets", diagnostics);
}

void resolve_files(Node& service,
                   const Node& project,
                   bool for_swarm,
                   const Variables& variables,
                   Diagnostics& diagnostics) {
  Source source(variables, diagnostics);
  std::map<std::string, SourceSpan> targets;
  for (const std::string_view section : {"configs", "secrets"}) {
    Node* uses = service.find(section);
    if (uses == nullptr) continue;
    for (Node& use : uses->items) {
      const Node* name = use.find("source");
      if (name == nullptr) continue;
      check_target(use, targets, diagnostics);
      if (!for_swarm) check_folder(service, use, diagnostics);
      const Node* definition = project.find(section, name->text);
      if (definition == nullptr) {
        report_undefined(*name, section, project.find(section), diagnostics);
        continue;
      }
      auto content = is_external(*definition) ? std::nullopt : source.read(*definition);
      if (!for_swarm) erase(use, "source");
      if (content) set(use, "content", std::move(*content));
    }
  }
}

Json files_json(const Node& uses, bool secret, Vault& vault) {
  Json files = Json::array();
  for (const Node& use : uses.items) {
    Json file = to_json(use);
    const Node* content = use.find("content");
    if (content != nullptr && (secret || !content->secret.empty())) {
      file["content"] = vault.seal(content->text);
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace aegis::compose
