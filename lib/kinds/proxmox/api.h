#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "effects/effects.h"

namespace aegis::proxmox {

/// Parameters of a call, in the order in which they are sent.
using Form = std::vector<std::pair<std::string, std::string>>;

/// `form` as a query or a form body. Everything but RFC 3986's unreserved characters is encoded:
/// Proxmox splits bodies on ';' too and values on every '='.
std::string encode_form(const Form& form);

/// "/api2/json" + `path`.
std::string api_path(std::string_view path);

/// "/api2/json/nodes/NODE/storage/STORAGE" + `rest`.
std::string storage_path(std::string_view node,
                         std::string_view storage,
                         std::string_view rest = {});

/// What Proxmox meant by an answer that is no success: its own words, of the body or else of the
/// status line, those about single parameters included, and the fitting code. 596 and its like are
/// `outcome_unknown`: the host may still be working on it.
Error error_of(int status, std::string_view reason, const Json& body, std::string_view text = {});

/// "backup" when `error` says that the guest is locked for that; empty for anything else.
std::string lock_in(const Error& error);

/// True when the same request may succeed a little later: a locked guest, a busy lock file.
bool is_busy(const Error& error);

/// True when an operation that looks before it acts may be begun again after `error`: the host was
/// busy, or the answer was lost and what was asked for may be done.
bool may_begin_again(const Error& error);

/// True when `error` says that there is no such guest.
bool is_missing_guest(const Error& error);

/// The API of one server, as the steps see it. Refers to the doors: must not outlive them.
class ApiClient {
 public:
  ApiClient(Effects& effects, std::string endpoint)
      : effects_(effects), endpoint_(std::move(endpoint)) {}

  /// `data` of the answer to a GET; paths are complete (api_path).
  [[nodiscard]] Result<Json> get(const std::string& path) const;

  /// The whole answer to a GET: `data` and what Proxmox puts beside it.
  [[nodiscard]] Result<Json> get_whole(const std::string& path) const;

  /// `data` of the answer. With `as_root` the call is made with root@pam's ticket.
  [[nodiscard]] Result<Json> post(const std::string& path,
                                  const Form& form,
                                  bool as_root = false) const;
  [[nodiscard]] Result<Json> put(const std::string& path,
                                 const Form& form,
                                 bool as_root = false) const;

  /// DELETE; the parameters go into the query, because Proxmox refuses a body here.
  [[nodiscard]] Result<Json> remove(const std::string& path, const Form& query) const;

  /// `data` of the answer to any request; its endpoint is filled in, and its timeout unless it has
  /// a source.
  [[nodiscard]] Result<Json> send(HttpRequest request) const { return call(std::move(request)); }

  [[nodiscard]] Effects& effects() const { return effects_; }

 private:
  [[nodiscard]] Result<Json> call(HttpRequest request) const;
  [[nodiscard]] Result<Json> call_whole(HttpRequest request) const;
  [[nodiscard]] Result<Json> write(std::string_view method,
                                   const std::string& path,
                                   const Form& form,
                                   bool as_root) const;

  Effects& effects_;
  std::string endpoint_;
};

}  // namespace aegis::proxmox
