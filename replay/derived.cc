#include "replay/derived.h"

#include "engine/filter/term_index.h"

namespace annals {

Result<Position> seal(EventLog& log, const IndexProgress& progress) {
  ANNALS_TRY(const Position terms, seal_terms(log));
  static_cast<void>(terms);
  return seal_index(log, progress);
}

Result<Rebuilt> rebuild(EventLog& log, const IndexProgress& progress) {
  Rebuilt out;
  ANNALS_TRY(const Position terms, rebuild_terms(log));
  static_cast<void>(terms);
  ANNALS_TRY(const IndexDigest before, index_digest(log));
  ANNALS_TRY(out.upto, rebuild_index(log, progress));
  ANNALS_TRY(const IndexDigest after, index_digest(log));
  out.rows = after.rows;
  out.before = before.digest;
  out.after = after.digest;
  out.same_reach = before.sealed == after.sealed;
  return out;
}

Result<std::vector<std::string>> verify_derived(const EventLog& log, const IndexProgress& progress) {
  ANNALS_TRY(std::vector<std::string> out, verify_index(log, progress));
  ANNALS_TRY(const std::vector<std::string> terms, verify_terms(log));
  out.insert(out.end(), terms.begin(), terms.end());
  return out;
}

}  // namespace annals
