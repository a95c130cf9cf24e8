#include "transport/wave.h"

#include <deque>

#include "transport/exchange.h"

namespace aegis::transport {
namespace {

constexpr int k_poll_milliseconds = 1000;
constexpr int k_attempts = 2;
constexpr long k_kept_connections = 256;

struct Waiting {
  Wave::Job job;
  int attempt = 1;
  bool fresh_connection = false;
};

}  // namespace

/// The reads of one endpoint.
struct Wave::Lane {
  std::deque<Waiting> waiting;
  int active = 0;
  int width = 1;
};

struct Wave::Flight {
  Waiting what;
  Lane& lane;
  EasyHandle handle;
  Credential credential;
  std::chrono::steady_clock::time_point begin;
  std::unique_ptr<Exchange> exchange;  // ends before the handle does
};

// The library's own bound shrinks with the transfers under way, and a wave's end would close most.
Wave::Wave() : multi_(curl_multi_init()) {
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, k_kept_connections);
}

Wave::~Wave() = default;

void Wave::run(std::span<const Job> jobs) {
  std::map<HttpEndpoint*, Lane> lanes;
  for (const Job& job : jobs) lanes[job.endpoint].waiting.push_back({job});
  for (auto& [endpoint, lane] : lanes) {
    const Result<const Route*> route = endpoint->route();
    if (route) {
      lane.width = (*route)->connections;
      continue;
    }
    for (const Waiting& waiting : lane.waiting) *waiting.job.result = route.error();
    lane.waiting.clear();
  }
  while (true) {
    for (auto& [endpoint, lane] : lanes) launch(lane);
    if (flights_.empty()) return;
    int running = 0;
    curl_multi_perform(multi_.get(), &running);
    const bool all_running = running == static_cast<int>(flights_.size());
    if (all_running) curl_multi_poll(multi_.get(), nullptr, 0, k_poll_milliseconds, nullptr);
    collect();
  }
}

// Only as many handles as connections: the library looks at every one it has each time.
void Wave::launch(Lane& lane) {
  while (lane.active < lane.width && !lane.waiting.empty()) {
    const Waiting next = lane.waiting.front();
    lane.waiting.pop_front();
    std::vector<EasyHandle>& idle = idle_[next.job.endpoint];
    if (idle.empty()) idle.push_back(next.job.endpoint->make_handle());
    auto flight = std::make_unique<Flight>(
        Flight{next, lane, std::move(idle.back()), {}, std::chrono::steady_clock::now(), nullptr});
    idle.pop_back();
    const std::optional<Error> error = begin(lane, std::move(flight));
    if (error) *next.job.result = *error;
  }
}

std::optional<Error> Wave::begin(Lane& lane, std::unique_ptr<Flight> flight) {
  CURL* easy = flight->handle.get();
  if (easy == nullptr) return Error{ErrorCode::io, "no memory for a connection"};
  const Job& job = flight->what.job;
  Result<Credential> credential = job.endpoint->credential(*job.request);
  if (!credential) return credential.error();
  flight->credential = std::move(*credential);
  flight->exchange = std::make_unique<Exchange>(easy, *job.request, **job.endpoint->route());
  const Result<Done> ready =
      flight->exchange->prepare(flight->credential.headers, flight->what.fresh_connection);
  if (!ready) return ready.error();
  if (curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) {
    return Error{ErrorCode::io, "no memory for a connection"};
  }
  ++lane.active;
  flights_[easy] = std::move(flight);
  return std::nullopt;
}

void Wave::collect() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    curl_multi_remove_handle(multi_.get(), easy);
    const auto flight = flights_.extract(easy);
    land(*flight.mapped(), code);
  }
}

void Wave::land(Flight& flight, CURLcode code) {
  Waiting what = flight.what;
  HttpEndpoint& endpoint = *what.job.endpoint;
  Result<HttpResponse> response = flight.exchange->finish(code);
  flight.exchange.reset();
  idle_[&endpoint].push_back(std::move(flight.handle));
  --flight.lane.active;
  const bool is_lost = !response && response.error().code == ErrorCode::outcome_unknown;
  const bool is_first = what.attempt < k_attempts;
  if (is_first && endpoint.should_log_in_again(response, flight.credential)) {
    flight.lane.waiting.push_front({what.job, what.attempt + 1, false});
  } else if (is_first && is_lost && !what.job.request->on_body) {
    flight.lane.waiting.push_front({what.job, what.attempt + 1, true});
  } else {
    endpoint.note(*what.job.request, response, flight.begin);
    *what.job.result = std::move(response);
  }
}

}  // namespace aegis::transport
