#include "manifest/yaml_builder.h"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

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

YamlNode copy_of(const YamlNode& node) {
  YamlNode copy;
  copy.type = node.type;
  copy.text = node.text;
  copy.quoted = node.quoted;
  copy.tag = node.tag;
  copy.where = node.where;
  for (const YamlNode& item : node.items) copy.items.push_back(copy_of(item));
  for (const YamlNode::Member& member : node.members) {
    copy.members.push_back(
        {member.key, member.key_where, std::make_unique<YamlNode>(copy_of(*member.value))});
  }
  return copy;
}

std::size_t count_values(const YamlNode& node) {
  std::size_t values = 1;
  for (const YamlNode& item : node.items) values += count_values(item);
  for (const YamlNode::Member& member : node.members) values += count_values(*member.value);
  return values;
}

SourceSpan YamlBuilder::span(const YAML::Mark& mark, std::size_t length) const {
  return {
      file_, mark.line + 1, mark.column + 1, static_cast<int>(std::max<std::size_t>(length, 1))};
}

void YamlBuilder::report(const SourceSpan& where,
                         std::string summary,
                         std::string detail,
                         const SourceSpan* related) {
  Diagnostic diagnostic{
      Severity::error, std::move(summary), std::move(detail), where, std::nullopt};
  if (related != nullptr) diagnostic.related = *related;
  diagnostics_.push_back(std::move(diagnostic));
}

bool YamlBuilder::count(std::size_t values, const SourceSpan& where) {
  values_ += values;
  if (values_ <= k_most_yaml_values) return true;
  report(where,
         "too many values",
         fmt::format("With its aliases written out, this file has more than {} values.",
                     k_most_yaml_values));
  gave_up_ = true;
  return false;
}

void YamlBuilder::OnDocumentStart(const YAML::Mark&) {
  anchors_.clear();
  sizes_.clear();
}

void YamlBuilder::OnDocumentEnd() {
  open_.clear();
}

void YamlBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (gave_up_) return;
  YamlNode node;
  node.where = span(mark, 1);
  if (count(1, node.where)) add(std::move(node), anchor);
}

void YamlBuilder::OnScalar(const YAML::Mark& mark,
                           const std::string& tag,
                           YAML::anchor_t anchor,
                           const std::string& value) {
  if (gave_up_) return;
  YamlNode node;
  node.text = value;
  node.tag = local_tag(tag);
  node.quoted = tag == "!" || core_tag(tag) == "str";
  node.type = node.quoted ? YamlNode::Type::string : type_of_plain_scalar(value);
  node.where = span(mark, std::min(value.find('\n'), value.size()) + (tag == "!" ? 2 : 0));
  if (count(1, node.where)) add(std::move(node), anchor);
}

void YamlBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (gave_up_) return;
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    report(span(mark, 1),
           "an alias inside of its own anchor",
           "This alias stands for something that holds the alias itself; it would never end.");
    YamlNode node;
    node.where = span(mark, 1);
    add(std::move(node), 0);
    return;
  }
  if (!count(sizes_.at(anchor), span(mark, 1))) return;
  YamlNode copy = copy_of(found->second);
  copy.where = span(mark, 1);
  add(std::move(copy), 0);
}

void YamlBuilder::start(const YAML::Mark& mark,
                        const std::string& tag,
                        YAML::anchor_t anchor,
                        YamlNode::Type type) {
  if (gave_up_) {
    ++ignored_depth_;
    return;
  }
  Open open;
  open.node.type = type;
  open.node.tag = local_tag(tag);
  open.node.where = span(mark, 1);
  open.anchor = anchor;
  if (open_.size() >= static_cast<std::size_t>(k_deepest_yaml)) {
    report(open.node.where,
           "nested too deep",
           fmt::format("Collections may be nested {} levels deep.", k_deepest_yaml));
    gave_up_ = true;
    ++ignored_depth_;
    return;
  }
  if (count(1, open.node.where))
    open_.push_back(std::move(open));
  else
    ++ignored_depth_;
}

void YamlBuilder::finish() {
  if (ignored_depth_ > 0) {
    --ignored_depth_;
    return;
  }
  if (gave_up_ || open_.empty()) return;
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
    anchors_[anchor] = copy_of(node);
    sizes_[anchor] = count_values(node);
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
  if (!is_new && key.text != "<<") {
    report(key.where,
           "duplicate key",
           fmt::format("\"{}\" is set a second time in one mapping. Keep one of them.", key.text),
           &map.node.members[place->second].key_where);
    return;
  }
  map.node.members.push_back({key.text, key.where, std::make_unique<YamlNode>(std::move(value))});
}

void apply_merge_keys(YamlNode& map, Diagnostics& diagnostics) {
  std::vector<YamlNode::Member> own;
  std::vector<const YamlNode*> sources;
  std::vector<std::unique_ptr<YamlNode>> keep;
  for (YamlNode::Member& member : map.members) {
    if (member.key != "<<") {
      own.push_back(std::move(member));
      continue;
    }
    keep.push_back(std::move(member.value));
    const YamlNode& value = *keep.back();
    if (value.type == YamlNode::Type::mapping) sources.push_back(&value);
    for (const YamlNode& item : value.items) sources.push_back(&item);
    if (value.type != YamlNode::Type::mapping && value.type != YamlNode::Type::sequence)
      sources.push_back(&value);
  }
  map.members = std::move(own);
  for (const YamlNode* source : sources) {
    if (source->type != YamlNode::Type::mapping) {
      diagnostics.push_back({Severity::error,
                             "a merge key without a mapping",
                             "\"<<\" takes an alias of a mapping, or a list of such aliases.",
                             source->where,
                             std::nullopt});
      continue;
    }
    for (const YamlNode::Member& member : source->members) {
      if (map.find(member.key) != nullptr) continue;
      map.members.push_back(
          {member.key, member.key_where, std::make_unique<YamlNode>(copy_of(*member.value))});
    }
  }
}

}  // namespace aegis
