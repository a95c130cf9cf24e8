#include "manifest/compose/stack_folder.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

namespace aegis::test {
namespace {

std::string last_piece(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::string line_of(const Diagnostic& diagnostic) {
  SourceSpan where = diagnostic.where.value_or(SourceSpan{});
  where.file = last_piece(where.file.str());
  const char* severity = diagnostic.severity == Severity::error ? "error" : "warning";
  return to_string(where) + " " + severity + ": " + diagnostic.summary + ": " + diagnostic.detail;
}

std::string with_web(const std::string& body) {
  return "services:\n  web:\n    image: nginx\n" + body;
}

}  // namespace

const Resource* LoadedStack::find(const std::string& kind_and_name) const {
  for (const Resource& resource : result.resources) {
    if (resource.address.kind + "/" + resource.address.name == kind_and_name) return &resource;
  }
  return nullptr;
}

Json LoadedStack::spec(const std::string& kind_and_name) const {
  const Resource* resource = find(kind_and_name);
  return resource == nullptr ? Json() : resource->spec;
}

std::vector<std::string> LoadedStack::problems() const {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::note) lines.push_back(line_of(diagnostic));
  }
  return lines;
}

std::string LoadedStack::everything_said() const {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics)
    text += diagnostic.summary + "\n" + diagnostic.detail + "\n";
  return text;
}

StackFolder::StackFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "aegis-compose-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
  input.stack_name = "core";
  input.project = "core";
  input.folder = path_;
  input.with_model = true;
  input.where = {"manifest.yaml", 2, 3, 4};
}

StackFolder::~StackFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

StackFolder& StackFolder::write(const std::string& file, const std::string& text) {
  std::filesystem::create_directories((path_ / file).parent_path());
  std::ofstream(path_ / file, std::ios::binary) << text;
  return *this;
}

std::string StackFolder::opened(const Json& value) const {
  const auto secret = vault.open(value);
  return secret ? secret->reveal() : "(not sealed)";
}

LoadedStack StackFolder::load(std::vector<std::filesystem::path> files) {
  input.files = std::move(files);
  const Environment environment = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = process.find(name);
    return found == process.end() ? std::nullopt : std::optional(found->second);
  };
  LoadedStack loaded;
  loaded.result = load_stack(input, environment, vault, loaded.diagnostics);
  return loaded;
}

LoadedStack load_text(const std::string& text, const std::map<std::string, std::string>& process) {
  StackFolder folder;
  folder.process = process;
  return folder.write("compose.yaml", text).load();
}

Json web_spec(const std::string& body) {
  const LoadedStack loaded = load_text(with_web(body));
  INFO(body << "\n" << loaded.everything_said());
  REQUIRE_FALSE(has_errors(loaded.diagnostics));
  return loaded.spec("service/web");
}

std::vector<std::string> web_problems(const std::string& body) {
  return load_text(with_web(body)).problems();
}

}  // namespace aegis::test
