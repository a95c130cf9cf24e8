#include "manifest/backup_script.h"

#include <fmt/format.h>

#include "base/shell_words.h"
#include "base/text.h"

namespace aegis {
namespace {

constexpr const char* k_header = R"sh(#!/bin/sh
# Made from the section `backups` of the manifests of aegisctl: changes made by hand are put right.
# sh {0}/backup-{1} run | verify [COPY] | restore COPY|latest [ITEM...]
# shellcheck disable=SC1091,SC2034
)sh";

constexpr const char* k_end = R"sh(. {}/backup.sh
case ${{1-}} in
  run | verify | restore | restore_open | restore_beside | restore_check | restore_replay | restore_swap | behind) "$@" ;;
  *)
    echo "usage: backup-{} run | verify [COPY] | restore COPY|latest [ITEM...]" >&2
    exit 2 ;;
esac
)sh";

std::string setting(std::string_view name, const std::string& value) {
  return fmt::format("{}={}\n", name, quote_word(value));
}

std::string number_or(const Json& fields, const char* name, const char* usual) {
  return fields.contains(name) ? as_text(fields.at(name)) : usual;
}

std::string quoted(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += " " + quote_word(word);
  return text;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> texts;
  for (const Json& text : list) texts.push_back(as_text(text));
  return texts;
}

// A function that appends words to those of a command.
std::string appending(std::string_view function, const std::vector<std::string>& words) {
  return fmt::format("{}() {{ \"$@\"{}; }}\n", function, quoted(words));
}

std::string retention_lines(const Json& keep) {
  std::vector<std::string> lines;
  for (const auto& [period, count] : keep.items()) {
    if (count != false && period != "all") lines.push_back(period + " " + as_text(count));
  }
  return get(keep, "all") == true ? "" : join(lines, "\n");
}

std::string packing_of(const Json& spec) {
  const std::string compress = text_or(spec, "compress", "gzip");
  if (compress == "zstd") return ".zst";
  return compress == "0" ? "" : ".gz";
}

std::string remote_lines(const Json& remote) {
  if (!remote.is_object()) return setting("remote", "");
  const std::string user = text_or(remote, "user", "root");
  std::string ssh =
      "ssh -o BatchMode=yes -o ConnectTimeout=30 -p " + number_or(remote, "port", "22");
  if (remote.contains("identity_file")) ssh += " -i " + text_or(remote, "identity_file");
  return setting("remote",
                 fmt::format("{}@{}:{}", user, text_or(remote, "host"), text_or(remote, "path"))) +
         setting("RSYNC_RSH", ssh) + "export RSYNC_RSH\n";
}

std::string encryption_lines(const Json& encrypt) {
  std::vector<std::string> words;
  for (const std::string& recipient : texts(get(encrypt, "recipients"))) {
    words.emplace_back("--recipient");
    words.push_back(recipient);
  }
  return setting("sealed", words.empty() ? "" : ".age") +
         setting("identity", text_or(encrypt, "identity")) + appending("with_recipients", words);
}

std::string postgres_lines(const BackupScript& script, const Json& postgres) {
  const std::string service = text_or(postgres, "service");
  std::string text = setting("service", service.substr(service.rfind('/') + 1));
  text += setting("project", script.project);
  if (postgres.contains("socket")) {
    text += setting("PGHOST", text_or(postgres, "socket")) + "export PGHOST\n";
  }
  if (postgres.contains("port")) {
    text += setting("PGPORT", number_or(postgres, "port", "")) + "export PGPORT\n";
  }
  return text;
}

std::string git_lines(const Json& git) {
  return setting("git_remote", text_or(git, "remote", "origin")) +
         setting("commit", text_or(git, "commit"));
}

std::string source_lines(const BackupScript& script, const Json& spec) {
  const Json& source = get(spec, script.source);
  const std::string usual = script.source == "postgres" ? "postgres" : "root";
  std::string text = setting("user", text_or(source, "user", usual));
  text += setting("pause", get(spec, "pause") == true ? "yes" : "");
  text += setting("packing_of_trees", packing_of(spec));
  if (script.source == "postgres") text += postgres_lines(script, source);
  if (script.source == "git") text += git_lines(source);
  if (!script.command.empty()) {
    text += fmt::format("with_command() {{{}; }}\n", quoted(script.command));
  }
  const auto patterns = texts(get(spec, "exclude-path"));
  text += patterns.empty() ? "excludes() { :; }\n"
                           : fmt::format("excludes() {{ printf '%s\\n'{}; }}\n", quoted(patterns));
  return text + appending("with_items", script.items);
}

std::string command_words(const Json& command) {
  if (!command.is_array()) return quoted({"/bin/sh", "-c", as_text(command)});
  return quoted(texts(command));
}

// A function of the script with a line for each thing, or nothing.
std::string function_of(std::string_view name, const std::vector<std::string>& lines) {
  return fmt::format("{}() {{\n{}}}\n", name, lines.empty() ? "  :\n" : join(lines, ""));
}

std::string restore_lines(const BackupScript& script, const Json& restore) {
  std::vector<std::string> checks;
  const Json& asked = get(restore, "queries");
  for (const auto& [database, queries] : asked.items()) {
    for (const std::string& query : texts(queries)) {
      checks.push_back(fmt::format("  assert_query{}\n", quoted({database, query})));
    }
  }
  for (const Json& check : get(restore, "checks")) {
    checks.push_back(fmt::format("  assert_command{}\n", command_words(check)));
  }
  std::vector<std::string> users;
  for (const BackupUser& user : script.users) {
    users.push_back(user.project.empty()
                        ? fmt::format("  stop_unit{}\n", quoted({user.name}))
                        : fmt::format("  stop_service{}\n", quoted({user.project, user.name})));
  }
  std::vector<std::string> replay;
  if (restore.contains("replay")) {
    replay.push_back(fmt::format("  declared_command{}\n", command_words(get(restore, "replay"))));
  }
  return setting("has_replay", replay.empty() ? "" : "yes") + function_of("checks", checks) +
         function_of("replay", replay) + function_of("users", users);
}

}  // namespace

std::string backup_library() {
  std::string text;
  for (const char* part : {"backup", "backup_sources", "restore", "restore_sources"}) {
    text += backup_script_part(part);
  }
  return text;
}

std::string backup_script(const BackupScript& script, const Json& spec) {
  std::string text = fmt::format(k_header, k_scripts_folder, script.name);
  text += setting("name", script.name);
  text += setting("kind", script.source);
  text += setting("to", script.folder);
  text += setting("mountpoint", text_or(spec, "mountpoint"));
  text += setting("keep", retention_lines(get(spec, "keep")));
  text += remote_lines(get(spec, "remote"));
  text += encryption_lines(get(spec, "encrypt"));
  text += source_lines(script, spec);
  text += restore_lines(script, get(spec, "restore"));
  return text + fmt::format(k_end, k_scripts_folder, script.name);
}

}  // namespace aegis
