#include "manifest/yaml_builder.h"

#include <fmt/format.h>

#include "manifest/yaml_guard.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

// yaml-cpp gives "?" for plain and "!" for quoted scalars without a tag, and full URIs for "!!"
// tags.
constexpr std::string_view k_core_prefix = "tag:yaml.org,2002:";

std::string local_tag(const std::string& tag) {
  return tag == "?" || tag == "!" || tag.starts_with(k_core_prefix) ? "" : tag;
}

std::string_view core_tag(std::string_view tag) {
  return tag.starts_with(k_core_prefix) ? tag.substr(k_core_prefix.size()) : std::string_view{};
}

}  // namespace

void YamlBuilder::report(const SourceSpan& where,
                         std::string summary,
                         std::string detail,
                         const SourceSpan* related) {
  Diagnostic diagnostic{
      Severity::error, std::move(summary), std::move(detail), where, std::nullopt};
  if (related != nullptr) diagnostic.related = *related;
  diagnostics_.push_back(std::move(diagnostic));
}

void YamlBuilder::count(const YamlSize& size, const SourceSpan& where) {
  size_.values += size.values;
  size_.bytes += size.bytes;
  if (size_.values <= k_most_yaml_values && size_.bytes <= k_most_alias_bytes) return;
  report(where,
         "too many values",
         fmt::format("With its aliases written out, this file has more than {} values or {} MiB.",
                     k_most_yaml_values,
                     k_most_alias_bytes >> 20U));
  throw YamlExcess{};
}

bool YamlBuilder::expects_key() const {
  return !open_.empty() && open_.back().node.type == YamlNode::Type::mapping &&
         !open_.back().has_key;
}

void YamlBuilder::OnDocumentStart(const YAML::Mark& mark) {
  anchors_.clear();
  sizes_.clear();
  // The parser takes whatever follows a complete value for a further document.
  if (seen_document_ && !places_.starts_document(mark)) {
    report(
        places_.point(mark),
        "not valid YAML",
        "The document is complete before this. Look at the indentation here and above; a further "
        "document starts with a line \"---\".");
    throw YamlExcess{};
  }
  seen_document_ = true;
}

void YamlBuilder::OnDocumentEnd() {
  open_.clear();
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  YamlNode node;
  const std::string_view word = places_.word(mark);
  const bool is_written = word == "~" || type_of_plain_scalar(word) == YamlNode::Type::null;
  node.where = places_.scalar(mark, word);
  if (expects_key())
    node.text = word;
  else if (!open_.empty() && open_.back().has_key && (word.empty() || !is_written))
    node.where = open_.back().key.where;  // nothing is written: its key is all there is to show
  count({1, 0}, node.where);
  add(std::move(node), anchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark,
                           const std::string& tag,
                           YAML::anchor_t anchor,
                           const std::string& value) {
  YamlNode node;
  node.text = value;
  node.tag = local_tag(tag);
  node.quoted = tag == "!" || core_tag(tag) == "str";
  node.type = node.quoted ? YamlNode::Type::string : type_of_plain_scalar(value);
  node.where = places_.scalar(mark, value);
  count({1, 0}, node.where);
  add(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const SourceSpan where = places_.scalar(mark, "");
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    report(where,
           "an alias inside of its own anchor",
           "This alias stands for something that holds the alias itself; it would never end.");
    throw YamlExcess{};
  }
  count(sizes_.at(anchor), where);
  YamlNode copy = copy_of(found->second);
  copy.where = where;
  add(std::move(copy), 0);
}

void YamlBuilder::start(const YAML::Mark& mark,
                        const std::string& tag,
                        YAML::anchor_t anchor,
                        YamlNode::Type type) {
  Open open;
  open.node.type = type;
  open.node.tag = local_tag(tag);
  open.node.where = places_.point(mark);
  open.anchor = anchor;
  count({1, 0}, open.node.where);
  if (open_.size() >= static_cast<std::size_t>(k_deepest_yaml)) {
    report(open.node.where,
           "nested too deep",
           fmt::format("Collections may be nested {} levels deep.", k_deepest_yaml));
    throw YamlExcess{};
  }
  open_.push_back(std::move(open));
}

void YamlBuilder::finish() {
  Open open = std::move(open_.back());
  open_.pop_back();
  if (open.node.type == YamlNode::Type::mapping) apply_merge_keys(open.node, diagnostics_);
  add(std::move(open.node), open.anchor);
}

void YamlBuilder::OnSequenceStart(const YAML::Mark& mark,
                                  const std::string& tag,
                                  YAML::anchor_t anchor,
                                  YAML::EmitterStyle::value) {
  start(mark, tag, anchor, YamlNode::Type::sequence);
}

void YamlBuilder::OnSequenceEnd() {
  finish();
}

void YamlBuilder::OnMapStart(const YAML::Mark& mark,
                             const std::string& tag,
                             YAML::anchor_t anchor,
                             YAML::EmitterStyle::value) {
  start(mark, tag, anchor, YamlNode::Type::mapping);
}

void YamlBuilder::OnMapEnd() {
  finish();
}

void YamlBuilder::add(YamlNode node, YAML::anchor_t anchor) {
  if (anchor != 0) {
    const YamlSize size = size_of(node);
    count(size, node.where);  // anchors around anchors would multiply what is kept
    anchors_[anchor] = copy_of(node);
    sizes_[anchor] = size;
  }
  if (open_.empty()) {
    documents_.push_back(std::move(node));
    return;
  }
  Open& open = open_.back();
  if (open.node.type == YamlNode::Type::sequence) {
    open.node.items.push_back(std::move(node));
  } else if (!open.has_key) {
    open.key = std::move(node);
    open.has_key = true;
  } else {
    open.has_key = false;
    add_member(open, std::move(node));
  }
}

void YamlBuilder::add_member(Open& map, YamlNode value) {
  const YamlNode& key = map.key;
  if (key.type == YamlNode::Type::mapping || key.type == YamlNode::Type::sequence) {
    report(key.where,
           "a key that is not a scalar",
           "Keys are plain texts; a list or a mapping cannot be one.");
    return;
  }
  const auto [place, is_new] = map.places.try_emplace(key.text, map.node.members.size());
  if (!is_new && (key.text != "<<" || key.quoted)) {
    report(key.where,
           "duplicate key",
           fmt::format("\"{}\" is set a second time in one mapping. Keep one of them.", key.text),
           &map.node.members[place->second].key_where);
    return;
  }
  map.node.members.push_back({key.text, key.where, std::make_unique<YamlNode>(std::move(value))});
}

}  // namespace aegis
