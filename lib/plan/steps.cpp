#include "plan/steps.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

#include "plan/once.h"
#include "plan/preparation.h"

namespace aegis {
namespace {

using Indices = std::vector<std::size_t>;

void append(Indices& to, const Indices& from) {
  to.insert(to.end(), from.begin(), from.end());
}

void make_unique(Indices& indices) {
  std::sort(indices.begin(), indices.end());
  indices.erase(std::unique(indices.begin(), indices.end()), indices.end());
}

// A draft's steps by the part they play for others. Indices are those of all steps together.
struct Ends {
  Indices preparing;  ///< those that prepare and wait for nothing of their own
  Indices first;      ///< the others that wait for nothing but preparing ones
  Indices last;       ///< those that nothing of their own waits for
};

class Tie {
 public:
  Tie(std::vector<Draft>& drafts, const Order& order)
      : drafts_(drafts), order_(order), draft_at_(order.resources.size()) {
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      take_steps(i);
      if (drafts_[i].position) draft_at_[*drafts_[i].position] = i;
    }
  }

  std::vector<Step> tied() {
    if (steps_.empty()) return {};
    tie_dependencies();
    tie_removals();
    tie_orphans();
    for (Indices& before : after_) make_unique(before);
    merge_once(steps_, after_);
    put_preparation_first(steps_, after_);
    return numbered();
  }

 private:
  void take_steps(std::size_t draft_index) {
    Draft& draft = drafts_[draft_index];
    const std::size_t offset = steps_.size();
    const auto count = static_cast<StepId>(draft.steps.size());
    std::vector<bool> waited_for(draft.steps.size());
    Ends& ends = ends_.emplace_back();
    std::map<StepId, std::size_t> local;
    for (std::size_t i = 0; i < draft.steps.size(); ++i) local[draft.steps[i].id] = i;
    for (Step& step : draft.steps) {
      Indices before;
      for (const StepId id : step.after) {
        const auto found = local.find(id);
        if (found == local.end() || static_cast<StepId>(local.size()) != count) {
          throw std::logic_error(fmt::format("{} lowered to steps with unknown or repeated ids",
                                             to_string(draft.change.address)));
        }
        waited_for[found->second] = true;
        before.push_back(offset + found->second);
      }
      step.address = draft.change.address;
      steps_.push_back(std::move(step));
      after_.push_back(std::move(before));
    }
    for (std::size_t i = 0; i < waited_for.size(); ++i) sort_end(ends, offset, i, waited_for[i]);
    draft.steps.clear();
  }

  void sort_end(Ends& ends, std::size_t offset, std::size_t local, bool waited_for) {
    const std::size_t index = offset + local;
    const auto prepares = [&](std::size_t i) { return steps_[i].prepares; };
    const Indices& before = after_[index];
    if (prepares(index)) {
      if (before.empty()) ends.preparing.push_back(index);
    } else if (std::all_of(before.begin(), before.end(), prepares)) {
      ends.first.push_back(index);
    }
    if (!waited_for) ends.last.push_back(index);
  }

  [[nodiscard]] bool removes(std::size_t draft) const {
    return drafts_[draft].change.action == Action::remove;
  }

  [[nodiscard]] const Indices& last(std::size_t draft) const { return ends_[draft].last; }

  void put_after(const Indices& steps, const Indices& before) {
    for (const std::size_t step : steps) append(after_[step], before);
  }

  // For what is made or changed. `done[i]`: the steps after which the resource at i and all that it
  // stands on are as wanted. `usable[i]`: the steps after which preparing for it may begin.
  void tie_dependencies() {
    std::vector<Indices> done(draft_at_.size());
    std::vector<Indices> usable(draft_at_.size());
    for (std::size_t i = 0; i < draft_at_.size(); ++i) {
      Indices needs_done;
      for (const std::size_t need : order_.needs[i]) {
        append(needs_done, done[need]);
        append(usable[i], may_prepare_beside(i, need) ? usable[need] : done[need]);
        const std::string& scope = order_.resources[i]->scope;
        if (order_.resources[need]->scope != scope) append(ground_[scope], done[need]);
      }
      make_unique(needs_done);
      make_unique(usable[i]);
      const auto draft = draft_at_[i];
      if (draft && !removes(*draft) && !last(*draft).empty()) {
        put_after(ends_[*draft].first, needs_done);
        put_after(ends_[*draft].preparing, usable[i]);
        done[i] = last(*draft);
      } else {
        done[i] = std::move(needs_done);
      }
    }
  }

