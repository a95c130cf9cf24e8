#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "plan/make_plan.h"
#include "plan/order.h"
#include "plan/rule_table.h"
#include "plan/selection.h"

namespace aegis {

/// A change with what is needed to order its steps.
struct Draft {
  Change change;
  const Kind* kind = nullptr;
  std::size_t kind_rank = 0;  ///< place in the table of kinds: later ones stand on earlier ones
  std::string_view scope;
  std::optional<std::size_t> position;  ///< in the Order; nothing for an orphan
  std::vector<Step> steps;              ///< numbered from 1, as lowered; none when blocked
};

/// Decides resource by resource what is to be changed, and lowers each change on its own.
class Drafter {
 public:
  /// Keeps references to everything given; `notes` receives problems and the observations' notes.
  Drafter(const Desired& desired,
          const World& world,
          std::span<const Kind> kinds,
          const PlanOptions& options,
          const Order& order,
          const Selection& selection,
          Diagnostics& notes);

  /// What is made or changed first, dependencies first; then what is removed, dependents first,
  /// orphans of late kinds before those of early ones.
  std::vector<Draft> draft_all();

 private:
  struct KindEntry {
    const Kind* kind;
    std::size_t rank;
    RuleTable rules;
  };

  /// A change that is made, for those of its kind that may have to follow it.
  struct Made {
    Change change;
    Json wanted;
    const Observation* live;
  };

  /// What became of a declared resource, for those that depend on it.
  struct Fate {
    bool replaced = false;             ///< its object will be another one
    bool gone = false;                 ///< it goes with something it lives in, and is made again
    bool taken = false;                ///< it alone goes with something it uses, and is made again
    bool stays_absent = false;         ///< it does not exist, and will not be made
    bool removal_blocked = false;      ///< it was to be removed, and stays
    std::optional<Window> window;      ///< it, or what it needs, is only changed while this is open
    const Resource* waiter = nullptr;  ///< whose window it is, of what it needs
    std::optional<Made> made;          ///< only of kinds that follow their needs
  };

  std::optional<Draft> draft_declared(std::size_t position);
  std::optional<Draft> draft_destroyed(std::size_t position);
  std::optional<Draft> draft_orphan(const Observation& live);

  std::optional<Draft> begin(const Address& address, const std::string& scope_name);
  void compare(Draft& draft, const Json& wanted, const Observation& live, bool gone);
  void follow_needs(Draft& draft, const Observation& live);
  void settle(Draft& draft, const Json& wanted, const Observation& live);
  void settle_replacement(Draft& draft, const Json& wanted, const Observation& live);
  void lower(Draft& draft, const Json& wanted, const Observation& live);

  /// Sets gone and taken, and the cause.
  void go_with_a_need(std::size_t position, std::string& cause);
  [[nodiscard]] std::string left_out_objection(const Draft& draft) const;
  [[nodiscard]] std::string dependency_objection(std::size_t position) const;
  /// Takes over the window of what it needs, a closed one before an open one.
  void inherit_window(std::size_t position);
  void wait_for_window(Draft& draft);
  [[nodiscard]] bool is_closed(const Window& window) const;
  [[nodiscard]] const Observation* live_of(const Address& address) const;
  const Observation& absent(const Resource& resource);
  void take_notes(const Observation& live);
  void complain(std::string summary, std::string detail);

  const Desired& desired_;
  const World& world_;
  const PlanOptions& options_;
  const Order& order_;
  const Selection& selection_;
  Diagnostics& notes_;
  std::map<std::string_view, KindEntry, std::less<>> kinds_;
  std::vector<Fate> fates_;
  std::deque<Observation> absent_;  ///< stand-ins for what was not there
};

}  // namespace aegis
