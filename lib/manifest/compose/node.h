#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "manifest/yaml.h"

namespace aegis::compose {

/// A piece of a text: bytes from `begin` up to, not including, `end`.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Member;

/// A value of a Compose file after interpolation, on its way from the file's short forms to the
/// canonical long form. In the canonical form a scalar's `type` is what it becomes in JSON, and
/// absent things are absent members, not nulls.
struct Node {
  using Type = YamlNode::Type;

  Type type = Type::null;
  std::string text;               ///< of a scalar
  bool quoted = false;            ///< as in YamlNode: written as a string
  bool interpolated = false;      ///< a variable was put into `text`
  std::vector<TextRange> secret;  ///< the parts of `text` from variables that are or may be secrets
  bool certain = false;           ///< one of them is certainly secret
  std::string tag;                ///< "!reset", "!override" or empty
  std::vector<Node> items;        ///< of a sequence
  std::vector<Member> members;    ///< of a mapping; keys are unique
  std::string path;               ///< "services.web.ports.0", for messages
  SourceSpan where;

  /// The value at `key` of a mapping, or null.
  [[nodiscard]] const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  [[nodiscard]] const Node* find(std::string_view key, std::string_view inner_key) const;

  [[nodiscard]] bool is_scalar() const;
};

struct Member {
  std::string key;
  SourceSpan where;  ///< of the key
  Node value;
};

/// New values at the place (and with the path) of `from`. A text made this way is a plain literal.
Node make_text(std::string text, const Node& from);
Node make_integer(std::int64_t value, const Node& from);
Node make_flag(bool value, const Node& from);
Node make_mapping(const Node& from);
Node make_sequence(const Node& from);

/// A text that was worked out from `from`: as secret, as a whole, as any part of `from`.
Node derive_text(std::string text, const Node& from);

/// Makes `node` one whose mistake has been told: nothing can be said of it, and it is not missing.
void leave_out(Node& node);
bool is_left_out(const Node& node);

/// The text `from.text[range]`, with what is known about its origin.
Node slice(const Node& from, TextRange range);

/// Sets `mapping[key]`; a value that is there already is replaced in its position.
void set(Node& mapping, std::string key, Node value, const SourceSpan& where);
void set(Node& mapping, std::string key, Node value);

/// Removes `mapping[key]` if it is there.
void erase(Node& mapping, std::string_view key);

/// The text of the scalar at `key`, or "".
std::string text_at(const Node& mapping, std::string_view key);

/// The whole number at `key` of a canonical mapping, or 0.
std::int64_t integer_at(const Node& mapping, std::string_view key);

/// A canonical value as JSON; `text` makes the value of each string.
Json to_json(const Node& node, const std::function<Json(const Node&)>& text);
Json to_json(const Node& node);

/// The places of everything below `node`, each under `prefix` and its own path: "ports.0.target".
void collect_places(const Node& node,
                    const std::string& prefix,
                    std::map<std::string, SourceSpan, std::less<>>& places);

}  // namespace aegis::compose
