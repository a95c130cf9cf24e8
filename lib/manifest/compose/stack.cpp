#include "manifest/compose/stack.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "base/text.h"
#include "manifest/compose/absolute_paths.h"
#include "manifest/compose/build.h"
#include "manifest/compose/checks.h"
#include "manifest/compose/deploy.h"
#include "manifest/compose/environment.h"
#include "manifest/compose/files.h"
#include "manifest/compose/links.h"
#include "manifest/compose/model.h"
#include "manifest/compose/mounted_files.h"
#include "manifest/compose/ports.h"
#include "manifest/compose/project_files.h"
#include "manifest/compose/report.h"
#include "manifest/compose/resources.h"
#include "manifest/compose/selection.h"
#include "manifest/compose/swarm.h"
#include "manifest/compose/variables.h"

namespace aegis {
namespace compose {
namespace {

bool is_project_name(const std::string& name) {
  const auto first_allowed = [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0;
  };
  return !name.empty() && first_allowed(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(), [&](unsigned char c) {
           return first_allowed(c) || c == '_' || c == '-';
         });
}

Json keys_of(const Node* section) {
  Json keys = Json::array();
  if (section == nullptr) return keys;
  for (const Member& member : section->members) keys.push_back(member.key);
  return keys;
}

Json images_of(const std::vector<Resource>& resources) {
  Json images = Json::array();
  for (const Resource& resource : resources) {
    const std::string image = text_or(resource.spec, "image");
    if (!image.empty()) images.push_back(image);
  }
  return images;
}

class Loader {
 public:
  Loader(const StackInput& input, const Environment& process, Vault& vault)
      : input_(input),
        folder_(absolute_folder(input.folder)),
        variables_(read_variables(input, process, diagnostics_)),
        vault_(vault) {}

  StackResources run(Diagnostics& diagnostics) {
    check_input();
    Node project = read_files();
    note_other_name(project);
    finish(project);
    result_.settings = {{"project", input_.project},
                        {"working_dir", folder_.string()},
                        {"config_files", config_files()},
                        {"services", keys_of(project.find("services"))},
                        {"networks", name_table(project.find("networks"), input_.project)},
                        {"volumes", name_table(project.find("volumes"), input_.project)}};
    if (input_.for_swarm) add_swarm_settings(project);
    if (!has_errors(diagnostics_)) {
      result_.resources = make_resources(project, input_, vault_, diagnostics_);
      result_.settings["images"] = images_of(result_.resources);
      if (input_.with_model) result_.model = project_model(unfolded_, input_.project, vault_);
    }
    remove_duplicates(diagnostics_);
    std::move(diagnostics_.begin(), diagnostics_.end(), std::back_inserter(diagnostics));
    return std::move(result_);
  }

 private:
  void add_swarm_settings(const Node& project) {
    result_.settings["orchestrator"] = "swarm";
    result_.settings["volumes"] = volume_table(project.find("volumes"), input_.project);
    for (const char* section : {"configs", "secrets"}) {
      result_.settings[section] = name_table(project.find(section), input_.project);
    }
  }

  void check_input() {
    if (!is_project_name(input_.project)) {
      error(diagnostics_,
            input_.where,
            "invalid project name",
            fmt::format("`{}` cannot be the name of a Compose project. Use lower-case letters, "
                        "digits, `-` and `_`, with a letter or digit first.",
                        input_.project));
    }
    if (!input_.files.empty()) return;
    error(diagnostics_,
          input_.where,
          "no Compose file",
          fmt::format("The stack `{}` names no Compose file.", input_.stack_name));
  }

  Node read_files() {
    const ProjectFiles files{input_.folder,
                             input_.files,
                             input_.where,
                             fmt::format("The stack `{}`", input_.stack_name)};
    Node project = read_project_files(files, {variables_, diagnostics_, result_.sources});
    const Node* services = project.find("services");
    const bool none = services == nullptr || services->members.empty();
    if (none && !has_errors(diagnostics_)) {
      error(diagnostics_,
            input_.where,
            "no services",
            fmt::format("The Compose files of the stack `{}` have no `services`.",
                        input_.stack_name));
    }
    return project;
  }

  void note_other_name(const Node& project) {
    const Node* name = project.find("name");
    if (name == nullptr || name->text.empty() || name->text == input_.project) return;
    note(diagnostics_,
         name->where,
         "project name not used",
         fmt::format("`name` says {}, but the manifests call this project `{}`, and that is used.",
                     shown(*name),
                     input_.project));
  }

  void finish(Node& project) {
    const auto disabled = select_services(project, profiles());
    for (Member& service : project.find("services")->members) {
      resolve_environment(service.value, folder_, variables_, diagnostics_);
      resolve_label_files(service.value, folder_, variables_, diagnostics_);
      add_mentioned_dependencies(service.value);
    }
    if (input_.with_model) unfolded_ = project;
    check_file_sources(project, input_.for_swarm, diagnostics_);
    for (Member& service : project.find("services")->members) fit(service, project);
    check_services(project, diagnostics_);
    check_external(project, diagnostics_);
    add_default_network(project);
    check_references(project, disabled, diagnostics_);
    drop_unused(project);
    if (input_.for_swarm) {
      for (Member& network : project.find("networks")->members) {
        fit_network_for_swarm(network.value, diagnostics_);
      }
    }
    if (input_.with_model) {
      add_default_network(unfolded_);
      drop_unused(unfolded_);
    }
    check_conflicts(project, input_.project, diagnostics_);
  }

  // To what it runs on.
  void fit(Member& service, const Node& project) {
    if (input_.for_swarm) {
      fit_for_swarm(service.value, diagnostics_);
    } else {
      fold_deploy(service.value, diagnostics_);
      drop_cluster_port_keys(service.value, diagnostics_);
      add_content_digests(service.value, folder_);
      resolve_build(service.value, service.key, input_.project, variables_, diagnostics_);
    }
    resolve_files(service.value, project, input_.for_swarm, variables_, diagnostics_);
  }

  std::vector<std::string> profiles() const {
    if (!input_.profiles.empty()) return input_.profiles;
    return split_any(values_of(variables_)("COMPOSE_PROFILES").value_or(""), ", ");
  }

  Json config_files() const {
    Json files = Json::array();
    for (const auto& file : input_.files)
      files.push_back((folder_ / file).lexically_normal().string());
    return files;
  }

  const StackInput& input_;
  Diagnostics diagnostics_;
  std::filesystem::path folder_;
  Variables variables_;
  Vault& vault_;
  Node unfolded_;  // for the model: the project with `deploy` as it was written
  StackResources result_;
};

}  // namespace
}  // namespace compose

StackResources load_stack(const StackInput& input,
                          const Environment& environment,
                          Vault& vault,
                          Diagnostics& diagnostics) {
  return compose::Loader(input, environment, vault).run(diagnostics);
}

}  // namespace aegis
