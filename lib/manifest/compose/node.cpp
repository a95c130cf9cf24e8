#include "manifest/compose/node.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace aegis::compose {
namespace {

// A blank cannot stand in a tag that somebody writes.
constexpr std::string_view k_left_out = "! left out";

Node made(Node::Type type, std::string text, const Node& from) {
  Node node;
  node.type = type;
  node.text = std::move(text);
  node.path = from.path;
  node.where = from.where;
  return node;
}

std::int64_t integer_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const Member& m) { return m.key == key; });
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  return const_cast<Node*>(std::as_const(*this).find(key));
}

const Node* Node::find(std::string_view key, std::string_view inner_key) const {
  const Node* outer = find(key);
  return outer == nullptr ? nullptr : outer->find(inner_key);
}

bool Node::is_scalar() const {
  return type != Type::sequence && type != Type::mapping && type != Type::null;
}

Node make_text(std::string text, const Node& from) {
  return made(Node::Type::string, std::move(text), from);
}

Node make_integer(std::int64_t value, const Node& from) {
  return made(Node::Type::integer, std::to_string(value), from);
}

Node make_flag(bool value, const Node& from) {
  return made(Node::Type::boolean, value ? "true" : "false", from);
}

Node make_mapping(const Node& from) {
  return made(Node::Type::mapping, "", from);
}

Node make_sequence(const Node& from) {
  return made(Node::Type::sequence, "", from);
}

Node derive_text(std::string text, const Node& from) {
  Node node = make_text(std::move(text), from);
  node.interpolated = from.interpolated;
  node.certain = from.certain;
  if (!from.secret.empty()) node.secret = {{0, node.text.size()}};
  return node;
}

void leave_out(Node& node) {
  node.type = Node::Type::null;
  node.text.clear();
  node.tag = k_left_out;
}

bool is_left_out(const Node& node) {
  return node.tag == k_left_out;
}

Node slice(const Node& from, TextRange range) {
  Node node = make_text(from.text.substr(range.begin, range.end - range.begin), from);
  node.quoted = from.quoted;
  node.interpolated = from.interpolated;
  for (const TextRange& part : from.secret) {
    const std::size_t begin = std::max(part.begin, range.begin);
    const std::size_t end = std::min(part.end, range.end);
    if (begin < end) node.secret.push_back({begin - range.begin, end - range.begin});
  }
  node.certain = from.certain && !node.secret.empty();
  return node;
}

void set(Node& mapping, std::string key, Node value, const SourceSpan& where) {
  if (Node* present = mapping.find(key)) {
    *present = std::move(value);
    return;
  }
  mapping.members.push_back({std::move(key), where, std::move(value)});
}

void set(Node& mapping, std::string key, Node value) {
  const SourceSpan where = value.where;
  set(mapping, std::move(key), std::move(value), where);
}

void erase(Node& mapping, std::string_view key) {
  std::erase_if(mapping.members, [&](const Member& member) { return member.key == key; });
}

std::string text_at(const Node& mapping, std::string_view key) {
  const Node* value = mapping.find(key);
  return value == nullptr ? "" : value->text;
}

std::int64_t integer_at(const Node& mapping, std::string_view key) {
  return integer_of(text_at(mapping, key));
}

Json to_json(const Node& node, const std::function<Json(const Node&)>& text) {
  switch (node.type) {
    case Node::Type::null:
      return nullptr;
    case Node::Type::boolean:
      return node.text == "true";
    case Node::Type::integer:
      return integer_of(node.text);
    case Node::Type::number:
      return std::stod(node.text);
    case Node::Type::string:
      return text(node);
    case Node::Type::sequence: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(to_json(item, text));
      return list;
    }
    case Node::Type::mapping: {
      Json object = Json::object();
      for (const Member& member : node.members) object[member.key] = to_json(member.value, text);
      return object;
    }
  }
  return nullptr;
}

Json to_json(const Node& node) {
  return to_json(node, [](const Node& text) { return Json(text.text); });
}

void collect_places(const Node& node,
                    const std::string& prefix,
                    std::map<std::string, SourceSpan, std::less<>>& places) {
  const std::string start = prefix.empty() ? "" : prefix + ".";
  for (const Member& member : node.members) {
    places[start + member.key] = member.value.is_scalar() ? member.value.where : member.where;
    collect_places(member.value, start + member.key, places);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    places[start + std::to_string(i)] = node.items[i].where;
    collect_places(node.items[i], start + std::to_string(i), places);
  }
}

}  // namespace aegis::compose
