#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "effects/http.h"

namespace aegis::test {

/// One of Proxmox's files of objects, in memory: "/things" lists them, "/things/NAME" is one. Keys
/// are kept as they are sent; a parameter that is sent more than once becomes a list. Thread-safe.
class ObjectFile : public HttpTransport {
 public:
  /// `repeated`: keys that are lists in answers even when they were sent once.
  explicit ObjectFile(std::vector<std::string> repeated = {}) : repeated_(std::move(repeated)) {}

  Result<HttpResponse> send(const HttpRequest& request) override;
  std::vector<Result<HttpResponse>> send_all(std::span<const HttpRequest> requests) override;

  /// The object as it is kept, null when there is none.
  Json& operator[](const std::string& name) { return objects_[name]; }
  [[nodiscard]] bool has(const std::string& name) const { return objects_.contains(name); }
  void erase(const std::string& name) { objects_.erase(name); }

  /// Keys that are never answered.
  std::vector<std::string> hidden;
  /// Called before a write is done; what it returns is answered instead.
  std::function<std::optional<Result<HttpResponse>>(const HttpRequest&)> before_write;
  /// The next write is done and its answer lost.
  bool loses_answer = false;
  /// The cluster's, answered by /nodes.
  Json nodes = Json::array({{{"node", "fsn1"}}});

  /// What the caller may do; answered by /access/permissions.
  Json permissions = {{"/", {{"Things.Audit", 1}}}};

  /// "POST /things name=a&size=1" of every write.
  [[nodiscard]] std::vector<std::string> writes() const { return writes_; }
  [[nodiscard]] std::vector<std::string> reads() const { return reads_; }

 private:
  HttpResponse answer(const HttpRequest& request);
  HttpResponse read(const std::string& name);
  HttpResponse write(const std::string& method, const std::string& name, const Json& form);
  HttpResponse change(const std::string& name, Json form);
  [[nodiscard]] Json shown(const std::string& name) const;
  [[nodiscard]] Json form_of(const std::string& body) const;

  std::vector<std::string> repeated_;
  std::map<std::string, Json> objects_;
  std::vector<std::string> writes_;
  std::vector<std::string> reads_;
  int version_ = 0;
  std::mutex mutex_;
};

}  // namespace aegis::test
