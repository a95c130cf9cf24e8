#include "render/secrets_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

std::string secret_text(const SecretFacts& secret, const Style& style) {
  std::string text = fmt::format("{}: {}\n",
                                 paint(harmless(secret.name), Role::strong, style),
                                 secret.source.empty() ? "not declared" : harmless(secret.source));
  if (!secret.problem.empty()) {
    text += fmt::format(
        "  {}: {}\n", paint("has no value", Role::failed, style), harmless(secret.problem));
  }
  for (const std::string& warning : secret.warnings) {
    text += fmt::format("  {}: {}\n", paint("warning", Role::warned, style), harmless(warning));
  }
  for (const SecretUse& use : secret.uses) {
    text += fmt::format("  {} ({})\n", harmless(use.path), harmless(to_string(use.where)));
  }
  if (secret.uses.empty()) text += "  used nowhere\n";
  return text;
}

}  // namespace

std::string render_text(const std::vector<SecretFacts>& secrets, const Style& style) {
  if (secrets.empty()) return "The manifests name no secrets.\n";
  std::string text;
  for (const SecretFacts& secret : secrets) text += secret_text(secret, style);
  const auto missing = static_cast<std::size_t>(std::count_if(
      secrets.begin(), secrets.end(), [](const auto& secret) { return !secret.problem.empty(); }));
  if (missing == 0) {
    return fmt::format("{}\n{}\n", text, paint("All have a value.", Role::added, style));
  }
  const std::string verdict =
      fmt::format("{} of {} without a value.", missing, count_of(secrets.size(), "secret"));
  return fmt::format("{}\n{}\n", text, paint(verdict, Role::failed, style));
}

Json to_json(const std::vector<SecretFacts>& secrets) {
  Json list = Json::array();
  for (const SecretFacts& secret : secrets) {
    Json uses = Json::array();
    for (const SecretUse& use : secret.uses) {
      uses.push_back({{"path", use.path}, {"where", to_string(use.where)}});
    }
    Json json{{"name", secret.name},
              {"source", secret.source},
              {"resolves", secret.problem.empty()},
              {"warnings", secret.warnings},
              {"uses", std::move(uses)}};
    if (!secret.problem.empty()) json["problem"] = secret.problem;
    list.push_back(std::move(json));
  }
  return {{"format_version", k_format_version}, {"secrets", std::move(list)}};
}

}  // namespace aegis
