#include "manifest/os_links.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "manifest/os_composed.h"
#include "manifest/os_units.h"

namespace aegis {
namespace {

// What is below these decides which packages there are.
constexpr std::array<std::string_view, 2> k_of_apt{"etc/apt/", "usr/share/keyrings/"};

bool is_path(const Resource& resource) {
  const std::string& kind = resource.address.kind;
  return kind == "file" || kind == "directory" || kind == "checkout";
}

bool is_of_apt(const Resource& resource) {
  return is_path(resource) &&
         std::any_of(k_of_apt.begin(), k_of_apt.end(), [&](std::string_view folder) {
           return resource.address.name.starts_with(folder);
         });
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

class Links {
 public:
  Links(std::vector<Resource>& resources,
        const std::vector<const Resource*>& known,
        Reading& reading)
      : resources_(resources), reading_(reading) {
    for (const Resource& resource : resources_) note(resource);
    for (const Resource* resource : known) note(*resource);
  }

  void connect() {
    for (Resource& resource : resources_) {
      if (resource.address.kind == "package") need_all(resource, of_apt_);
      if (resource.address.kind == "os-user") connect_user(resource);
      if (is_path(resource)) connect_path(resource);
      // What the kernel does not take is not to be there at its next start.
      if (resource.address.name == k_sysctl_file + 1) need_all(resource, kernel_);
    }
  }

 private:
  void note(const Resource& resource) {
    by_name_[{is_path(resource) ? "path" : resource.address.kind, resource.address.name}] =
        &resource;
    if (resource.address.kind == "package") packages_.push_back(resource.address);
    if (resource.address.kind == "sysctl") kernel_.push_back(resource.address);
    if (is_of_apt(resource)) of_apt_.push_back(resource.address);
  }

  static void need_all(Resource& resource, const std::vector<Address>& needs) {
    resource.depends_on.insert(resource.depends_on.end(), needs.begin(), needs.end());
  }

  // False when it is not declared.
  bool need(Resource& resource, const std::string& kind, const std::string& name) const {
    const auto found = by_name_.find({kind, name});
    if (found == by_name_.end()) return false;
    resource.depends_on.push_back(found->second->address);
    return true;
  }

  void connect_user(Resource& user) const {
    need(user, "os-group", text_or(user.spec, "group", user.address.name));
    for (const Json& group : get(user.spec, "groups")) need(user, "os-group", as_text(group));
    need_all(user, packages_);
  }

  void connect_path(Resource& resource) const {
    for (const Json& account : get(resource.spec, "accounts")) {
      need(resource, "os-user", as_text(account));
      need(resource, "os-group", as_text(account));
    }
    const bool has_folder = need_folder(resource);
    const bool has_owner = need_owner(resource);
    const bool stands_alone = has_folder || resource.address.kind == "directory";
    const bool needs_none = stands_alone && has_owner && !uses_programs(resource);
    if (!is_of_apt(resource) && !needs_none) need_all(resource, packages_);
  }

  // Units that read it and the program that checks it may come with a package.
  static bool uses_programs(const Resource& path) {
    return !disturbed_units(path.spec).empty() || path.spec.contains("validate") ||
           path.address.kind == "checkout";
  }

  bool need_folder(Resource& resource) const {
    std::string around = resource.address.name;
    while (around.find('/') != std::string::npos) {
      around.resize(around.rfind('/'));
      const auto found = by_name_.find({"path", around});
      if (found == by_name_.end()) continue;
      if (found->second->address.kind == "file") {
        reading_.error(resource.where,
                       "a path below a file",
                       fmt::format("`/{}` is declared as a file.", around),
                       found->second->where);
      }
      resource.depends_on.push_back(found->second->address);
      return true;
    }
    return false;
  }

  // True when all that it belongs to is there or declared.
  bool need_owner(Resource& resource) const {
    const auto is_known = [&](const char* field, const char* kind) {
      const std::string name = text_or(resource.spec, field, "root");
      return need(resource, kind, name) || name == "root" || is_number(name);
    };
    const bool has_user = is_known("owner", "os-user");
    const std::string group = text_or(resource.spec, "group", "root");
    // A user brings a group of the same name along.
    return (is_known("group", "os-group") || by_name_.contains({"os-user", group})) && has_user;
  }

  std::vector<Resource>& resources_;
  Reading& reading_;
  std::map<std::pair<std::string, std::string>, const Resource*> by_name_;
  std::vector<Address> packages_;
  std::vector<Address> of_apt_;
  std::vector<Address> kernel_;
};

}  // namespace

void connect_os(std::vector<Resource>& resources,
                const std::vector<const Resource*>& known,
                Reading& reading) {
  Links(resources, known, reading).connect();
  connect_units(resources);
}

}  // namespace aegis
