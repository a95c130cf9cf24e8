#include "manifest/compose/extension.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "manifest/compose/absolute_paths.h"
#include "manifest/compose/document.h"
#include "manifest/compose/form.h"
#include "manifest/compose/merge.h"
#include "manifest/compose/report.h"
#include "manifest/compose/service.h"
#include "manifest/compose/text_file.h"

namespace aegis::compose {
namespace {

// The services of one file. Those of a file that is only extended become canonical when they are
// asked for: what else the file holds is nobody's concern.
struct Source {
  std::string file;
  std::filesystem::path folder;
  Node ready;  // canonical services
  Node raw;    // the others
};

// A service on the way from the one that extends to the last that is extended.
using Stop = std::pair<const Source*, std::string>;

class Extender {
 public:
  explicit Extender(const FileReading& reading) : reading_(reading) {}

  void run(Node& services, Source& own) {
    own.ready = services;
    for (Member& service : services.members) {
      if (service.value.find("extends") == nullptr) continue;
      auto extended = resolved(own, service.key);
      if (extended)
        service.value = std::move(*extended);
      else
        leave_out(*service.value.find("extends"));
    }
  }

 private:
  // The service with what it extends; nothing after an error.
  std::optional<Node> resolved(Source& source, const std::string& name) {
    Node service = *source.ready.find(name);
    const Node* found = service.find("extends");
    if (found == nullptr || found->type != Node::Type::mapping) return service;
    const Node extends = *found;
    erase(service, "extends");
    way_.emplace_back(&source, name);
    std::optional<Node> base = base_of(source, extends);
    way_.pop_back();
    if (!base) return std::nullopt;
    base = merge(merge(make_mapping(*base), *base), service);
    // Messages speak of the service that is wanted.
    base->path = service.path;
    base->where = service.where;
    return base;
  }

  std::optional<Node> base_of(Source& source, const Node& extends) {
    const Node* service = extends.find("service");
    if (service == nullptr || service->type == Node::Type::null) return std::nullopt;
    Source* base = &source;
    if (const Node* file = extends.find("file")) base = open(source, *file);
    if (base == nullptr || !is_new(*base, *service)) return std::nullopt;
    if (!make_ready(*base, *service)) return std::nullopt;
    return resolved(*base, service->text);
  }

  bool is_new(const Source& base, const Node& service) {
    std::vector<std::string> circle;
    bool closes = false;
    for (const auto& [source, name] : way_) {
      closes = closes || (source == &base && name == service.text);
      circle.push_back(name);
    }
    if (!closes) return true;
    circle.push_back(service.text);
    error(reading_.diagnostics,
          service.where,
          "circle of extends",
          fmt::format("These services extend each other, so none has an end: {}.",
                      join(circle, " -> ")));
    return false;
  }

  Source* open(const Source& from, const Node& file) {
    if (file.type == Node::Type::null) return nullptr;
    const auto path = (from.folder / file.text).lexically_normal();
    const std::string name = path.string();
    if (const auto known = sources_.find(name); known != sources_.end()) return &known->second;
    auto text = read_text_file(path);
    if (!text) {
      error(reading_.diagnostics,
            file.where,
            "Compose file not readable",
            fmt::format("`{}` names a Compose file that cannot be read: {}.",
                        file.path,
                        text.error().message));
      return nullptr;
    }
    Source source{name, path.parent_path(), make_mapping(file), make_mapping(file)};
    for (const Node& document :
         read_documents(*text, name, reading_.variables, reading_.diagnostics)) {
      if (const Node* services = document.find("services")) {
        for (const Member& service : services->members)
          set(source.raw, service.key, service.value, service.where);
      }
    }
    reading_.sources[name] = std::move(*text);
    return &sources_.emplace(name, std::move(source)).first->second;
  }

  bool make_ready(Source& source, const Node& service) {
    if (source.ready.find(service.text) != nullptr) return true;
    const Node* raw = source.raw.find(service.text);
    if (raw == nullptr) {
      report_missing(source, service);
      return false;
    }
    auto canonical = read_tagged(*raw, read_service, reading_.diagnostics);
    if (!canonical || is_reset(*canonical)) return false;
    make_service_paths_absolute(
        *canonical, source.folder, values_of(reading_.variables), reading_.diagnostics);
    set(source.ready, service.text, std::move(*canonical));
    return true;
  }

  void report_missing(const Source& source, const Node& service) {
    std::vector<std::string> names;
    for (const Node* services : {&source.ready, &source.raw}) {
      for (const Member& member : services->members) names.push_back(member.key);
    }
    const auto likely = closest_match(service.text, names);
    error(reading_.diagnostics,
          service.where,
          "undefined service",
          fmt::format("`{}` is {}, and {} has no such service.{}",
                      service.path,
                      shown(service),
                      source.file,
                      likely ? fmt::format(" Did you mean `{}`?", *likely) : ""));
  }

  const FileReading& reading_;
  std::map<std::string, Source> sources_;
  std::vector<Stop> way_;
};

}  // namespace

void extend_services(Node& project,
                     const std::string& file,
                     const std::filesystem::path& folder,
                     const FileReading& reading) {
  Node* services = project.find("services");
  if (services == nullptr || services->type != Node::Type::mapping) return;
  Source own{file, folder, {}, {}};
  Extender(reading).run(*services, own);
}

}  // namespace aegis::compose
