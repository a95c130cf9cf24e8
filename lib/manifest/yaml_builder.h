#pragma once

#include <yaml-cpp/eventhandler.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "manifest/yaml.h"
#include "manifest/yaml_places.h"
#include "manifest/yaml_tree.h"

namespace aegis {

/// Thrown by YamlBuilder, through the parser, once a file has turned out to be too big or too deep
/// to read on. It has been reported then.
struct YamlExcess {};

/// Makes YamlNodes of yaml-cpp's events: one tree a document. Aliases are copied in, merge keys
/// applied, duplicates reported.
class YamlBuilder : public YAML::EventHandler {
 public:
  YamlBuilder(const YamlPlaces& places, Diagnostics& diagnostics)
      : places_(places), diagnostics_(diagnostics) {}

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
  void count(const YamlSize& size, const SourceSpan& where);
  [[nodiscard]] bool expects_key() const;

  const YamlPlaces& places_;
  Diagnostics& diagnostics_;
  std::vector<YamlNode> documents_;
  bool seen_document_ = false;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::map<YAML::anchor_t, YamlSize> sizes_;  ///< of each anchor's value
  YamlSize size_;                             ///< of everything that was made so far
};

}  // namespace aegis
