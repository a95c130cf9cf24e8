#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/json.h"

namespace aegis {

/// A YAML value that remembers where it was written. Anchors, aliases and merge keys are resolved.
struct YamlNode {
  enum class Type { null, boolean, integer, number, string, sequence, mapping };

  struct Member {
    std::string key;
    SourceSpan key_where;
    std::unique_ptr<YamlNode> value;
  };

  Type type = Type::null;
  std::string text;             ///< a scalar as it was written, without quotes
  bool quoted = false;          ///< a scalar in quotes or as a block: always a string
  std::string tag;              ///< a local tag such as "!reset"; empty for none
  std::vector<YamlNode> items;  ///< of a sequence
  std::vector<Member> members;  ///< of a mapping, in the order of the file; keys are unique
  SourceSpan where;

  /// The value at `key` of a mapping, or null.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

/// The documents in `text`. YAML 1.2 core rules: only true/false are booleans, `no` is a string,
/// 0o17 is octal, 0777 is decimal. Every problem (syntax, duplicate keys with both places, an alias
/// to itself, more than 100 levels, more than 1,000,000 values after alias expansion, binary data)
/// is added to `diagnostics`, with its place in `file`; then the result may be incomplete.
std::vector<YamlNode> parse_yaml(std::string_view text,
                                 const std::string& file,
                                 Diagnostics& diagnostics);

/// The value as JSON, places dropped.
Json to_json(const YamlNode& node);

}  // namespace aegis
