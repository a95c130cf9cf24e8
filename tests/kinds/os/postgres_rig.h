#pragma once

#include <string>

#include "kinds/os/backup_rig.h"

namespace aegis::test {

/// A system with a PostgreSQL of its own, on a socket in its /tmp/pg at port 5499, with the
/// database "app", the role "reader", and tables of 1000, 2 and no rows.
class PostgresRig : public BackupRig {
 public:
  PostgresRig();
  ~PostgresRig() override;
  PostgresRig(const PostgresRig&) = delete;
  PostgresRig& operator=(const PostgresRig&) = delete;

  /// What the statements print. Fails the test when one fails.
  std::string sql(const std::string& database, const std::string& text);
};

}  // namespace aegis::test
