#include "simulator/recorded.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/text.h"

namespace aegis::test {
namespace {

Testbed::Form form_of(std::string_view text) {
  Testbed::Form form;
  while (!text.empty()) {
    const std::size_t end = text.find("  ");
    const std::string pair(text.substr(0, end));
    const std::size_t equals = pair.find('=');
    form.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    text = end == std::string_view::npos ? "" : text.substr(end + 2);
  }
  return form;
}

void check(Testbed& bed, const Exchange& exchange, const simulator::Response& response) {
  if (exchange.status >= 400) {
    const std::size_t bar = exchange.expected.find("| ");
    if (bar == std::string::npos) {
      CHECK(message_of(response) == exchange.expected);
      CHECK(response.reason == split(exchange.expected, '\n').front());
    } else {
      CHECK(response.reason == "Parameter verification failed.");
      CHECK(complaint_of(response, exchange.expected.substr(0, bar)) ==
            exchange.expected.substr(bar + 2));
    }
    return;
  }
  if (exchange.expected.starts_with("task ")) {
    CHECK(bed.exit_status(response) == exchange.expected.substr(5));
  } else if (!exchange.expected.empty()) {
    Json data = aegis::get(body_of(response), "data");
    if (data.is_object()) data.erase("digest");
    CHECK(data == *parse_json(exchange.expected));
  }
}

}  // namespace

void replay(Testbed& bed, const std::vector<Exchange>& exchanges) {
  for (const Exchange& exchange : exchanges) {
    const std::string path =
        exchange.path.starts_with("./") ? "/nodes/pve" + exchange.path.substr(1) : exchange.path;
    INFO(exchange.method << " " << path << " " << exchange.form);
    const simulator::Response response = bed.request(exchange.method, path, form_of(exchange.form));
    INFO(response.body);
    CHECK(response.status == exchange.status);
    check(bed, exchange, response);
  }
}

Json config_of(Testbed& bed, int vmid, bool current) {
  Testbed::Form query;
  if (current) query.emplace_back("current", "1");
  Json config = bed.data(fmt::format("/nodes/pve/lxc/{}/config", vmid), query);
  config.erase("digest");
  return config;
}

std::string config_value(Testbed& bed, int vmid, const std::string& key, bool current) {
  const Json config = config_of(bed, vmid, current);
  return config.contains(key) ? as_text(config[key]) : "-";
}

Json pending_of(Testbed& bed, int vmid, const std::string& key) {
  for (Json entry : bed.data(fmt::format("/nodes/pve/lxc/{}/pending", vmid))) {
    const bool waits = entry.contains("pending") || entry.contains("delete");
    if (text_or(entry, "key") != key || !waits) continue;
    entry.erase("key");
    return entry;
  }
  return nullptr;
}

}  // namespace aegis::test
