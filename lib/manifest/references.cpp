#include "manifest/references.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "base/text.h"
#include "manifest/schema.h"
#include "manifest/secret_source.h"
#include "manifest/secret_value.h"
#include "manifest/yaml_scalar.h"

namespace aegis {
namespace {

// What a scalar was made of. A blank cannot stand in a tag that somebody writes.
constexpr std::string_view k_secret_mark = "! secret";
constexpr std::string_view k_resolved_mark = "! resolved";
constexpr std::string_view k_unresolved_mark = "! unresolved";

bool is_right_secret(const YamlNode& secret) {
  if (secret.members.size() != 1) return false;
  const YamlNode::Member& source = secret.members.front();
  if (source.key == "age") {
    return source.value->find("file") != nullptr && source.value->find("identity") != nullptr;
  }
  return source.key == "env" || source.key == "file" || source.key == "command";
}

class Resolver {
 public:
  Resolver(const ReferenceSources& sources, Diagnostics& diagnostics)
      : sources_(sources), diagnostics_(diagnostics) {}

  void resolve(YamlNode& node) {
    for (YamlNode& item : node.items) resolve(item);
    for (YamlNode::Member& member : node.members) resolve(*member.value);
    if (node.type != YamlNode::Type::string || node.text.find("${") == std::string::npos) return;
    secret_ = false;
    failed_ = false;
    std::string text = replace(node.text, node.where);
    node.tag = failed_ ? k_unresolved_mark : secret_ ? k_secret_mark : k_resolved_mark;
    if (!failed_) node.text = std::move(text);
  }

 private:
  void report(const SourceSpan& where, std::string summary, std::string detail) {
    failed_ = true;
    diagnostics_.push_back(
        {Severity::error, std::move(summary), std::move(detail), where, std::nullopt});
  }

  std::string replace(const std::string& text, const SourceSpan& where) {
    std::string result;
    std::size_t at = 0;
    while (true) {
      const std::size_t start = text.find("${", at);
      if (start == std::string::npos) return result + text.substr(at);
      if (start > at && text[start - 1] == '$') {
        result += text.substr(at, start - 1 - at) + "${";
        at = start + 2;
        continue;
      }
      const std::size_t end = text.find('}', start);
      if (end == std::string::npos) {
        report(where,
               "a reference without an end",
               "\"${\" has no \"}\". Write \"$${\" for the text \"${\".");
        return result + text.substr(at);
      }
      result +=
          text.substr(at, start - at) + value_of(text.substr(start + 2, end - start - 2), where);
      at = end + 1;
    }
  }

  std::string value_of(const std::string& reference, const SourceSpan& where) {
    const std::size_t colon = reference.find(':');
    const std::string source = reference.substr(0, colon);
    const std::string name = colon == std::string::npos ? "" : reference.substr(colon + 1);
    if (source == "env") return from_environment(name, where);
    if (source == "file")
      return taken(read_value_file(sources_.folder, name, home()), reference, where);
    if (source == "secret") {
      secret_ = true;
      return from_secrets(name, where);
    }
    report(where,
           "unknown reference",
           fmt::format("\"${{{}}}\" is none of ${{env:NAME}}, ${{file:path}} and ${{secret:name}}. "
                       "Write \"$${{\" for the text \"${{\".",
                       reference));
    return {};
  }

  std::string home() const { return sources_.environment("HOME").value_or(""); }

  std::string taken(Result<std::string> value,
                    const std::string& reference,
                    const SourceSpan& where) {
    if (value) return std::move(*value);
    report(where,
           "a reference cannot be resolved",
           fmt::format("${{{}}}: {}.", reference, value.error().message));
    return {};
  }

  std::string from_environment(const std::string& name, const SourceSpan& where) {
    const auto value = sources_.environment(name);
    if (value) return *value;
    report(where,
           "an environment variable is not set",
           fmt::format("${{env:{}}} needs the variable {}. Set it and run again.", name, name));
    return {};
  }

  std::string from_secrets(const std::string& name, const SourceSpan& where) {
    const YamlNode* secret = sources_.secrets == nullptr ? nullptr : sources_.secrets->find(name);
    if (secret == nullptr) {
      report(
          where,
          "unknown secret",
          fmt::format(
              "${{secret:{}}} is not in `secrets`. Add it: secrets: {{ {}: {{ env: NAME }} }}.{}",
              name,
              name,
              meant(name)));
      return {};
    }
    const auto known = secrets_.find(name);
    if (known == secrets_.end()) {
      std::string value = read_secret(name, *secret);
      if (!failed_)
        secrets_[name] = std::move(value);
      else
        secrets_[name] = std::nullopt;  // one report is enough
    }
    const auto& value = secrets_.at(name);
    failed_ = failed_ || !value;
    return value.value_or("");
  }

  std::string read_secret(const std::string& name, const YamlNode& secret) {
    if (!is_right_secret(secret)) return malformed();
    const YamlNode::Member& source = secret.members.front();
    if (source.key == "env") return from_environment(source.value->text, source.value->where);
    return taken(secret_value(secret, sources_), "secret:" + name, source.value->where);
  }

  // The check of the `secrets` section says what is wrong.
  std::string malformed() {
    failed_ = true;
    return {};
  }

  std::string meant(const std::string& name) const {
    std::vector<std::string> names;
    if (sources_.secrets != nullptr) {
      for (const YamlNode::Member& member : sources_.secrets->members) names.push_back(member.key);
    }
    const auto closest = closest_match(name, names);
    return closest ? fmt::format(" Did you mean `{}`?", *closest) : "";
  }

  const ReferenceSources& sources_;
  Diagnostics& diagnostics_;
  std::map<std::string, std::optional<std::string>> secrets_;  ///< read once each
  bool secret_ = false;  ///< of the text at hand: it holds a secret
  bool failed_ = false;  ///< of the text at hand: something in it cannot be resolved
};

}  // namespace

void resolve_references(YamlNode& node, const ReferenceSources& sources, Diagnostics& diagnostics) {
  Resolver(sources, diagnostics).resolve(node);
}

bool is_secret(const YamlNode& node) {
  return node.tag == k_secret_mark;
}

bool is_from_outside(const YamlNode& node) {
  return node.tag == k_resolved_mark;
}

bool is_unresolved(const YamlNode& node) {
  return node.tag == k_unresolved_mark;
}

void settle_types(YamlNode& node, const Json& schema) {
  for (YamlNode& item : node.items) settle_types(item, get(schema, "items"));
  for (YamlNode::Member& member : node.members) {
    const Json* inner = member_schema(schema, member.key);
    if (inner != nullptr) settle_types(*member.value, *inner);
  }
  if (!is_from_outside(node) || allows_type(schema, "string")) return;
  node.tag.clear();
  node.type = type_of_plain_scalar(node.text);
}

}  // namespace aegis
