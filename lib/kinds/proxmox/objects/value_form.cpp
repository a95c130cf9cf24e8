#include "kinds/proxmox/objects/value_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "kinds/proxmox/property_string.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_kept = "set";

Json as_set(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::vector<std::string> texts_of(const Json& value) {
  if (!value.is_array()) return {as_text(value)};
  std::vector<std::string> texts;
  for (const Json& element : value) texts.push_back(as_text(element));
  return texts;
}

Json number_shape(const Json& value) {
  const auto number = as_number(value);
  if (!number) return value;
  if (std::floor(*number) == *number) return as_integer(value).value_or(0);
  return *number;
}

// A value within a property text: numbers and switches as numbers, because that is what Proxmox
// writes.
Json property_shape(const Json& value) {
  const auto number = as_integer(value);
  if (number) return *number;
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  return as_text(value);
}

Json properties_shape(const Json& value) {
  const Json members = value.is_object() ? value : to_json(parse_properties(as_text(value)));
  Json shape = Json::object();
  for (const auto& [name, member] : members.items()) shape[name] = property_shape(member);
  return shape;
}

// A list of several statements is never what a manifest asks for: it is told as one text.
Json word_set_shape(const Json& value) {
  if (!value.is_array()) return as_set(words_of(value));
  const auto texts = texts_of(value);
  const bool one_statement = texts.size() == 1;
  const bool plain = std::all_of(texts.begin(), texts.end(), [](const std::string& text) {
    return text.find(',') == std::string::npos;
  });
  if (one_statement) return as_set(split_any(texts.front(), ", "));
  return plain ? as_set(texts) : Json::array({join(texts, " and ")});
}

Json named_shape(const Json& value, bool only_names) {
  Json shape = Json::object();
  if (value.is_object()) {
    for (const auto& [name, text] : value.items()) {
      shape[name] = only_names ? Json(k_kept) : Json(as_text(text));
    }
    return shape;
  }
  for (const std::string& entry : texts_of(value)) {
    const Properties properties = parse_properties(entry);
    const auto name = properties.find("name");
    if (name == properties.end()) continue;
    const auto text = properties.find("value");
    const std::string encoded = text == properties.end() ? "" : text->second;
    shape[name->second] =
        only_names ? Json(k_kept) : Json(base64_decode(encoded).value_or(encoded));
  }
  return shape;
}

Json plain_shape(const Field& field, const Json& value) {
  switch (field.form) {
    case ValueForm::number:
      return number_shape(value);
    case ValueForm::flag: {
      const auto flag = as_bool(value);
      return flag ? Json(*flag) : value;
    }
    case ValueForm::word_list:
      return as_set(words_of(value));
    case ValueForm::text_list:
      return as_set(texts_of(value));
    case ValueForm::word_set:
      return word_set_shape(value);
    case ValueForm::properties:
      return properties_shape(value);
    case ValueForm::named_texts:
      return named_shape(value, false);
    case ValueForm::named_secrets:
      return named_shape(value, true);
    case ValueForm::secret:
      return value;
    case ValueForm::text:
    case ValueForm::encoded:
      return std::string(trim(as_text(value)));
  }
  return value;
}

bool is_nothing(const Json& shape) {
  return shape.is_null() || shape == "" || (shape.is_structured() && shape.empty());
}

std::string named_entry(const std::string& name, std::string_view text) {
  return fmt::format("name={},value={}", name, base64_encode(text));
}

}  // namespace

Json shape_of_value(const Field& field, const Json& value) {
  if (value.is_null()) return {};
  Json shape = plain_shape(field, value);
  if (is_nothing(shape)) return {};
  if (!field.fallback.empty() && shape == plain_shape(field, field.fallback)) return {};
  return shape;
}

Json shape_of_answer(const Field& field, const Json& value) {
  if (field.form != ValueForm::encoded) return shape_of_value(field, value);
  const std::string text = as_text(value);
  return shape_of_value(field, base64_decode(text).value_or(text));
}

void add_to_form(Form& form, const Field& field, const Json& shape) {
  const std::string key(key_of(field));
  const auto add = [&](std::string text) { form.emplace_back(key, std::move(text)); };
  switch (field.form) {
    case ValueForm::word_list:
    case ValueForm::word_set:
      return add(join(texts_of(shape), ","));
    case ValueForm::text_list:
      for (std::string& text : texts_of(shape)) add(std::move(text));
      return;
    case ValueForm::properties: {
      Properties properties;
      for (const auto& [name, value] : shape.items()) properties[name] = as_text(value);
      return add(print_properties(properties));
    }
    case ValueForm::encoded:
      return add(base64_encode(as_text(shape)));
    case ValueForm::named_texts:
      for (const auto& [name, text] : shape.items()) add(named_entry(name, as_text(text)));
      return;
    case ValueForm::secret:
    case ValueForm::named_secrets:
      return;
    case ValueForm::text:
    case ValueForm::number:
    case ValueForm::flag:
      return add(as_text(shape));
  }
}

void add_secret_to_form(Form& form, const Field& field, const Json& seals, const Vault& vault) {
  const std::string key(key_of(field));
  const Json plain = vault.reveal_all(seals);
  if (field.form == ValueForm::secret) {
    form.emplace_back(key, as_text(plain));
    return;
  }
  for (const auto& [name, text] : plain.items()) {
    form.emplace_back(key, named_entry(name, as_text(text)));
  }
}

}  // namespace aegis::proxmox
