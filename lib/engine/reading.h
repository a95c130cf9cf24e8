#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "effects/http.h"
#include "effects/shell.h"
#include "kinds/kind.h"
#include "model/desired.h"

namespace aegis {

/// A scope that could not be read, and why.
struct Unreadable {
  std::string scope;
  Error error;
};

/// Adds a failure, with the scope in its words. What several kinds report alike is kept once, and
/// that there is no way into a scope is told by the first that met it.
void add_failure(std::vector<Unreadable>& failures, const std::string& scope, const Error& error);

/// The batch of one kind in one scope.
struct Reading {
  const Kind* kind;
  Batch batch;
  bool endless = false;  ///< it still asked for more when the waves were used up
};

/// One reading for every kind in every scope that it is for, with what is declared of it there; it
/// may be nothing. Resources that no kind reads are in none. Refers to both arguments.
std::vector<Reading> make_readings(const Desired& desired, std::span<const Kind* const> kinds);

/// That reading did not come to an end.
Error endless_error(const Reading& reading);

/// The questions of a kind, wave by wave: &Kind::queries, or &Kind::survey.
using Questions = std::vector<Query> (*Kind::*)(const Batch& batch, const Replies& replies);

/// How much was asked.
struct Asked {
  int waves = 0;            ///< network round trips one after the other
  std::size_t queries = 0;  ///< requests in all
};

/// What is wanted next, given the replies so far. Repeating a query is free.
using NextQueries = std::function<std::vector<Query>(const Replies& replies)>;

/// Asks wave by wave, for as long as `next` wants to know something new and there were not too many
/// waves, and adds the answers to `replies`, as below.
Asked ask_all(const NextQueries& next,
              HttpTransport& http,
              RemoteShell& shell,
              const Vault& vault,
              Replies& replies);

/// Asks wave by wave until no reading wants to know more, and `besides`, if there is such, neither,
/// and adds the answers to `replies`: all queries of a wave are de-duplicated and sent at once.
/// Sends nothing but GET requests and read-only fact scripts, whatever a kind may ask for.
Asked ask_all(std::vector<Reading>& readings,
              Questions questions,
              const NextQueries& besides,
              HttpTransport& http,
              RemoteShell& shell,
              const Vault& vault,
              Replies& replies);

}  // namespace aegis
