#include "replay/rebuild.h"

namespace annals {

Result<Rebuilt> rebuild(EventLog& log, const IndexProgress& progress) {
  Rebuilt out;
  ANNALS_TRY(const IndexDigest before, index_digest(log));
  ANNALS_TRY(out.upto, rebuild_index(log, progress));
  ANNALS_TRY(const IndexDigest after, index_digest(log));
  out.rows = after.rows;
  out.before = before.digest;
  out.after = after.digest;
  out.same_reach = before.sealed == after.sealed;
  return out;
}

}  // namespace annals
