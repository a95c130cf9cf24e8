#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/vault.h"
#include "effects/clock.h"
#include "effects/http.h"
#include "effects/secret_sink.h"
#include "effects/shell.h"
#include "kinds/kind.h"
#include "model/desired.h"
#include "plan/make_plan.h"

namespace aegis::laws {

/// A world that plans are applied to: its doors, and what is there in the end.
class LawWorld {
 public:
  virtual ~LawWorld() = default;
  virtual HttpTransport& http() = 0;
  virtual RemoteShell& shell() = 0;
  virtual Clock& clock() = 0;
  /// Where new secrets are kept; null where none are made.
  virtual SecretSink* secrets() { return nullptr; }

  /// All that is there (left-overs included), without what may differ between two equal makings:
  /// generated ids, times, MAC addresses.
  virtual Json essence() = 0;
};

/// What is wanted; called anew for every run, as a new process would read it.
using Wanted = std::function<Desired(Vault& vault)>;

/// A story that the laws must hold for.
struct LawCase {
  /// All but the last are applied in order to make the starting point; the last is what the laws
  /// are tried on. So two stages are an update, or a removal.
  std::vector<Wanted> stages;
  std::span<const Kind> kinds;
  std::function<std::unique_ptr<LawWorld>()> make_world;
  PlanOptions options;
};

/// The ways in which a run is broken at its k-th write (any request but GET, any
/// command that does not only read).
enum class Break {
  refuse,          ///< this write is not done: the connection could not be made
  lose_answer,     ///< this write is done, its answer is lost
  hang_up_before,  ///< neither this write nor anything after it reaches the world
  hang_up_after,   ///< this write is done, and nothing reaches the world any more
  stop,            ///< the user asks to stop while this write is under way
};
std::string_view to_string(Break how);

/// Law 1 and 3: applies the case; plans again and finds nothing; the same values give the same
/// plan. What was violated, in words; empty when the laws hold.
std::vector<std::string> violations_of_rest(const LawCase& law_case);

/// Law 2: breaks the run at every write k in every way. The next run must reach the end that an
/// unbroken run reaches, with nothing besides, and leave nothing to do.
std::vector<std::string> violations_of_convergence(const LawCase& law_case);

}  // namespace aegis::laws
