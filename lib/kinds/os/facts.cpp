#include "kinds/os/facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/digest.h"
#include "base/text.h"

namespace aegis::os {
namespace {

constexpr std::size_t k_fields = 7;  // of a path: name, mode, owner, group, uid, gid, size

Error garbled(std::string_view what) {
  return {ErrorCode::rejected, fmt::format("its answer cannot be read: {}", what)};
}

PathFacts::Type type_of(unsigned mode) {
  constexpr unsigned k_type_bits = 0xf000;
  switch (mode & k_type_bits) {
    case 0x8000:
      return PathFacts::Type::file;
    case 0x4000:
      return PathFacts::Type::directory;
    case 0xa000:
      return PathFacts::Type::link;
    default:
      return PathFacts::Type::other;
  }
}

template <class Number>
std::optional<Number> number_in(std::string_view text, int base) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Pieces that each end in a NUL.
std::vector<std::string> ended_pieces(const std::string& bytes) {
  std::vector<std::string> pieces = split(bytes, '\0');
  pieces.pop_back();
  return pieces;
}

std::string known(const std::string& name, const std::string& number) {
  return name == "UNKNOWN" ? number : name;
}

bool read_paths(const std::string& bytes, Facts& facts) {
  const std::vector<std::string> pieces = ended_pieces(bytes);
  if (pieces.size() % k_fields != 0) return false;
  for (std::size_t i = 0; i < pieces.size(); i += k_fields) {
    const auto mode = number_in<unsigned>(pieces[i + 1], 16);
    const auto size = number_in<std::int64_t>(pieces[i + 6], 10);
    if (!mode || !size) return false;
    constexpr unsigned k_mode_bits = 07777;
    facts.paths[pieces[i]] = {type_of(*mode),
                              fmt::format("{:04o}", *mode & k_mode_bits),
                              known(pieces[i + 2], pieces[i + 4]),
                              known(pieces[i + 3], pieces[i + 5]),
                              pieces[i + 4],
                              pieces[i + 5],
                              *size,
                              {}};
  }
  return true;
}

// "<digest>  <path>" of each file.
bool read_sums(const std::string& bytes, Facts& facts) {
  constexpr std::size_t k_digits = 64;
  constexpr std::size_t k_path_at = k_digits + 2;
  for (const std::string& line : ended_pieces(bytes)) {
    if (line.size() <= k_path_at) return false;
    const auto found = facts.paths.find(line.substr(k_path_at));
    if (found != facts.paths.end()) found->second.sha256 = line.substr(0, k_digits);
  }
  return true;
}

// "<package> <want> <status> <version>" of each. One that is installed for several architectures
// counts as installed.
void read_packages(const std::string& text, Facts& facts) {
  for (const std::string& line : split(text, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() != 4) continue;
    PackageFacts& package = facts.packages[fields[0]];
    if (package.status != "installed") package = {fields[1], fields[2], fields[3]};
  }
}

// "Names=a b" and further properties of each, with a blank line between them.
void read_units(const std::string& text, Facts& facts) {
  std::map<std::string, std::string> values;
  for (const std::string& line : split(text, '\n')) {
    const std::size_t sign = line.find('=');
    if (sign != std::string::npos) {
      values[line.substr(0, sign)] = line.substr(sign + 1);
      continue;
    }
    for (const std::string& name : split(values["Names"], ' ')) {
      if (name.empty()) continue;
      facts.units[name] = {values["LoadState"],
                           values["ActiveState"],
                           values["UnitFileState"],
                           values["FragmentPath"]};
    }
    values.clear();
  }
}

// Lines: the repository, what is checked out, what is wanted, "cut" or nothing, and the changes.
bool read_checkout(const std::string& path, const std::string& text, Facts& facts) {
  constexpr std::size_t k_lines = 4;
  std::vector<std::string> lines = split(text, '\n');
  if (lines.size() < k_lines + 1) return false;
  lines.pop_back();
  CheckoutFacts& checkout = facts.checkouts[path];
  checkout.repository = lines[0];
  checkout.head = lines[1];
  checkout.wanted = lines[2];
  checkout.was_cut = lines[3] == "cut";
  checkout.changes.assign(lines.begin() + k_lines, lines.end());
  return true;
}

void read_accounts(const std::string& name, const std::vector<std::string>& values, Facts& facts) {
  if (!facts.accounts) facts.accounts.emplace();
  if (name == "passwd") facts.accounts->read_passwd(values[0]);
  if (name == "group") facts.accounts->read_group(values[0]);
  if (name == "expiry") facts.accounts->read_expiry(values[0]);
  if (name == "keys") facts.accounts->keys[values[0]] = values[1];
}

Result<Done> read_line(const std::vector<std::string>& words, Facts& facts) {
  const std::string& name = words.front();
  std::vector<std::string> values;
  for (std::size_t i = 1; i < words.size(); ++i) {
    auto value = base64_decode(words[i]);
    if (!value) return garbled(name);
    values.push_back(std::move(*value));
  }
  const bool is_of_one = name == "content" || name == "keys" || name == "checkout";
  if (values.size() != (is_of_one ? 2U : 1U)) return garbled(name);
  if (name == "paths" && !read_paths(values[0], facts)) return garbled(name);
  if (name == "sums" && !read_sums(values[0], facts)) return garbled(name);
  if (name == "checkout" && !read_checkout(values[0], values[1], facts)) return garbled(name);
  if (name == "content") facts.contents[values[0]] = std::move(values[1]);
  if (name == "packages") read_packages(values[0], facts);
  if (name == "units") read_units(values[0], facts);
  if (name == "pending") {
    for (std::string& piece : ended_pieces(values[0])) facts.pending.insert(std::move(piece));
  }
  if (name == "packaged" && !values[0].empty()) {
    for (std::string& piece : ended_pieces(values[0])) facts.packaged.insert(std::move(piece));
  }
  constexpr std::array<std::string_view, 4> k_accounts{"passwd", "group", "expiry", "keys"};
  if (std::find(k_accounts.begin(), k_accounts.end(), name) != k_accounts.end()) {
    read_accounts(name, values, facts);
  }
  if (name == "uid" && trim(values[0]) != "0") {
    return Error{ErrorCode::forbidden,
                 "the shell there is not root's, and sees only a part. Log in as root."};
  }
  if (name == "inventory") {
    auto inventory = parse_inventory(values[0]);
    if (!inventory) return inventory.error();
    facts.inventory = std::move(*inventory);
  }
  return Done{};
}

// A regular file without a digest vanished or could not be read while it was looked at.
Result<Facts> complete(Facts&& facts) {
  for (const auto& [path, seen] : facts.paths) {
    if (seen.type == PathFacts::Type::file && seen.sha256.empty()) {
      return Error{ErrorCode::conflict, fmt::format("{} could not be read whole; try again", path)};
    }
  }
  return std::move(facts);
}

}  // namespace

const PathFacts* Facts::at(const std::string& path) const {
  const auto found = paths.find(path);
  return found == paths.end() ? nullptr : &found->second;
}

UnitFacts Facts::unit(const std::string& name) const {
  const auto found = units.find(name);
  return found == units.end() ? UnitFacts{"not-found", "inactive", {}, {}} : found->second;
}

void Facts::merge(Facts&& later) {
  for (auto& [path, seen] : later.paths) paths.insert_or_assign(path, std::move(seen));
  contents.merge(std::move(later.contents));
  packages.merge(std::move(later.packages));
  units.merge(std::move(later.units));
  pending.merge(std::move(later.pending));
  packaged.merge(std::move(later.packaged));
  checkouts.merge(std::move(later.checkouts));
  if (!accounts) {
    accounts = std::move(later.accounts);
  } else if (later.accounts) {
    accounts->keys.merge(std::move(later.accounts->keys));
  }
}

Result<Facts> parse_facts(std::string_view output) {
  constexpr std::string_view k_failure = "fail ";
  if (output.starts_with(k_failure)) {
    return Error{ErrorCode::rejected,
                 fmt::format("it cannot be looked at: {}. Only Debian and its like are supported.",
                             trim(output.substr(k_failure.size())))};
  }
  if (!output.starts_with("facts 1\n") || !output.ends_with("\nend\n")) {
    return garbled("it is cut off");
  }
  Facts facts;
  facts.told = true;
  const std::vector<std::string> lines = split(output, '\n');
  for (std::size_t i = 1; i + 2 < lines.size(); ++i) {
    const auto read = read_line(split(lines[i], ' '), facts);
    if (!read) return read.error();
  }
  return complete(std::move(facts));
}

}  // namespace aegis::os
