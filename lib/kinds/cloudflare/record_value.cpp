#include "kinds/cloudflare/record_value.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace aegis::cloudflare {
namespace {

constexpr std::size_t k_longest_string = 255;  // of a TXT record, which may have several

std::string plain_name(std::string name) {
  if (name.size() > 1 && name.ends_with('.')) name.pop_back();
  return to_lower(name);
}

std::string short_address(const std::string& text) {
  in6_addr address{};
  std::array<char, INET6_ADDRSTRLEN> shortest{};
  if (inet_pton(AF_INET6, text.c_str(), &address) != 1) return text;
  return inet_ntop(AF_INET6, &address, shortest.data(), shortest.size());
}

std::string in_quotes(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "\"";
}

std::string without_quotes(const std::string& text) {
  if (!text.starts_with('"')) return text;
  std::string plain;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') {
      inside = !inside;
    } else if (inside) {
      if (text[i] == '\\' && i + 1 < text.size()) ++i;
      plain += text[i];
    }
  }
  return plain;
}

// The last part, a name, and before it numbers.
std::string numbers_and_name(const std::string& text) {
  auto parts = split_any(text, " \t");
  if (!parts.empty()) parts.back() = plain_name(parts.back());
  return join(parts, " ");
}

std::string authority(const std::string& text) {
  const auto parts = split_any(text, " \t");
  if (parts.size() < 3) return text;
  const std::size_t value =
      text.find(parts[2], text.find(parts[1], parts[0].size()) + parts[1].size());
  return fmt::format(
      "{} {} {}", parts[0], to_lower(parts[1]), in_quotes(without_quotes(text.substr(value))));
}

Json number(const std::string& text) {
  return as_integer(Json(text)).value_or(0);
}

}  // namespace

bool is_declarable(std::string_view type) {
  return std::find(k_record_types.begin(), k_record_types.end(), type) != k_record_types.end();
}

bool is_proxiable(std::string_view type) {
  return type == "A" || type == "AAAA" || type == "CNAME";
}

std::string canonical_value(std::string_view type, const std::string& text) {
  if (type == "AAAA") return short_address(text);
  if (type == "CNAME") return plain_name(text);
  if (type == "MX" || type == "SRV") return numbers_and_name(text);
  return type == "CAA" ? authority(text) : text;
}

std::string value_of(const Json& record) {
  const std::string type = text_or(record, "type");
  const std::string content = text_or(record, "content");
  const Json& data = get(record, "data");
  if (type == "TXT") return without_quotes(content);
  if (type == "MX") {
    return canonical_value(type, fmt::format("{} {}", as_text(get(record, "priority")), content));
  }
  if (type == "SRV") {
    return canonical_value(type,
                           fmt::format("{} {} {} {}",
                                       as_text(get(data, "priority")),
                                       as_text(get(data, "weight")),
                                       as_text(get(data, "port")),
                                       text_or(data, "target")));
  }
  if (type == "CAA") {
    return fmt::format("{} {} {}",
                       as_text(get(data, "flags")),
                       text_or(data, "tag"),
                       in_quotes(text_or(data, "value")));
  }
  return canonical_value(type, content);
}

Json value_fields(std::string_view type, const std::string& value) {
  const auto parts = split_any(value, " ");
  if (type == "TXT") {
    std::vector<std::string> strings;
    for (std::size_t i = 0; i == 0 || i < value.size(); i += k_longest_string) {
      strings.push_back(in_quotes(value.substr(i, k_longest_string)));
    }
    return {{"content", join(strings, " ")}};
  }
  if (type == "MX") return {{"priority", number(parts.at(0))}, {"content", parts.at(1)}};
  if (type == "SRV") {
    return {{"data",
             {{"priority", number(parts.at(0))},
              {"weight", number(parts.at(1))},
              {"port", number(parts.at(2))},
              {"target", parts.at(3)}}}};
  }
  if (type == "CAA") {
    const std::size_t begin = parts.at(0).size() + parts.at(1).size() + 2;
    return {{"data",
             {{"flags", number(parts.at(0))},
              {"tag", parts.at(1)},
              {"value", without_quotes(value.substr(begin))}}}};
  }
  return {{"content", value}};
}

}  // namespace aegis::cloudflare
