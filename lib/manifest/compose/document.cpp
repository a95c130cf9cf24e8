#include "manifest/compose/document.h"

#include <fmt/format.h>

#include "manifest/compose/interpolation.h"
#include "manifest/compose/report.h"
#include "manifest/compose/secret_places.h"

namespace aegis::compose {
namespace {

// Where in the file byte `offset` of a scalar stands. Only known for a scalar written plainly.
SourceSpan place_in(const YamlNode& scalar, std::size_t offset) {
  SourceSpan place = scalar.where;
  if (scalar.quoted) return place;
  place.column += static_cast<int>(offset);
  place.length = std::max(1, place.length - static_cast<int>(offset));
  return place;
}

class Reader {
 public:
  Reader(const Variables& variables, Diagnostics& diagnostics)
      : variables_(variables), diagnostics_(diagnostics) {}

  // Uses `yaml` up: a large document need not be in memory twice.
  Node read(YamlNode&& yaml, std::string path) {
    Node node;
    node.type = yaml.type;
    node.quoted = yaml.quoted;
    node.tag = std::move(yaml.tag);
    node.where = yaml.where;
    node.path = std::move(path);
    check_tag(node);
    read_text(yaml, node);
    node.items.reserve(yaml.items.size());
    for (YamlNode& item : yaml.items)
      node.items.push_back(
          read(std::move(item), path_below(node, std::to_string(node.items.size()))));
    std::erase_if(node.items, is_left_out);
    node.members.reserve(yaml.members.size());
    for (YamlNode::Member& member : yaml.members) {
      if (node.path.empty() && member.key.starts_with("x-")) continue;
      keys_.push_back(member.key);
      Node value = read(std::move(*member.value), path_below(node, member.key));
      member.value.reset();
      keys_.pop_back();
      node.members.push_back({std::move(member.key), member.key_where, std::move(value)});
    }
    return node;
  }

 private:
  static std::string path_below(const Node& node, const std::string& name) {
    return node.path.empty() ? name : node.path + "." + name;
  }

  void check_tag(const Node& node) {
    if (node.tag.empty() || node.tag == "!reset" || node.tag == "!override") return;
    error(diagnostics_,
          node.where,
          "unknown tag",
          fmt::format(
              "`{}` has the tag `{}`. Compose knows !reset and !override.", node.path, node.tag));
  }

  void read_text(const YamlNode& yaml, Node& node) {
    if (yaml.type != YamlNode::Type::string) {
      node.text = yaml.text;
      return;
    }
    Interpolated result = interpolate(yaml.text, variables_);
    for (const Interpolated::Remark& remark : result.errors) {
      error(diagnostics_,
            place_in(yaml, remark.offset),
            "variable not usable",
            fmt::format("In `{}`: {}", node.path, remark.message));
    }
    for (const Interpolated::Remark& remark : result.unset) {
      warning(diagnostics_,
              place_in(yaml, remark.offset),
              "variable not set",
              fmt::format("The variable {} is not set; `{}` gets an empty text in its place. Set "
                          "it, or write ${{{}:-}} if that is meant.",
                          remark.message,
                          node.path,
                          remark.message));
    }
    if (result.certain && !takes_secrets(keys_)) return refuse(yaml, *result.certain, node);
    node.text = std::move(result.text);
    node.interpolated = result.used;
    node.secret = std::move(result.secret);
    node.certain = result.certain.has_value();
  }

  void refuse(const YamlNode& yaml, std::size_t offset, Node& node) {
    error(diagnostics_,
          place_in(yaml, offset),
          "a secret where it would be shown",
          fmt::format("`{}` gets the value of a secret variable, and it is a value that plans and "
                      "the engine show. Secrets may stand in {}.",
                      node.path,
                      secret_places()));
    leave_out(node);
  }

  const Variables& variables_;
  Diagnostics& diagnostics_;
  std::vector<std::string> keys_;  // the way to the node at hand
};

}  // namespace

std::vector<Node> read_documents(std::string_view text,
                                 const std::string& file,
                                 const Variables& variables,
                                 Diagnostics& diagnostics) {
  std::vector<Node> documents;
  for (YamlNode& yaml : parse_yaml(text, file, diagnostics))
    documents.push_back(Reader(variables, diagnostics).read(std::move(yaml), ""));
  return documents;
}

}  // namespace aegis::compose
