#include "support/node_shell.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>
#include <string>

#include "base/shell_words.h"

namespace aegis::test {
namespace {

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "aegis-node-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return name;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

}  // namespace

NodeShell::NodeShell(simulator::Host& host) : host_(host), folder_(new_folder()) {}

NodeShell::~NodeShell() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<ShellOutput> NodeShell::run(const ShellCommand& command) {
  static const std::regex k_conf("/etc/pve/nodes/[^/]+/lxc/([0-9]+)\\.conf");
  const std::lock_guard guard(mutex_);
  std::vector<std::string> words = command.words;
  std::string conf;
  int vmid = 0;
  for (std::string& word : words) {
    std::smatch match;
    const bool is_conf = std::regex_match(word, match, k_conf);
    if (is_conf) vmid = std::stoi(match[1]);
    if (is_conf) conf = folder_.string() + word;
    if (word.starts_with('/')) word = folder_.string() + word;
  }
  if (conf.empty()) throw std::logic_error("unexpected command on the node");
  const std::string before = host_.conf_file(vmid);
  if (!before.empty()) write(conf, before);
  write(folder_ / "in", command.input);
  const auto line = command_line(words);
  if (!line) return line.error();
  const int status = std::system(fmt::format("{} < {}/in > {}/out 2> {}/err",
                                             *line,
                                             folder_.string(),
                                             folder_.string(),
                                             folder_.string())
                                     .c_str());
  const std::string after = before.empty() ? std::string() : text_of(conf);
  if (after != before) host_.write_conf_file(vmid, after);
  std::filesystem::remove(conf);
  return ShellOutput{WEXITSTATUS(status), text_of(folder_ / "out"), text_of(folder_ / "err")};
}

}  // namespace aegis::test
