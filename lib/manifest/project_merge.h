#pragma once

#include <map>
#include <string>

#include "base/diagnostic.h"
#include "manifest/yaml.h"

namespace aegis {

/// Makes one project of many documents: sections of the same name are joined, and so is what they
/// say of one server, entry by entry. A name that stands twice in a section is reported with both
/// places, and the first stays.
class ProjectMerge {
 public:
  explicit ProjectMerge(Diagnostics& diagnostics);

  /// Adds what a document says. An empty one says nothing; keys that start with "x-" are dropped.
  void add(YamlNode document);

  /// The project: a mapping of sections.
  YamlNode take() { return std::move(root_); }

 private:
  void add_section(YamlNode::Member section);
  void join(YamlNode& known, YamlNode::Member section);
  void join_server(YamlNode& known, YamlNode more, const std::string& path);
  void complain(const YamlNode::Member& name, const std::string& section, const SourceSpan& first);

  Diagnostics& diagnostics_;
  YamlNode root_;
  std::map<std::string, std::map<std::string, SourceSpan>> first_;  ///< of each section's names
};

}  // namespace aegis
