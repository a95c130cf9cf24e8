#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "effects/http.h"
#include "relay/disk_queue.h"
#include "relay/service.h"

namespace aegis::relay {

/// Is told a line on what happened, from any thread; never a secret.
using Log = std::function<void(std::string_view)>;

/// How long to wait after failures: `first`, doubled at each, `longest` at most.
struct Patience {
  std::chrono::milliseconds first{1'000};
  std::chrono::milliseconds longest{300'000};
};

/// The wait after the failure number `failures` (from 1) that `verdict` tells of: what the service
/// asks for when that is longer; the longest for what somebody has to mend.
std::chrono::milliseconds pause_after(int failures,
                                      const Verdict& verdict,
                                      const Patience& patience);

/// Brings the messages of one destination there, one after the other in their order, in a thread of
/// its own: what is slow or fails here holds up nothing else. A message leaves its queue only after
/// the service took it, or refused it for good; a relay that is killed in between sends it again.
class Courier {
 public:
  /// `endpoint` is what `http` calls the destination's site. Begins at once with what the queue
  /// holds.
  Courier(Destination destination,
          const Service& service,
          std::string endpoint,
          std::unique_ptr<DiskQueue> queue,
          HttpTransport& http,
          Log log,
          Patience patience);

  /// Ends after the exchange that runs.
  ~Courier();

  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Takes a message over: it is on disk when this returns. Fails as DiskQueue::put does.
  Result<Done> accept(const Notice& notice);

  struct Counts {
    std::size_t waiting = 0;
    std::chrono::seconds oldest{0};  ///< how long the first of them waits
    std::size_t sent = 0;            ///< since the start, like the next two
    std::size_t failed = 0;
    std::size_t refused = 0;
  };
  [[nodiscard]] Counts counts() const;

  [[nodiscard]] const Destination& destination() const { return destination_; }

 private:
  void run(const std::stop_token& stop);
  Verdict send(const Notice& notice);
  std::chrono::milliseconds settle(const Verdict& verdict);
  void rest(const std::stop_token& stop, std::chrono::milliseconds pause);

  const Destination destination_;
  const Service& service_;
  const std::string endpoint_;
  const std::unique_ptr<DiskQueue> queue_;
  HttpTransport& http_;
  const Log log_;
  const Patience patience_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Counts counts_;
  int failures_ = 0;  ///< in a row
  std::jthread thread_;
};

}  // namespace aegis::relay
