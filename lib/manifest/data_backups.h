#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "manifest/section_reader.h"
#include "manifest/yaml.h"

namespace aegis {

/// Reads the entries of `backups` that save data rather than guests. They become files and units of
/// the operating systems that the data are on, so that plan, drift and undo need to know nothing of
/// backups, and the backups go on whether this program runs or not.
class DataBackups {
 public:
  explicit DataBackups(Reading& reading) : reading_(reading) {}

  /// True when the entry is about data: it names a system, or something that is in one.
  static bool is_one(const Json& spec);

  /// One entry, whose schema holds. Mistakes are reported.
  void read(const YamlNode::Member& entry, const Json& spec);

  /// Gives the systems what came of all entries: once, at the end.
  void finish();

 private:
  struct System {
    SourceSpan where;  ///< the first entry that names it
    std::vector<Resource> resources;
    std::map<std::string, SourceSpan> folders;  ///< by path, the entry that makes copies there
  };

  Reading& reading_;
  std::map<Address, System> systems_;
};

}  // namespace aegis
