#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "effects/http.h"

namespace aegis::test {

/// Cloudflare's API for DNS records in memory, as its public documentation describes it: zones that
/// a token sees, lists in pages, the batch that is done as a whole or not at all, and its errors.
/// Thread-safe.
class FakeCloudflare : public HttpTransport {
 public:
  explicit FakeCloudflare(std::string token = "hunter2-cf") : token_(std::move(token)) {}

  /// A zone that the token sees.
  void add_zone(const std::string& name);

  /// A record that somebody made. Throws std::runtime_error when Cloudflare would refuse it.
  void add_record(const std::string& zone, const Json& record);

  /// The next `count` calls are too many: 429, with this Retry-After.
  void refuse_next(int count, int retry_after_seconds);

  /// At most so many records a page, whatever is asked for.
  void limit_pages(std::size_t records) { longest_page_ = records; }

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// All records without their ids, sorted.
  [[nodiscard]] Json essence() const;

  /// The records of a name, with their ids.
  [[nodiscard]] Json records_of(const std::string& name) const;

  /// The methods and paths of all writes.
  [[nodiscard]] std::vector<std::string> writes() const;

 private:
  using Records = std::map<std::string, Json>;  ///< by id

  HttpResponse answer(const HttpRequest& request);
  [[nodiscard]] HttpResponse list_zones(const std::map<std::string, std::string>& query) const;
  [[nodiscard]] HttpResponse list_records(const std::string& zone,
                                          const std::map<std::string, std::string>& query) const;
  HttpResponse batch(const std::string& zone, const Json& body);
  Json make(Records& records, const std::string& zone, const Json& record);

  std::string token_;
  std::size_t longest_page_ = 1000;
  mutable std::mutex mutex_;
  std::map<std::string, std::string> zones_;  ///< ids by name
  std::map<std::string, Records> records_;    ///< by the zone's id
  std::vector<std::string> writes_;
  int made_ = 0;
  int refusals_ = 0;
  int retry_after_ = 0;
};

}  // namespace aegis::test
