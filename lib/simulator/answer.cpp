#include "simulator/answer.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::simulator {
namespace {

constexpr std::string_view k_json_type = "application/json;charset=UTF-8";

}  // namespace

Answer answer(Json data) {
  Answer success;
  success.data = std::move(data);
  return success;
}

Answer refuse(std::string message, int status) {
  Answer failure;
  failure.status = status;
  failure.message = std::move(message);
  return failure;
}

Answer invalid(FieldErrors errors) {
  Answer failure = refuse("Parameter verification failed.", 400);
  failure.errors = std::move(errors);
  return failure;
}

Answer invalid(std::string_view parameter, std::string text) {
  return invalid(FieldErrors{{std::string(parameter), std::move(text)}});
}

Answer forbidden(std::string_view what) {
  return refuse(fmt::format("Permission check failed ({})", what), 403);
}

Response to_response(Answer answer) {
  Response response;
  response.status = answer.status;
  if (answer.failed()) {
    response.reason = split(answer.message, '\n').front();
    response.close = true;
    if (answer.status == 401) return response;
  }
  Json body = answer.extras.value_or(Json::object());
  body["data"] = std::move(answer.data);
  // The router itself, not a method, speaks in a 501: without the line end of a Perl `die`.
  if (answer.failed()) body["message"] = answer.message + (answer.status == 501 ? "" : "\n");
  if (!answer.errors.empty()) body["errors"] = answer.errors;
  response.content_type = k_json_type;
  response.body = dump_json(body);
  return response;
}

}  // namespace aegis::simulator
