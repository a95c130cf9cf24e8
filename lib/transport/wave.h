#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "effects/http.h"
#include "transport/curl_handles.h"
#include "transport/http_endpoint.h"

namespace aegis::transport {

/// Many reads at once from one thread, over few kept-alive connections an endpoint. The connections
/// outlive a call, so that the next wave finds them open. Not thread-safe.
class Wave {
 public:
  Wave();
  ~Wave();

  /// One read, and where its result goes.
  struct Job {
    const HttpRequest* request = nullptr;
    HttpEndpoint* endpoint = nullptr;
    std::optional<Result<HttpResponse>>* result = nullptr;
  };

  /// Sends all of them; every result is set when it returns. A read whose answer is lost, or whose
  /// ticket has expired, is sent once more.
  void run(std::span<const Job> jobs);

 private:
  struct Lane;
  struct Flight;

  void launch(Lane& lane);
  std::optional<Error> begin(Lane& lane, std::unique_ptr<Flight> flight);
  void collect();
  void land(Flight& flight, CURLcode code);

  MultiHandle multi_;
  std::map<HttpEndpoint*, std::vector<EasyHandle>> idle_;
  std::map<CURL*, std::unique_ptr<Flight>> flights_;
};

}  // namespace aegis::transport
