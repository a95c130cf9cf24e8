#include "manifest/compose/lists.h"

#include <fmt/format.h>

#include <set>

#include "manifest/compose/form.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"
#include "manifest/compose/words.h"

namespace aegis::compose {
namespace {

std::optional<Node> without_repeats(std::optional<Node> list) {
  if (!list) return list;
  std::set<std::string> known;
  std::erase_if(list->items, [&](const Node& item) { return !known.insert(item.text).second; });
  return list;
}

// What a name gets that has no value.
enum class Missing { empty_text, null };

Node missing_value(Missing missing, const Node& from) {
  if (missing == Missing::empty_text) return make_text("", from);
  Node null;
  null.path = from.path;
  null.where = from.where;
  return null;
}

bool check_name(const std::string& name, const Node& value, Diagnostics& diagnostics) {
  const bool blank_end = name.ends_with(' ') || name.ends_with('\t');
  if (!name.empty() && !blank_end) return true;
  error(
      diagnostics,
      value.where,
      "invalid name",
      fmt::format("`{}` has {}.", value.path, name.empty() ? "no name" : "a blank after its name"));
  return false;
}

// A name is shown, whatever becomes of its value.
bool check_name_is_no_secret(const Node& pair, std::size_t size, Diagnostics& diagnostics) {
  if (!pair.certain || slice(pair, {0, size}).secret.empty()) return true;
  error(diagnostics,
        pair.where,
        "a secret where it would be shown",
        fmt::format("`{}` has the value of a secret variable in its name.", pair.path));
  return false;
}

void add_pair(Node& result, const Node& item, Missing missing, Diagnostics& diagnostics) {
  const auto text = read_text(item, diagnostics);
  if (!text) return;
  const std::size_t equals = text->text.find('=');
  std::string name = text->text.substr(0, equals);
  if (!check_name_is_no_secret(*text, name.size(), diagnostics)) return;
  if (!check_name(name, item, diagnostics)) return;
  Node value = equals == std::string::npos ? missing_value(missing, item)
                                           : slice(*text, {equals + 1, text->text.size()});
  set(result, std::move(name), std::move(value));
}

void add_member(Node& result, const Member& member, Missing missing, Diagnostics& diagnostics) {
  if (is_reset(member.value)) {
    set(result, member.key, *read_tagged(member.value, read_text, diagnostics), member.where);
    return;
  }
  if (!check_name(member.key, member.value, diagnostics)) return;
  std::optional<Node> value = member.value.type == Node::Type::null
                                  ? missing_value(missing, member.value)
                                  : read_scalar_as_text(member.value, diagnostics);
  if (value) set(result, member.key, std::move(*value), member.where);
}

std::optional<Node> read_pairs(const Node& value, Missing missing, Diagnostics& diagnostics) {
  Node result = make_mapping(value);
  if (value.type == Node::Type::sequence) {
    for (const Node& item : value.items) add_pair(result, item, missing, diagnostics);
  } else if (value.type == Node::Type::mapping) {
    for (const Member& member : value.members) add_member(result, member, missing, diagnostics);
  } else {
    wrong_type(diagnostics, value, "a mapping or a list of name=value");
    return std::nullopt;
  }
  return result;
}

}  // namespace

std::optional<Node> read_texts(const Node& value, Diagnostics& diagnostics) {
  return without_repeats(read_list(value, read_text, "a list of texts", diagnostics));
}

std::optional<Node> read_text_or_texts(const Node& value, Diagnostics& diagnostics) {
  if (!value.is_scalar()) return read_texts(value, diagnostics);
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  Node result = make_sequence(value);
  result.items.push_back(std::move(*text));
  return result;
}

std::optional<Node> read_names_or_numbers(const Node& value, Diagnostics& diagnostics) {
  return without_repeats(
      read_list(value, read_scalar_as_text, "a list of names or numbers", diagnostics));
}

std::optional<Node> read_command(const Node& value, Diagnostics& diagnostics) {
  if (value.type == Node::Type::sequence)
    return read_list(value, read_text, "text or a list of texts", diagnostics);
  const auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  const auto words = split_words(text->text);
  if (!words) {
    error(diagnostics,
          value.where,
          "quote without an end",
          fmt::format("`{}` has a quote or a backslash that is not closed. Close it, or write the "
                      "command as a list.",
                      value.path));
    return std::nullopt;
  }
  Node result = make_sequence(value);
  for (const Word& word : *words) {
    Node item = slice(*text, word.range);
    item.text = word.text;
    result.items.push_back(std::move(item));
  }
  return result;
}

std::optional<Node> read_labels(const Node& value, Diagnostics& diagnostics) {
  return read_pairs(value, Missing::empty_text, diagnostics);
}

std::optional<Node> read_environment(const Node& value, Diagnostics& diagnostics) {
  return read_pairs(value, Missing::null, diagnostics);
}

std::optional<Node> read_options(const Node& value, Diagnostics& diagnostics) {
  if (value.type != Node::Type::mapping) {
    wrong_type(diagnostics, value, "a mapping of options");
    return std::nullopt;
  }
  Node result = make_mapping(value);
  for (const Member& member : value.members) {
    if (member.value.type == Node::Type::null && !is_reset(member.value)) continue;
    if (auto text = read_tagged(member.value, read_scalar_as_text, diagnostics))
      set(result, member.key, std::move(*text), member.where);
  }
  return result;
}

}  // namespace aegis::compose
