#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "effects/shell.h"
#include "engine/journal.h"
#include "engine/run_identity.h"

namespace aegis {

/// A journal on the host that it describes, in /var/lib/aegisctl/journal, readable by root only:
/// every machine that manages the host sees it. Same files as FileJournal.
class HostJournal : public Journal {
 public:
  /// `shell` must outlive this object; `host` is a shell host such as "host/fsn1".
  HostJournal(RemoteShell& shell, std::string host, RunIdentity identity);

  /// Flushed to the host's disk when it returns. `io` when the host could not write it, with what
  /// it said; the shell's own errors otherwise.
  Result<Done> append(const JournalEntry& entry) override;

  /// As FileJournal::read_unfinished, in one read-only script.
  Result<std::vector<JournalEntry>> read_unfinished() override;

  /// In one read-only script, beside which others may run.
  Result<std::vector<JournalEntry>> read_newest() override;

 private:
  Result<std::string> run(std::string script, bool reads_only);

  RemoteShell& shell_;
  const std::string host_;
  const RunIdentity identity_;
  std::mutex mutex_;  ///< one script at a time: a failed one cuts its file back
  std::string name_;  ///< of this run's file, once there is one
};

}  // namespace aegis
