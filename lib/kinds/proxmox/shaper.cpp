#include "kinds/proxmox/shaper.h"

#include <algorithm>

#include "base/text.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

Json non_empty(std::string text) {
  return trim(text).empty() ? Json() : Json(std::move(text));
}

}  // namespace

void Shaper::text(std::string_view key) {
  put(key, non_empty(as_text(source(key))));
}

void Shaper::lower_text(std::string_view key) {
  put(key, non_empty(to_lower(as_text(source(key)))));
}

void Shaper::text(std::string_view key, std::string_view usual) {
  text(key);
  drop(key, usual);
}

void Shaper::number(std::string_view key) {
  const Json& value = source(key);
  const auto integer = as_integer(value);
  const auto number = as_number(value);
  put(key, integer ? Json(*integer) : number ? Json(*number) : value);
}

void Shaper::size(std::string_view key) {
  put(key, shape_of_size(source(key)));
}

void Shaper::flag(std::string_view key) {
  const Json& value = source(key);
  const auto flag = value.is_null() ? std::nullopt : as_bool(value);
  put(key, flag ? Json(*flag) : value);
}

void Shaper::flag(std::string_view key, bool usual) {
  flag(key);
  drop(key, usual);
}

void Shaper::told_flag(std::string_view key, bool usual) {
  put(key, usual);
  flag(key);
}

void Shaper::words(std::string_view key, bool is_set) {
  std::vector<std::string> words = words_of(source(key));
  if (is_set) {
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
  }
  if (!words.empty()) put(key, words);
}

void Shaper::put(std::string_view key, Json value) {
  if (!value.is_null()) into_[std::string(key)] = std::move(value);
}

void Shaper::drop(std::string_view key, const Json& usual) {
  if (get(into_, key) == usual) into_.erase(std::string(key));
}

void Shaper::group(std::string_view key, Json (*shape)(const Json&)) {
  Json group = shape(source(key));
  if (!group.empty()) put(key, std::move(group));
}

void Shaper::members(std::string_view key, Json (*shape)(const Json&)) {
  Json members = Json::object();
  if (source(key).is_object()) {
    for (const auto& [name, value] : source(key).items()) members[name] = shape(value);
  }
  if (!members.empty()) put(key, std::move(members));
}

const Json& Shaper::source(std::string_view key) const {
  return get(from_, key);
}

Json shape_of_startup(const Json& startup) {
  Shaper shaper(startup);
  for (const std::string_view name : {"order", "up", "down"}) shaper.number(name);
  return shaper.take();
}

Json shape_of_description(const Json& description) {
  std::string text = as_text(description);
  // Proxmox keeps the lines as comments: ends of lines at the end are its own.
  text.erase(text.find_last_not_of('\n') + 1);
  return text.empty() ? Json() : Json(std::move(text));
}

Json lower_words(const Json& list) {
  std::vector<std::string> words = words_of(list);
  for (std::string& word : words) word = to_lower(word);
  return words.empty() ? Json() : Json(words);
}

Json shape_of_mac(const Json& mac) {
  std::string text = as_text(mac);
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
  });
  return text.empty() ? Json() : Json(text);
}

}  // namespace aegis::proxmox
