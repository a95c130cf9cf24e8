#pragma once

#include "base/diagnostic.h"
#include "manifest/yaml.h"

namespace aegis {

/// A deep copy: YamlNode owns its members and is not copyable.
YamlNode copy_of(const YamlNode& node);

/// How much a tree holds, the node itself included.
struct YamlSize {
  std::size_t values = 0;
  std::size_t bytes = 0;  ///< of the scalars' texts and the keys
};
YamlSize size_of(const YamlNode& node);

/// Replaces the plain "<<" members of `map` by what they refer to; keys of the map itself win, then
/// the earlier of several. Problems go to `diagnostics`.
void apply_merge_keys(YamlNode& map, Diagnostics& diagnostics);

}  // namespace aegis
