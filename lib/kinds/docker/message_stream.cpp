#include "kinds/docker/message_stream.h"

#include <utility>

namespace aegis::docker {

std::vector<Json> MessageStream::add(std::string_view piece) {
  rest_ += piece;
  std::vector<Json> messages;
  std::size_t end = 0;
  while ((end = rest_.find('\n')) != std::string::npos) {
    auto message = parse_json(std::string_view(rest_).substr(0, end));
    if (message) messages.push_back(std::move(*message));
    rest_.erase(0, end + 1);
  }
  if (auto last = parse_json(rest_); last && last->is_object()) {
    messages.push_back(std::move(*last));
    rest_.clear();
  }
  return messages;
}

std::string error_in(const Json& message) {
  return text_or(get(message, "errorDetail"), "message", text_or(message, "error"));
}

}  // namespace aegis::docker
