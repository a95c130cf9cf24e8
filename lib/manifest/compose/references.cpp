#include <fmt/format.h>

#include <map>

#include "base/text.h"
#include "manifest/compose/checks.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

// Something that a service uses. `from` is the node that the name was written in.
struct Use {
  std::string_view noun;
  const std::string& name;
  const Node& from;
  const SourceSpan& where;
};

void report_undefined(const Use& use, const Node* defined, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  if (defined != nullptr) {
    for (const Member& member : defined->members) names.push_back(member.key);
  }
  const auto likely = closest_match(use.name, names);
  error(
      diagnostics,
      use.where,
      fmt::format("undefined {}", use.noun),
      fmt::format("`{}` uses a {} that is not defined: {}.{}{}",
                  use.from.path,
                  use.noun,
                  use.from.interpolated ? shown(use.from) : fmt::format("`{}`", use.name),
                  likely ? fmt::format(" Did you mean `{}`?", *likely) : "",
                  use.noun == "service" ? "" : fmt::format(" Define it under `{}s:`.", use.noun)));
}

bool is_defined(const Node* section, const std::string& name) {
  return section != nullptr && section->find(name) != nullptr;
}

void check_networks(const Node& project, const Node& service, Diagnostics& diagnostics) {
  const Node* attachments = service.find("networks");
  const Node* defined = project.find("networks");
  if (attachments == nullptr) return;
  for (const Member& attachment : attachments->members) {
    if (is_defined(defined, attachment.key)) continue;
    report_undefined(
        {"network", attachment.key, attachment.value, attachment.where}, defined, diagnostics);
  }
}

void check_volumes(const Node& project, const Node& service, Diagnostics& diagnostics) {
  const Node* mounts = service.find("volumes");
  const Node* defined = project.find("volumes");
  if (mounts == nullptr) return;
  for (const Node& mount : mounts->items) {
    const Node* source = mount.find("source");
    if (source == nullptr || text_at(mount, "type") != "volume") continue;
    if (is_defined(defined, source->text)) continue;
    report_undefined({"volume", source->text, *source, source->where}, defined, diagnostics);
  }
}

void check_dependencies(const Node& services,
                        const Member& service,
                        const std::set<std::string>& disabled,
                        Diagnostics& diagnostics) {
  const Node* dependencies = service.value.find("depends_on");
  if (dependencies == nullptr) return;
  for (const Member& dependency : dependencies->members) {
    if (is_defined(&services, dependency.key)) continue;
    if (!disabled.contains(dependency.key)) {
      report_undefined(
          {"service", dependency.key, dependency.value, dependency.where}, &services, diagnostics);
      continue;
    }
    error(
        diagnostics,
        dependency.where,
        "dependency is disabled",
        fmt::format("`{}` needs the service `{}`, which no enabled profile includes. Enable one of "
                    "its profiles, or set `required: false`.",
                    dependencies->path,
                    dependency.key));
  }
}

// Walks the dependencies depth first; a service met again on the way down closes a circle. Without
// recursion, because a chain may be as long as the file.
class CircleFinder {
 public:
  CircleFinder(const Node& services, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const Member& service : services.members) services_.emplace(service.key, &service.value);
  }

  void run() {
    for (const auto& [name, service] : services_) {
      if (!done_.contains(name)) walk_from(name);
    }
  }

 private:
  struct Stop {
    std::string name;
    const Node* dependencies;
    std::size_t next = 0;
  };

  void walk_from(const std::string& name) {
    enter(name);
    while (!way_.empty()) {
      Stop& here = way_.back();
      if (here.dependencies != nullptr && here.next < here.dependencies->members.size()) {
        follow(here.dependencies->members[here.next++]);
      } else {
        done_.insert(here.name);
        on_way_.erase(here.name);
        way_.pop_back();
      }
    }
  }

  void enter(const std::string& name) {
    on_way_.insert(name);
    way_.push_back({name, services_.at(name)->find("depends_on")});
  }

  void follow(const Member& dependency) {
    if (dependency.value.type == Node::Type::null) return;
    if (on_way_.contains(dependency.key))
      report(dependency);
    else if (!done_.contains(dependency.key) && services_.contains(dependency.key))
      enter(dependency.key);
  }

  void report(const Member& dependency) {
    auto begin = way_.begin();
    while (begin->name != dependency.key) ++begin;
    std::vector<std::string> circle;
    for (; begin != way_.end(); ++begin) circle.push_back(begin->name);
    circle.push_back(dependency.key);
    error(diagnostics_,
          dependency.where,
          "circle of dependencies",
          fmt::format("These services wait for each other, so none could start: {}.",
                      join(circle, " -> ")));
  }

  std::map<std::string, const Node*> services_;
  Diagnostics& diagnostics_;
  std::vector<Stop> way_;
  std::set<std::string> on_way_;
  std::set<std::string> done_;
};

}  // namespace

void check_references(const Node& project,
                      const std::set<std::string>& disabled,
                      Diagnostics& diagnostics) {
  const Node& services = *project.find("services");
  for (const Member& service : services.members) {
    check_networks(project, service.value, diagnostics);
    check_volumes(project, service.value, diagnostics);
    check_dependencies(services, service, disabled, diagnostics);
  }
  CircleFinder(services, diagnostics).run();
}

}  // namespace aegis::compose
