#pragma once

#include <yaml-cpp/eventhandler.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/yaml.h"

namespace aegis {

/// Makes YamlNodes of yaml-cpp's events: one tree a document. Aliases are copied in, merge keys
/// applied, duplicates and excesses reported. After an excess it ignores the rest of the document.
class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  /// The documents seen so far.
  std::vector<YamlNode> take() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override;
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override;
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override;

 private:
  /// A collection that is being filled, and the key that waits for its value.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    YamlNode key;
    std::map<std::string, std::size_t, std::less<>> places;  ///< of members, by key
  };

  [[nodiscard]] SourceSpan span(const YAML::Mark& mark, std::size_t length) const;
  void report(const SourceSpan& where,
              std::string summary,
              std::string detail,
              const SourceSpan* related = nullptr);
  void start(const YAML::Mark& mark,
             const std::string& tag,
             YAML::anchor_t anchor,
             YamlNode::Type type);
  void finish();
  void add(YamlNode node, YAML::anchor_t anchor);
  void add_member(Open& map, YamlNode value);
  bool count(std::size_t values, const SourceSpan& where);

  std::string file_;
  Diagnostics& diagnostics_;
  std::vector<YamlNode> documents_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::map<YAML::anchor_t, std::size_t> sizes_;  ///< values below each anchor
  std::size_t values_ = 0;
  bool gave_up_ = false;
  std::size_t ignored_depth_ = 0;
};

/// A deep copy: YamlNode owns its members and is not copyable.
YamlNode copy_of(const YamlNode& node);

/// Values in the tree, the node itself included.
std::size_t count_values(const YamlNode& node);

/// Replaces the "<<" members of `map` by what they refer to; keys of the map itself win, then the
/// earlier of several. Problems go to `diagnostics`.
void apply_merge_keys(YamlNode& map, Diagnostics& diagnostics);

}  // namespace aegis
