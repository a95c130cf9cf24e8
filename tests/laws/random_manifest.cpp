#include "laws/random_manifest.h"

#include <algorithm>
#include <limits>
#include <map>
#include <stdexcept>

namespace aegis::laws {
namespace {

// What a simulated host has, and words of forms that patterns alone do not tell.
const std::map<std::string, Json>& known_words() {
  static const std::map<std::string, Json> k_words{
      {"storage", {"local-zfs"}},
      {"bridge", {"vmbr0", "vmbr1"}},
      {"memory", {"16MiB", "512MiB", "1GiB", "1.5GiB", "2048MiB", 0}},
      {"swap", {"0B", 0, "512MiB", "1GiB"}},
      {"size", {"1GiB", "1024MiB"}},
      {"mp", {"/srv", "/srv/data", "/opt", "/var/lib/x y"}},
      {"volume", {"/srv/host", "/tank/media"}},
      {"ip", {"dhcp", "manual", "10.10.10.103/24"}},
      {"gw", {"10.10.10.1"}},
      {"ip6", {"dhcp", "auto", "manual", "2001:db8::103/64"}},
      {"gw6", {"2001:db8::1"}},
      {"nameserver", {"1.1.1.1", {"1.1.1.1", "8.8.8.8"}, "2001:db8::53"}},
      {"searchdomain", {"example.net", {"a.example.net", "example.net"}}},
      {"tags", {"prod", "web", "x1", "a.b", "Upper"}},
      {"description", {"one line", "two\nlines", "a: b # c", "100 % ä", " spaces ", "a%0Ab", "\n"}},
      {"timezone", {"Europe/Berlin", "UTC", "host"}},
      {"hwaddr", {"BC:24:11:00:00:01", "bc:24:11:00:00:02"}},
      {"mount", {"nfs", "cifs"}},
      {"mtu", {576, 1400, 1500}},
      {"hostname", {"web", "a.example.net", "Web"}},
      {"privileges", {"VM.Audit", "Sys.Audit", "VM.PowerMgmt", "Datastore.Audit"}},
  };
  return k_words;
}

const Json& words_for(const Json& schema, const std::string& field) {
  const auto known = known_words().find(field);
  if (known != known_words().end()) return known->second;
  const Json& choices = get(schema, "enum");
  return choices.is_array() ? choices : get(schema, "examples");
}

}  // namespace

Json RandomManifest::value(const Json& schema, const std::string& field) {
  const Json& type = get(schema, "type");
  const std::string name = type.is_array() ? as_text(one_of(type)) : as_text(type);
  if (name == "object") return object(schema);
  if (name == "boolean") return chance(50);
  if (type.is_array()) return one_of(words_for(schema, field));
  if (name == "array") return list(schema, field);
  if (name == "integer" || name == "number") return number(schema, field);
  return text(schema, field);
}

Json RandomManifest::object(const Json& schema) {
  Json made = Json::object();
  const Json& required = get(schema, "required");
  for (const auto& [key, member] : get(schema, "properties").items()) {
    const bool needed = std::find(required.begin(), required.end(), key) != required.end();
    if (needed || chance(40)) made[key] = value(member, key);
  }
  // Maps of names: those of the example, and one that nobody thought of.
  const Json& patterns = get(schema, "patternProperties");
  const Json& entry = patterns.is_object() && !patterns.empty()
                          ? *patterns.begin()
                          : get(schema, "additionalProperties");
  if (!entry.is_object()) return made;
  const Json& examples = get(schema, "examples");
  if (examples.empty()) return made;
  for (const auto& [key, member] : examples[0].items()) {
    if (chance(70)) made[key] = value(entry, key);
    std::string other = key;
    other.back() = static_cast<char>(other.back() + 1);
    if (chance(30)) made[other] = value(entry, other);
  }
  return made;
}

Json RandomManifest::list(const Json& schema, const std::string& field) {
  const bool has_words = get(get(schema, "items"), "type") != "string" ||
                         !words_for(get(schema, "items"), field).empty();
  if (!has_words) return one_of(get(schema, "examples"));
  Json made = Json::array();
  for (std::size_t count = below(4); count > 0; --count) {
    const Json item = value(get(schema, "items"), field);
    if (std::find(made.begin(), made.end(), item) == made.end()) made.push_back(item);
  }
  return made;
}

Json RandomManifest::number(const Json& schema, const std::string& field) {
  if (known_words().contains(field)) return one_of(known_words().at(field));
  const auto least = as_integer(get(schema, "minimum")).value_or(0);
  const auto most = std::min<std::int64_t>(as_integer(get(schema, "maximum")).value_or(1000), 8000);
  if (chance(20)) return least;
  return least + static_cast<std::int64_t>(below(static_cast<std::size_t>(most - least + 1)));
}

Json RandomManifest::text(const Json& schema, const std::string& field) {
  const Json& words = words_for(schema, field);
  if (words.empty()) throw std::logic_error("no example for " + field);
  return one_of(words);
}

bool RandomManifest::chance(int percent) {
  return below(100) < static_cast<std::size_t>(percent);
}

// Not a distribution of the library: its numbers differ from one to the next.
std::size_t RandomManifest::below(std::size_t count) {
  return random_() % count;
}

const Json& RandomManifest::one_of(const Json& values) {
  if (!values.is_array() || values.empty()) throw std::logic_error("a choice of nothing");
  return values[below(values.size())];
}

}  // namespace aegis::laws
