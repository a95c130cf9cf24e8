#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/journal.h"
#include "engine/run_identity.h"

namespace aegis {

/// A journal in a folder of this machine, such as $XDG_STATE_HOME/aegisctl/journal: one file a run,
/// readable by its owner only. Nothing is created before the first entry is appended.
class FileJournal : public Journal {
 public:
  FileJournal(std::filesystem::path folder, RunIdentity identity);
  ~FileJournal() override;

  FileJournal(const FileJournal&) = delete;
  FileJournal& operator=(const FileJournal&) = delete;

  /// Written and flushed to the disk when it returns. An `io` error leaves no half line behind.
  /// When a run ends, the files of older ended runs are removed, except the newest.
  Result<Done> append(const JournalEntry& entry) override;

  /// The newest run that has no end and no later run that succeeded; this run is not looked at.
  /// `io` when a file cannot be read or is not a journal.
  Result<std::vector<JournalEntry>> read_unfinished() override;

  Result<std::vector<JournalEntry>> read_newest() override;

 private:
  enum class Verdict { take, pass_over, end };

  /// The entries of the newest journal before this run's that `judge` takes by its text and that
  /// has any; none when it says that there is no use in looking at older ones.
  Result<std::vector<JournalEntry>> read_first(
      const std::function<Verdict(std::string_view)>& judge);

  Result<Done> open_file(TimePoint start);
  Result<Done> write_line(const std::string& line);
  void prune() const;

  const std::filesystem::path folder_;
  const RunIdentity identity_;
  std::mutex mutex_;
  std::string name_;     ///< of this run's file, once there is one
  int descriptor_ = -1;  ///< of this run's file
};

}  // namespace aegis
