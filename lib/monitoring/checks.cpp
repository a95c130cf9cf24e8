#include "monitoring/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "monitoring/fields.h"
#include "monitoring/program_checks.h"

namespace aegis::monitoring {
namespace {

constexpr const char* k_blackbox = "127.0.0.1:9115";

// Addresses of a host's both families would make a check depend on which of them works.
constexpr const char* k_protocol = "ip4";

Probe http_probe(const std::string& name, const Json& http) {
  Json settings{{"preferred_ip_protocol", k_protocol}};
  const std::size_t plain = settings.size();
  copy_field(http, "status", settings, "valid_status_codes");
  copy_field(http, "method", settings, "method");
  copy_field(http, "headers", settings, "headers");
  if (http.contains("body")) {
    settings["fail_if_body_not_matches_regexp"] = Json::array({http.at("body")});
  }
  if (get(http, "redirects") == false) settings["follow_redirects"] = false;
  const bool is_plain = settings.size() == plain;
  return {is_plain ? "http_2xx" : fmt::format("http_{}", name),
          {{"prober", "http"}, {"http", std::move(settings)}},
          text_or(http, "url")};
}

Probe tcp_probe(const Json& tcp) {
  const bool tls = get(tcp, "tls") == true;
  Json settings{{"preferred_ip_protocol", k_protocol}};
  if (tls) settings["tls"] = true;
  return {tls ? "tcp_tls" : "tcp_connect",
          {{"prober", "tcp"}, {"tcp", std::move(settings)}},
          text_or(tcp, "address")};
}

Probe redis_probe(const Json& redis) {
  const Json ping{{"send", "PING"}};
  const Json pong{{"expect", "^\\+PONG"}};
  return {
      "redis_ping",
      {{"prober", "tcp"},
       {"tcp",
        {{"preferred_ip_protocol", k_protocol}, {"query_response", Json::array({ping, pong})}}}},
      text_or(redis, "address")};
}

Probe icmp_probe(const Json& icmp) {
  return {"icmp",
          {{"prober", "icmp"}, {"icmp", {{"preferred_ip_protocol", k_protocol}}}},
          text_or(icmp, "host")};
}

Probe dns_probe(const std::string& name, const Json& dns) {
  Json settings{{"preferred_ip_protocol", k_protocol},
                {"query_name", text_or(dns, "name")},
                {"query_type", text_or(dns, "type", "A")}};
  if (dns.contains("answer")) {
    settings["validate_answer_rrs"]["fail_if_not_matches_regexp"] = Json::array({dns.at("answer")});
  }
  return {fmt::format("dns_{}", name),
          {{"prober", "dns"}, {"dns", std::move(settings)}},
          text_or(dns, "server")};
}

Probe plain_probe(const std::string& name, const Json& check) {
  const std::string type = type_of_check(check);
  const Json& settings = check.at(type);
  if (type == "http") return http_probe(name, settings);
  if (type == "tcp") return tcp_probe(settings);
  if (type == "redis") return redis_probe(settings);
  return type == "icmp" ? icmp_probe(settings) : dns_probe(name, settings);
}

Json target_group(const std::string& name, const Json& check) {
  const Probe probe = probe_of(name, check);
  Json labels{{"check", name}, {"type", type_of_check(check)}, {"__param_module", probe.module}};
  copy_field(check, "of", labels, "resource");
  copy_field(check, "interval", labels, "__scrape_interval__");
  const std::string timeout = timeout_of(check);
  if (timeout != k_usual_timeout) labels["__scrape_timeout__"] = timeout;
  return {{"targets", Json::array({probe.target})}, {"labels", std::move(labels)}};
}

}  // namespace

const char* type_of_check(const Json& check) {
  const char* found = nullptr;
  for (const char* type : k_check_types) {
    if (!check.contains(type)) continue;
    if (found != nullptr) return nullptr;
    found = type;
  }
  return found;
}

Probe probe_of(const std::string& name, const Json& check) {
  Probe probe = plain_probe(name, check);
  // Prometheus tells the exporter how long it waits; whoever else asks does not.
  const std::string timeout = timeout_of(check);
  probe.config["timeout"] = timeout;
  if (timeout != k_usual_timeout) probe.module = fmt::format("{}_{}", type_of_check(check), name);
  return probe;
}

std::string blackbox_address(const Json& alerts) {
  return text_or(get(alerts, "scrape"), "blackbox", k_blackbox);
}

bool has_probes(const Json& alerts) {
  const Json& checks = get(alerts, "checks");
  return !std::all_of(checks.begin(), checks.end(), is_program_check);
}

Json blackbox_config(const Json& alerts) {
  Json modules = Json::object();
  for (const auto& [name, check] : get(alerts, "checks").items()) {
    if (is_program_check(check)) continue;
    Probe probe = probe_of(name, check);
    modules[probe.module] = std::move(probe.config);
  }
  return {{"modules", std::move(modules)}};
}

Json checks_job(const Json& alerts) {
  Json groups = Json::array();
  for (const auto& [name, check] : get(alerts, "checks").items()) {
    if (!is_program_check(check)) groups.push_back(target_group(name, check));
  }
  const Json address_to_target{{"source_labels", {"__address__"}},
                               {"target_label", "__param_target"}};
  const Json target_to_instance{{"source_labels", {"__param_target"}},
                                {"target_label", "instance"}};
  const Json exporter{{"replacement", blackbox_address(alerts)}, {"target_label", "__address__"}};
  return {{"job_name", "checks"},
          {"metrics_path", "/probe"},
          {"relabel_configs", {address_to_target, target_to_instance, exporter}},
          {"static_configs", std::move(groups)}};
}

}  // namespace aegis::monitoring
