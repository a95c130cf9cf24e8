#include "simulator/upload_form.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_multipart = "multipart/form-data";
constexpr std::string_view k_line_end = "\r\n";

std::string content_type(const Request& request) {
  const auto found = request.headers.find("content-type");
  return found == request.headers.end() ? "" : found->second;
}

// The value of `name` in "form-data; name="x"; filename="y"", or "".
std::string attribute(std::string_view header, std::string_view name) {
  for (const std::string& piece : split(header, ';')) {
    const std::string_view trimmed = trim(piece);
    const std::string prefix = fmt::format("{}=", name);
    if (!trimmed.starts_with(prefix)) continue;
    std::string_view value = trimmed.substr(prefix.size());
    if (value.size() > 1 && value.front() == '"') value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return {};
}

// The header of a part that says what it is.
std::string disposition(std::string_view head) {
  for (const std::string& line : split(head, '\n')) {
    if (to_lower(line).starts_with("content-disposition:")) return line.substr(line.find(':') + 1);
  }
  return {};
}

Refusal broken(std::string_view why) {
  return refuse(fmt::format("upload failed - {}", why), 400);
}

}  // namespace

bool is_upload(const Request& request) {
  const std::string path = path_of(request);
  return request.method == "POST" && path.ends_with("/upload") &&
         to_lower(content_type(request)).starts_with(k_multipart);
}

Refusal read_upload(const Request& request, RawParameters& parameters, std::string& file) {
  const std::string boundary = attribute(content_type(request), "boundary");
  if (boundary.empty()) return broken("no boundary");
  const std::string mark = fmt::format("--{}", boundary);
  std::string_view rest = request.body;
  while (true) {
    const std::size_t begin = rest.find(mark);
    if (begin == std::string_view::npos) return broken("no file in the form");
    rest.remove_prefix(begin + mark.size());
    if (rest.starts_with("--")) return broken("no file in the form");
    const std::size_t head_end = rest.find("\r\n\r\n");
    const std::size_t end = rest.find(fmt::format("{}{}", k_line_end, mark));
    if (head_end == std::string_view::npos || end == std::string_view::npos || end < head_end) {
      return broken("broken form");
    }
    const std::string header = disposition(rest.substr(0, head_end));
    const std::string_view value =
        rest.substr(head_end + 4, end > head_end + 4 ? end - head_end - 4 : 0);
    const std::string file_name = attribute(header, "filename");
    const std::string name = attribute(header, "name");
    if (!file_name.empty()) {
      parameters["filename"] = {file_name};
      file = value;
      return {};
    }
    parameters[name].emplace_back(value);
    rest.remove_prefix(end);
  }
}

}  // namespace aegis::simulator
