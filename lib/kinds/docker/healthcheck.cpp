#include "kinds/docker/healthcheck.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

constexpr std::pair<std::string_view, std::string_view> k_durations[] = {
    {"interval", "Interval"},
    {"timeout", "Timeout"},
    {"start_period", "StartPeriod"},
    {"start_interval", "StartInterval"}};

bool is_off(const Json& check) {
  const Json& test = get(check, "test");
  return as_bool(get(check, "disable")).value_or(false) ||
         (test.is_array() && !test.empty() && test[0] == "NONE");
}

std::chrono::nanoseconds duration_of(const Json& check, std::string_view key, std::int64_t usual) {
  const std::int64_t own = integer_or_zero(get(check, key));
  return std::chrono::nanoseconds{own == 0 ? usual : own};
}

}  // namespace

Json merged_healthcheck(const Json& check, const Json& image_check) {
  Json merged = image_check.is_object() ? image_check : Json::object();
  if (check.is_object()) {
    const Json own = engine_healthcheck(check);
    for (const auto& [key, value] : own.items()) put(merged, key, value);
  }
  return merged;
}

Json wanted_healthcheck(const Json& check, const Json& image_check) {
  return live_healthcheck(merged_healthcheck(check, image_check));
}

Json live_healthcheck(const Json& engine_check) {
  Json shape = Json::object();
  const Json& test = get(engine_check, "Test");
  if (test.is_array() && !test.empty() && test[0] == "NONE")
    return {{"test", Json::array({"NONE"})}};
  put(shape, "test", test);
  for (const auto& [key, engine_key] : k_durations) {
    put(shape, key, duration_text(get(engine_check, engine_key)));
  }
  put(shape, "retries", get(engine_check, "Retries"));
  return shape;
}

Json engine_healthcheck(const Json& check) {
  if (is_off(check)) return {{"Test", Json::array({"NONE"})}};
  Json engine = Json::object();
  put(engine, "Test", get(check, "test"));
  for (const auto& [key, engine_key] : k_durations) put(engine, engine_key, get(check, key));
  put(engine, "Retries", get(check, "retries"));
  return engine;
}

bool is_probed(const Json& engine_check) {
  const Json& test = get(engine_check, "Test");
  return test.is_array() && !test.empty() && test[0] != "NONE";
}

std::chrono::milliseconds health_deadline(const Json& engine_check) {
  constexpr std::int64_t k_usual = 30'000'000'000;
  constexpr std::int64_t k_usual_retries = 3;
  const std::int64_t own_retries = integer_or_zero(get(engine_check, "Retries"));
  const std::int64_t retries = own_retries == 0 ? k_usual_retries : own_retries;
  const auto probe = duration_of(engine_check, "Interval", k_usual) +
                     duration_of(engine_check, "Timeout", k_usual);
  const auto total = duration_of(engine_check, "StartPeriod", 0) + (retries + 1) * probe;
  return std::chrono::ceil<std::chrono::milliseconds>(total) + std::chrono::seconds{10};
}

}  // namespace aegis::docker
