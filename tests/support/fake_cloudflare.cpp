#include "support/fake_cloudflare.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/text.h"

namespace aegis::test {
namespace {

/// What is refused, in Cloudflare's form.
struct Refusal {
  int status;
  int code;
  std::string message;
};

HttpResponse reply(int status, const Json& body) {
  return {status, "", {{"content-type", "application/json"}}, body.dump()};
}

HttpResponse reply(const Refusal& refusal) {
  return reply(refusal.status,
               {{"success", false},
                {"errors", Json::array({{{"code", refusal.code}, {"message", refusal.message}}})},
                {"messages", Json::array()},
                {"result", nullptr}});
}

Json success(Json result) {
  return {{"success", true},
          {"errors", Json::array()},
          {"messages", Json::array()},
          {"result", std::move(result)}};
}

std::map<std::string, std::string> query_of(const std::string& path) {
  std::map<std::string, std::string> query;
  const std::size_t mark = path.find('?');
  if (mark == std::string::npos) return query;
  for (const std::string& pair : split(path.substr(mark + 1), '&')) {
    const std::size_t equals = pair.find('=');
    query[pair.substr(0, equals)] = percent_decode(pair.substr(equals + 1));
  }
  return query;
}

std::size_t number_in(const std::map<std::string, std::string>& query,
                      const char* name,
                      std::size_t usual) {
  const auto found = query.find(name);
  return found == query.end() ? usual : std::stoul(found->second);
}

void check_content(const std::string& type, const std::string& content) {
  in6_addr address{};
  if (type == "A" && inet_pton(AF_INET, content.c_str(), &address) != 1)
    throw Refusal{400, 9005, "Content for A record must be a valid IPv4 address."};
  if (type == "AAAA" && inet_pton(AF_INET6, content.c_str(), &address) != 1)
    throw Refusal{400, 9006, "Content for AAAA record must be a valid IPv6 address."};
}

// Cloudflare shows the data of a record as its content too.
std::string content_of(const Json& record) {
  const Json& data = get(record, "data");
  const std::string type = text_or(record, "type");
  if (type == "SRV") {
    return fmt::format("{} {} {}",
                       as_text(get(data, "weight")),
                       as_text(get(data, "port")),
                       text_or(data, "target"));
  }
  if (type == "CAA") {
    return fmt::format(
        "{} {} \"{}\"", as_text(get(data, "flags")), text_or(data, "tag"), text_or(data, "value"));
  }
  return text_or(record, "content");
}

void check_record(const Json& record) {
  const std::int64_t ttl = as_integer(get(record, "ttl")).value_or(1);
  if (ttl != 1 && (ttl < 60 || ttl > 86400))
    throw Refusal{
        400, 9021, "Invalid TTL. Must be between 60 and 86,400 seconds, or 1 for Automatic."};
  const std::string type = text_or(record, "type");
  const bool proxiable = type == "A" || type == "AAAA" || type == "CNAME";
  if (get(record, "proxied") == true && !proxiable)
    throw Refusal{400, 9004, "This record type cannot be proxied."};
  if (text_or(record, "comment").size() > 100)
    throw Refusal{400, 9300, "DNS record comment is too long."};
  check_content(type, text_or(record, "content"));
}

bool same(const Json& a, const Json& b) {
  return a["name"] == b["name"] && a["type"] == b["type"] && content_of(a) == content_of(b) &&
         get(a, "priority") == get(b, "priority");
}

// Looks at all of it: in a batch only the end has to be right.
void check_zone(const std::map<std::string, Json>& records) {
  for (auto one = records.begin(); one != records.end(); ++one) {
    for (auto other = std::next(one); other != records.end(); ++other) {
      if (one->second["name"] != other->second["name"]) continue;
      if (same(one->second, other->second))
        throw Refusal{400, 81058, "An identical record already exists."};
      if (one->second["type"] == "CNAME" || other->second["type"] == "CNAME")
        throw Refusal{400, 81054, "A CNAME record with that host already exists."};
    }
  }
}

}  // namespace

void FakeCloudflare::add_zone(const std::string& name) {
  const std::lock_guard guard(mutex_);
  const std::string id = fmt::format("{:032x}", zones_.size() + 1);
  zones_[name] = id;
  records_[id];
}

void FakeCloudflare::add_record(const std::string& zone, const Json& record) {
  const std::lock_guard guard(mutex_);
  try {
    Records& records = records_.at(zones_.at(zone));
    make(records, zone, record);
    check_zone(records);
  } catch (const Refusal& refusal) {
    throw std::runtime_error(refusal.message);
  }
}

void FakeCloudflare::refuse_next(int count, int retry_after_seconds) {
  const std::lock_guard guard(mutex_);
  refusals_ = count;
  retry_after_ = retry_after_seconds;
}

Json FakeCloudflare::make(Records& records, const std::string& zone, const Json& record) {
  Json made = {{"ttl", 1}, {"proxied", false}, {"comment", nullptr}, {"tags", Json::array()}};
  made.update(record);
  made["name"] = to_lower(text_or(record, "name"));
  made["content"] = content_of(made);
  made["zone_name"] = zone;
  if (made["proxied"] == true) made["ttl"] = 1;
  check_record(made);
  made["id"] = fmt::format("{:032x}", 4096 + ++made_);
  records[made["id"].get<std::string>()] = made;
  return made;
}

HttpResponse FakeCloudflare::list_zones(const std::map<std::string, std::string>& query) const {
  Json zones = Json::array();
  for (const auto& [name, id] : zones_) {
    const auto wanted = query.find("name");
    if (wanted == query.end() || wanted->second == name) {
      zones.push_back({{"id", id}, {"name", name}, {"status", "active"}});
    }
  }
  return reply(200, success(std::move(zones)));
}

HttpResponse FakeCloudflare::list_records(const std::string& zone,
                                          const std::map<std::string, std::string>& query) const {
  std::vector<Json> found;
  for (const auto& [id, record] : records_.at(zone)) {
    const auto wanted = query.find("name");
    if (wanted == query.end() || wanted->second == record["name"]) found.push_back(record);
  }
  const std::size_t size = std::min(number_in(query, "per_page", 100), longest_page_);
  const std::size_t page = number_in(query, "page", 1);
  Json result = Json::array();
  for (std::size_t i = (page - 1) * size; i < std::min(found.size(), page * size); ++i) {
    result.push_back(found[i]);
  }
  Json body = success(result);
  body["result_info"] = {{"page", page},
                         {"per_page", size},
                         {"count", result.size()},
                         {"total_count", found.size()},
                         {"total_pages", (found.size() + size - 1) / size}};
  return reply(200, body);
}

HttpResponse FakeCloudflare::batch(const std::string& zone, const Json& body) {
  Records records = records_.at(zone);
  Json result = Json::object();
  const auto gone = Refusal{404, 81044, "Record does not exist."};
  for (const Json& each : get(body, "deletes")) {
    if (records.erase(text_or(each, "id")) == 0) throw gone;
    result["deletes"].push_back(each);
  }
  for (const Json& each : get(body, "patches")) {
    const auto found = records.find(text_or(each, "id"));
    if (found == records.end()) throw gone;
    found->second.update(each);
    found->second["content"] = content_of(found->second);
    if (found->second["proxied"] == true) found->second["ttl"] = 1;
    check_record(found->second);
    result["patches"].push_back(found->second);
  }
  std::string name;
  for (const auto& [known, id] : zones_) {
    if (id == zone) name = known;
  }
  for (const Json& each : get(body, "posts")) result["posts"].push_back(make(records, name, each));
  check_zone(records);
  records_[zone] = std::move(records);
  return reply(200, success(std::move(result)));
}

HttpResponse FakeCloudflare::answer(const HttpRequest& request) {
  const std::string path = request.path.substr(0, request.path.find('?'));
  const auto query = query_of(request.path);
  if (request.method == "GET" && path == "/zones") return list_zones(query);
  const auto pieces = split(path, '/');
  const bool is_zone = pieces.size() >= 4 && pieces[1] == "zones" && records_.contains(pieces[2]) &&
                       pieces[3] == "dns_records";
  if (!is_zone)
    throw Refusal{
        404, 7003, "Could not route to " + path + ", perhaps your object identifier is invalid?"};
  if (request.method == "GET" && pieces.size() == 4) return list_records(pieces[2], query);
  if (request.method == "POST" && pieces.size() == 5 && pieces[4] == "batch") {
    return batch(pieces[2], parse_json(request.body).value());
  }
  throw Refusal{405, 10405, "Method not allowed for this authentication scheme"};
}

Result<HttpResponse> FakeCloudflare::send(const HttpRequest& request) {
  const std::lock_guard guard(mutex_);
  if (refusals_ > 0) {
    --refusals_;
    HttpResponse refused =
        reply(Refusal{429, 971, "Please wait and consider throttling your request speed"});
    refused.headers.emplace_back("retry-after", std::to_string(retry_after_));
    return refused;
  }
  const std::pair<std::string, std::string> login{"Authorization", "Bearer " + token_};
  if (std::find(request.headers.begin(), request.headers.end(), login) == request.headers.end()) {
    return reply(Refusal{403, 9109, "Invalid access token"});
  }
  if (request.method != "GET") writes_.push_back(request.method + " " + request.path);
  try {
    return answer(request);
  } catch (const Refusal& refusal) {
    return reply(refusal);
  }
}

std::vector<Result<HttpResponse>> FakeCloudflare::send_all(std::span<const HttpRequest> requests) {
  std::vector<Result<HttpResponse>> responses;
  for (const HttpRequest& request : requests) responses.push_back(send(request));
  return responses;
}

Json FakeCloudflare::essence() const {
  const std::lock_guard guard(mutex_);
  std::multiset<Json> all;
  for (const auto& [zone, records] : records_) {
    for (const auto& [id, record] : records) {
      Json plain = record;
      plain.erase("id");
      all.insert(std::move(plain));
    }
  }
  return Json(all);
}

Json FakeCloudflare::records_of(const std::string& name) const {
  const std::lock_guard guard(mutex_);
  Json found = Json::array();
  for (const auto& [zone, records] : records_) {
    for (const auto& [id, record] : records) {
      if (record["name"] == name) found.push_back(record);
    }
  }
  return found;
}

std::vector<std::string> FakeCloudflare::writes() const {
  const std::lock_guard guard(mutex_);
  return writes_;
}

}  // namespace aegis::test
