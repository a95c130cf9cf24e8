#include "kinds/docker/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace aegis::docker {
namespace {

constexpr std::pair<std::string_view, std::string_view> k_numbers[] = {
    {"mem_limit", "Memory"},
    {"mem_reservation", "MemoryReservation"},
    {"cpu_shares", "CpuShares"},
    {"cpu_period", "CpuPeriod"},
    {"cpu_quota", "CpuQuota"},
    {"cpu_rt_period", "CpuRealtimePeriod"},
    {"cpu_rt_runtime", "CpuRealtimeRuntime"},
    {"cpuset", "CpusetCpus"}};

constexpr double k_nano = 1e9;

// The engine keeps whole nanoseconds of a second; what is finer than a microsecond is noise.
Json cpus_of(double cpus) {
  return std::round(cpus * 1e6) / 1e6;
}

std::int64_t nano_cpus(const Json& cpus) {
  return std::llround(as_number(cpus).value_or(0) * k_nano);
}

// Twice the memory is what the engine takes when nothing is said.
Json unusual_swap(const Json& swap, std::int64_t memory) {
  return integer_or_zero(swap) == 2 * memory ? Json() : swap;
}

std::int64_t effective_swap(const Json& wanted) {
  const std::int64_t declared = integer_or_zero(get(wanted, "memswap_limit"));
  return declared != 0 ? declared : 2 * integer_or_zero(get(wanted, "mem_limit"));
}

bool contains(const Json& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

Json pids_of(const Json& limit) {
  return std::max<std::int64_t>(integer_or_zero(limit), 0);
}

}  // namespace

Json restart_policy(std::string_view text) {
  const auto pieces = split(text, ':');
  const std::string name = pieces[0].empty() ? "no" : pieces[0];
  Json policy = {{"Name", name}};
  // A count with any other policy is refused.
  if (name == "on-failure") {
    policy["MaximumRetryCount"] = pieces.size() > 1 ? integer_or_zero(Json(pieces[1])) : 0;
  }
  return policy;
}

std::string restart_text(const Json& policy) {
  const std::string name = text_or(policy, "Name");
  const std::int64_t count = integer_or_zero(get(policy, "MaximumRetryCount"));
  if (name == "on-failure" && count > 0) return fmt::format("on-failure:{}", count);
  return name.empty() ? "no" : name;
}

void wanted_limits(Json& attributes, const Json& spec) {
  for (const auto& [key, engine_key] : k_numbers) put(attributes, key, get(spec, key));
  put(attributes,
      "memswap_limit",
      unusual_swap(get(spec, "memswap_limit"), integer_or_zero(get(spec, "mem_limit"))));
  put(attributes, "cpus", cpus_of(as_number(get(spec, "cpus")).value_or(0)));
  put(attributes, "pids_limit", pids_of(get(spec, "pids_limit")));
  attributes["restart"] = restart_text(restart_policy(text_or(spec, "restart", "no")));
}

void live_limits(Json& attributes, const Json& inspect, const Declared& declared) {
  const Json& host = get(inspect, "HostConfig");
  for (const auto& [key, engine_key] : k_numbers) put(attributes, key, get(host, engine_key));
  const std::int64_t memory = integer_or_zero(get(host, "Memory"));
  const Json swap = unusual_swap(get(host, "MemorySwap"), memory);
  // Hosts that do not account for swap turn every value into -1.
  if (swap != -1 || declared.has({"memswap_limit"})) put(attributes, "memswap_limit", swap);
  put(attributes, "cpus", cpus_of(as_number(get(host, "NanoCpus")).value_or(0) / k_nano));
  put(attributes, "pids_limit", pids_of(get(host, "PidsLimit")));
  attributes["restart"] = restart_text(get(host, "RestartPolicy"));
}

void fill_limits(Json& body, const Json& spec) {
  Json& host = body["HostConfig"];
  for (const auto& [key, engine_key] : k_numbers) put(host, engine_key, get(spec, key));
  put(host, "MemorySwap", get(spec, "memswap_limit"));
  put(host, "NanoCpus", nano_cpus(get(spec, "cpus")));
  put(host, "PidsLimit", pids_of(get(spec, "pids_limit")));
  host["RestartPolicy"] = restart_policy(text_or(spec, "restart", "no"));
}

bool is_limit(std::string_view key) {
  return key == "memswap_limit" || key == "cpus" || key == "pids_limit" || key == "restart" ||
         std::any_of(std::begin(k_numbers), std::end(k_numbers), [&](const auto& number) {
           return number.first == key;
         });
}

bool can_be_lifted(std::string_view key) {
  return key == "pids_limit" || key == "restart";
}

Json update_request(const Json& wanted, const Json& changed) {
  Json body = Json::object();
  for (const auto& [key, engine_key] : k_numbers) {
    if (contains(changed, key)) body[std::string(engine_key)] = get(wanted, key);
  }
  if (contains(changed, "mem_limit") || contains(changed, "memswap_limit")) {
    put(body, "Memory", get(wanted, "mem_limit"));
    body["MemorySwap"] = effective_swap(wanted);
  }
  if (contains(changed, "blkio_config.weight")) {
    body["BlkioWeight"] = get(get(wanted, "blkio_config"), "weight");
  }
  if (contains(changed, "cpus")) body["NanoCpus"] = nano_cpus(get(wanted, "cpus"));
  // 0 would mean "leave it as it is".
  if (contains(changed, "pids_limit")) {
    const std::int64_t limit = integer_or_zero(get(wanted, "pids_limit"));
    body["PidsLimit"] = limit == 0 ? -1 : limit;
  }
  if (contains(changed, "restart")) {
    body["RestartPolicy"] = restart_policy(text_or(wanted, "restart", "no"));
  }
  return body;
}

}  // namespace aegis::docker
