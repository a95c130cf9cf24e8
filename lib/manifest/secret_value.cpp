#include "manifest/secret_value.h"

#include <fmt/format.h>

#include <chrono>

#include "base/text.h"
#include "manifest/secret_source.h"
#include "manifest/user_path.h"

namespace aegis {
namespace {

constexpr auto k_patience = std::chrono::seconds(30);

std::vector<std::string> texts_of(const YamlNode& list) {
  std::vector<std::string> texts;
  for (const YamlNode& item : list.items) texts.push_back(item.text);
  return texts;
}

std::string home_of(const ReferenceSources& sources) {
  return sources.environment("HOME").value_or("");
}

std::filesystem::path path_at(const YamlNode& source, const ReferenceSources& sources) {
  return user_path(sources.folder, home_of(sources), source.text);
}

// age itself says on the error stream what it does not like.
Result<std::string> from_age(const YamlNode& age, const ReferenceSources& sources) {
  const std::string identity = path_at(*age.find("identity"), sources).string();
  const std::string file = path_at(*age.find("file"), sources).string();
  return read_command_output({"age", "--decrypt", "--identity", identity, "--", file}, k_patience);
}

}  // namespace

Result<std::string> secret_value(const YamlNode& secret, const ReferenceSources& sources) {
  const YamlNode::Member& source = secret.members.front();
  if (source.key == "file") {
    return read_value_file(sources.folder, source.value->text, home_of(sources));
  }
  if (source.key == "command") return read_command_output(texts_of(*source.value), k_patience);
  if (source.key == "age") return from_age(*source.value, sources);
  const auto value = sources.environment(source.value->text);
  if (value) return *value;
  return Error{ErrorCode::io, fmt::format("the variable {} is not set", source.value->text)};
}

std::vector<std::filesystem::path> revealing_files(const YamlNode& secret,
                                                   const ReferenceSources& sources) {
  const YamlNode::Member& source = secret.members.front();
  if (source.key == "file") return {path_at(*source.value, sources)};
  if (source.key == "age") return {path_at(*source.value->find("identity"), sources)};
  return {};
}

std::string source_text(const YamlNode& secret) {
  std::vector<std::string> words;
  for (const YamlNode::Member& source : secret.members) {
    words.push_back(source.key);
    const YamlNode* file = source.value->find("file");
    if (file != nullptr) words.push_back(file->text);
    if (!source.value->text.empty()) words.push_back(source.value->text);
    for (const std::string& word : texts_of(*source.value)) words.push_back(word);
  }
  return join(words, " ");
}

}  // namespace aegis
