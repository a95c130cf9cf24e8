#include "plan_output.h"

#include "plan/plan_json.h"
#include "render/graph_dot.h"
#include "render/plan_html.h"
#include "render/plan_markdown.h"
#include "render/plan_text.h"

namespace aegis {

std::string format_plan(const Plan& plan,
                        std::string_view format,
                        const Terminal& terminal,
                        std::optional<std::chrono::sys_seconds> now) {
  if (format == "json") return dump_json(to_json(plan)) + "\n";
  if (format == "markdown") return render_markdown(plan);
  if (format == "html") return render_html(plan);
  if (format == "dot") return render_dot(plan);
  return render_text(plan, {terminal.color_out(), terminal.width()}, now);
}

}  // namespace aegis