  // Pulling a service's image need not wait for its database to be recreated. It must wait for the
  // container that it runs in, and for anything that does not exist yet.
  [[nodiscard]] bool may_prepare_beside(std::size_t user, std::size_t need) const {
    if (order_.resources[user]->scope != order_.resources[need]->scope) return false;
    const auto draft = draft_at_[need];
    const bool same_kind =
        order_.resources[user]->address.kind == order_.resources[need]->address.kind;
    return same_kind || !draft || drafts_[*draft].change.action != Action::create;
  }

  void tie_removals() {
    std::vector<Indices> gone(draft_at_.size());
    for (std::size_t i = draft_at_.size(); i-- > 0;) {
      Indices users_gone;
      for (const std::size_t user : order_.needed_by[i]) append(users_gone, gone[user]);
      make_unique(users_gone);
      const auto draft = draft_at_[i];
      if (draft && removes(*draft) && !last(*draft).empty()) {
        put_after(ends_[*draft].first, users_gone);
        gone[i] = last(*draft);
      } else {
        gone[i] = std::move(users_gone);
      }
    }
  }

  void tie_orphans() {
    for (auto& [scope, steps] : ground_) make_unique(steps);
    std::map<std::string_view, std::vector<std::size_t>> by_scope;
    std::map<std::string_view, std::size_t> last_rank;
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      by_scope[drafts_[i].scope].push_back(i);
      auto& rank = last_rank[drafts_[i].scope];
      rank = std::max(rank, drafts_[i].kind_rank);
    }
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      if (drafts_[i].position || last(i).empty()) continue;
      put_after(ends_[i].first, ground_[drafts_[i].scope]);
      put_after(ends_[i].preparing, ground_[drafts_[i].scope]);
      const bool frees =
          drafts_[i].kind_rank == last_rank[drafts_[i].scope] && !drafts_[i].change.destroys_data;
      for (const std::size_t other : by_scope[drafts_[i].scope]) {
        if (drafts_[other].kind_rank > drafts_[i].kind_rank) {
          put_after(ends_[i].first, last(other));
        } else if (frees && !removes(other) && drafts_[other].kind == drafts_[i].kind) {
          put_after(ends_[other].first, last(i));
        }
      }
    }
  }

  std::vector<Step> numbered() {
    const Indices sorted = sorted_steps(after_);
    std::vector<StepId> id_of(sorted.size());
    for (std::size_t i = 0; i < sorted.size(); ++i) id_of[sorted[i]] = static_cast<StepId>(i) + 1;
    std::vector<Step> steps;
    steps.reserve(sorted.size());
    for (const std::size_t index : sorted) {
      Step& step = steps.emplace_back(std::move(steps_[index]));
      step.id = id_of[index];
      step.after.clear();
      for (const std::size_t before : after_[index]) step.after.push_back(id_of[before]);
      std::sort(step.after.begin(), step.after.end());
      step.after.erase(std::unique(step.after.begin(), step.after.end()), step.after.end());
    }
    return steps;
  }

  std::vector<Draft>& drafts_;
  const Order& order_;
  std::vector<std::optional<std::size_t>> draft_at_;  ///< by position
  std::vector<Step> steps_;
  std::vector<Indices> after_;
  std::vector<Ends> ends_;                      ///< by draft
  std::map<std::string_view, Indices> ground_;  ///< by scope: the steps it stands on
};

}  // namespace

std::vector<Step> tie_steps(std::vector<Draft>& drafts, const Order& order) {
  return Tie(drafts, order).tied();
}

}  // namespace aegis
