#include "simulator/form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::size_t k_largest_body = std::size_t{512} * 1024;

std::string header(const Request& request, std::string_view name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

void add_json(std::vector<std::string>& values, const Json& value) {
  if (!value.is_array()) return values.push_back(as_text(value));
  for (const Json& item : value) values.push_back(as_text(item));
}

Refusal read_json(std::string_view body, RawParameters& parameters) {
  const Result<Json> parsed = parse_json(body);
  if (!parsed) return refuse(parsed.error().message);
  if (!parsed->is_object()) return refuse("Not a HASH reference");
  for (const auto& [name, value] : parsed->items()) {
    if (!value.is_null()) add_json(parameters[name], value);
  }
  return {};
}

Refusal check_protocol(const Request& request) {
  constexpr std::array<std::string_view, 4> k_methods{"GET", "POST", "PUT", "DELETE"};
  if (std::find(k_methods.begin(), k_methods.end(), request.method) == k_methods.end()) {
    return refuse(fmt::format("method '{}' not available", request.method), 501);
  }
  if (request.chunked) return refuse("chunked transfer encoding not supported", 501);
  const bool takes_body = request.method == "POST" || request.method == "PUT";
  if (!request.body.empty() && !takes_body) {
    return refuse(fmt::format("Unexpected content for method '{}'", request.method), 501);
  }
  if (request.body.size() > k_largest_body) return refuse("request entity too large", 413);
  return {};
}

}  // namespace

RawParameters decode_form(std::string_view text) {
  RawParameters parameters;
  for (const std::string& pair : split_any(text, "&;")) {
    const std::vector<std::string> pieces = split(pair, '=');
    const std::string value = pieces.size() > 1 ? percent_decode(pieces[1], true) : "";
    parameters[percent_decode(pieces[0], true)].push_back(value);
  }
  return parameters;
}

std::string path_of(const Request& request) {
  return percent_decode(std::string_view(request.target).substr(0, request.target.find('?')));
}

Refusal read_parameters(const Request& request, RawParameters& parameters) {
  if (Refusal refusal = check_protocol(request)) return refusal;
  if (!request.body.empty()) {
    const std::string type = to_lower(trim(split(header(request, "content-type"), ';').front()));
    if (type == "application/json") {
      if (Refusal refusal = read_json(request.body, parameters)) return refusal;
    } else if (type == "application/x-www-form-urlencoded" || type.empty()) {
      parameters = decode_form(request.body);
    } else {
      return refuse(fmt::format("upload 'Content-Type '{}' not implemented", type), 506);
    }
  }
  const std::size_t query = request.target.find('?');
  if (query == std::string::npos) return {};
  for (auto& [name, values] : decode_form(std::string_view(request.target).substr(query + 1))) {
    parameters[name] = values;
  }
  return {};
}

}  // namespace aegis::simulator
