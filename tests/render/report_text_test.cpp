#include "render/report_text.h"

#include <catch2/catch.hpp>

#include "render/report_json.h"
#include "sample_plan.h"

namespace aegis {
namespace {

using std::chrono::milliseconds;

const Style k_plain{false, 100};

Report report_of(Outcome outcome, const std::vector<StepStatus>& statuses) {
  Report report;
  report.outcome = outcome;
  report.duration = milliseconds(62'000);
  StepId id = 0;
  for (const StepStatus status : statuses) {
    StepResult result;
    result.id = ++id;
    result.status = status;
    if (status == StepStatus::failed) {
      result.error =
          Error{ErrorCode::rejected, "container/aegis: 500 unable to read tail\n(got 0)"};
    }
    report.results.push_back(result);
  }
  return report;
}

constexpr auto k_done = StepStatus::done;
constexpr auto k_failed = StepStatus::failed;
constexpr auto k_skipped = StepStatus::skipped;

TEST_CASE("a success is short") {
  CHECK(render_report(report_of(Outcome::succeeded, {k_done, k_done, k_done, k_done, k_done}),
                      fake::sample_plan(),
                      k_plain) == "Done.\n5 of 5 steps done, in 1m2s.\n");
}

TEST_CASE(
    "a failure keeps the server's words, says what was skipped because of it and what to do") {
  const Report report =
      report_of(Outcome::partial, {k_done, k_failed, k_skipped, k_skipped, k_skipped});
  CHECK("\n" + render_report(report, fake::sample_plan(), k_plain) == R"(
failed       reboot container 103 (container/aegis)
    container/aegis: 500 unable to read tail
    (got 0)
skipped      create network (stack/core/network/front): needs reboot container 103 (container/aegis)
skipped      replace web (stack/core/service/web): needs reboot container 103 (container/aegis)
skipped      remove volume (stack/core/volume/cache): needs reboot container 103 (container/aegis)

Failed. The state is partial: what was done before stays.
1 of 5 steps done, 1 failed, 3 skipped, in 1m2s.
`aegisctl plan` shows what is left; `aegisctl apply` goes on from there.
)");
}

TEST_CASE("rolled back is not success, and what stays done is said") {
  const Report report = report_of(
      Outcome::rolled_back, {k_done, StepStatus::rolled_back, k_failed, k_skipped, k_skipped});
  const std::string text = render_report(report, fake::sample_plan(), k_plain);
  CHECK(text.find("Failed, and rolled back.") != std::string::npos);
  CHECK(text.find("Done.") == std::string::npos);
  CHECK(text.find("steps that were done elsewhere stay") != std::string::npos);
  CHECK(text.find("1 of 5 steps done, 1 failed, 1 rolled back, 2 skipped") != std::string::npos);
}

TEST_CASE("an interruption says what was not begun") {
  const auto waiting = StepStatus::not_started;
  const std::string text =
      render_report(report_of(Outcome::interrupted, {k_done, waiting, waiting, waiting, waiting}),
                    fake::sample_plan(),
                    k_plain);
  CHECK(text.find("Interrupted.") == 0);
  CHECK(text.find("4 not started") != std::string::npos);
}

TEST_CASE("an answer that was lost is not called a failure of the server") {
  Report report = report_of(Outcome::partial, {k_failed});
  report.results[0].error->code = ErrorCode::outcome_unknown;
  CHECK(render_report(report, fake::sample_plan(), k_plain).find("is not known") !=
        std::string::npos);
}

TEST_CASE("a warning of a step that succeeded is shown") {
  Report report = report_of(Outcome::succeeded, {k_done});
  report.results[0].detail = "WARNINGS: 1";
  CHECK(render_report(report, fake::sample_plan(), k_plain).find("WARNINGS: 1") !=
        std::string::npos);
}

TEST_CASE("a run that could not begin says why") {
  Report report = report_of(Outcome::partial, {StepStatus::not_started});
  report.results[0].error = Error{ErrorCode::io, "journal: No space left on device"};
  CHECK(render_report(report, fake::sample_plan(), k_plain).find("No space left on device") !=
        std::string::npos);
}

TEST_CASE("what a server says cannot steer the terminal") {
  Report report = report_of(Outcome::partial, {k_failed});
  report.results[0].error->message = "\x1b[2Jgone\rover";
  report.results[0].detail = "\x1b[2J";
  const std::string text = render_report(report, fake::sample_plan(), k_plain);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\r') == std::string::npos);
}

TEST_CASE("a report for programs counts and names every step") {
  const Json json =
      to_json(report_of(Outcome::partial, {k_done, k_failed, k_skipped, k_skipped, k_skipped}),
              fake::sample_plan());
  CHECK(json.at("format_version") == "1.0");
  CHECK(json.at("outcome") == "partial");
  CHECK(json.at("counts").at("skipped") == 3);
  CHECK(json.at("steps").at(1).at("error_code") == "rejected");
  CHECK(json.at("steps").at(1).at("address") == "container/aegis");
  CHECK(json.at("steps").size() == 5);
}

}  // namespace
}  // namespace aegis
