#include "manifest/compose/absolute_paths.h"

#include "manifest/compose/mounts.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

class PathResolver {
 public:
  PathResolver(const std::filesystem::path& folder,
               const Environment& variables,
               Diagnostics& diagnostics)
      : folder_(absolute_folder(folder)), variables_(variables), diagnostics_(diagnostics) {}

  void service(Node& service) {
    if (Node* mounts = service.find("volumes")) {
      for (Node& mount : mounts->items) {
        if (text_at(mount, "type") == "bind") resolve(mount.find("source"));
      }
    }
    for (const char* key : {"env_file", "label_file"}) {
      if (Node* files = service.find(key)) {
        for (Node& file : files->items) resolve(file.find("path"));
      }
    }
    if (Node* build = service.find("build")) resolve(build->find("context"));
  }

  void files_of(Node* section) {
    if (section == nullptr) return;
    for (Member& member : section->members) resolve(member.value.find("file"));
  }

 private:
  void resolve(Node* path) {
    if (path == nullptr || path->text.empty() || path->text.find("://") != std::string::npos)
      return;
    std::string text = path->text;
    if (text == "~" || text.starts_with("~/"))
      text = variables_("HOME").value_or("~") + text.substr(1);
    if (text.starts_with('~')) {
      wrong_value(diagnostics_, *path, "a path whose home folder is known");
      return;
    }
    path->text = clean_path((folder_ / text).string());
  }

  std::filesystem::path folder_;
  const Environment& variables_;
  Diagnostics& diagnostics_;
};

}  // namespace

void make_service_paths_absolute(Node& service,
                                 const std::filesystem::path& folder,
                                 const Environment& variables,
                                 Diagnostics& diagnostics) {
  PathResolver(folder, variables, diagnostics).service(service);
}

void make_paths_absolute(Node& project,
                         const std::filesystem::path& folder,
                         const Environment& variables,
                         Diagnostics& diagnostics) {
  PathResolver resolver(folder, variables, diagnostics);
  if (Node* services = project.find("services")) {
    for (Member& service : services->members) resolver.service(service.value);
  }
  resolver.files_of(project.find("configs"));
  resolver.files_of(project.find("secrets"));
}

std::filesystem::path absolute_folder(const std::filesystem::path& folder) {
  std::error_code code;
  const auto absolute = std::filesystem::absolute(folder.empty() ? "." : folder, code);
  const auto normal = (code ? folder : absolute).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

}  // namespace aegis::compose
