#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "relay/http_server.h"

namespace aegis::test {

/// A service on loopback that takes a message only when it is as the service documents it, and
/// answers as it does. Messages that it took are kept.
class ServiceDouble {
 public:
  using Judge = relay::Answer (*)(const relay::Call& call, const Json& body);

  explicit ServiceDouble(Judge judge);

  /// "http://127.0.0.1:PORT"
  [[nodiscard]] std::string url() const;

  /// From now on it answers so, whatever it is sent; status 200 lets it judge again.
  void answer_always(relay::Answer answer);

  /// The message number `index` that it took; fails the test when it does not come in time.
  Json taken(std::size_t index);

  [[nodiscard]] std::size_t count() const;

  /// How often it was asked, in vain or not.
  [[nodiscard]] std::size_t calls() const;

 private:
  relay::Answer handle(const relay::Call& call);

  Judge judge_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  relay::Answer always_;
  std::size_t calls_ = 0;
  std::vector<Json> taken_;
  std::unique_ptr<relay::HttpServer> server_;  ///< ends first
};

/// Discord's "Execute Webhook" at /api/webhooks/1/planted.
relay::Answer judge_discord(const relay::Call& call, const Json& body);

/// The Bot API's sendMessage of the bot 2:planted.
relay::Answer judge_telegram(const relay::Call& call, const Json& body);

/// The Cloud API's messages of the sender 1065, with the token "planted" and the approved template
/// "server_alert", whose body has two variables.
relay::Answer judge_whatsapp(const relay::Call& call, const Json& body);

}  // namespace aegis::test
