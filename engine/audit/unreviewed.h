#pragma once
// Claims that nobody has reviewed and that answers rest on: what a reviewer should look at next.
//
// An answer rests on the first claim and on the newest one of its value, and on those that dispute it. What only repeats it can wait:
// without it the answer would be the same. Market access is made of other answers, and asks for no review of its own.

#include <string>
#include <vector>

#include "engine/audit/audit.h"

namespace annals {

struct RestingAnswer {
  std::string projection;
  std::string key;
  Lane lane = Lane::kStated;
  std::string value;          // what is answered; what the other side says, where `disputes`
  bool disputes = false;      // the claim stands against the answer
  bool alone = false;         // no other origin says so
  bool inherited = false;     // the answer is about a member, the claim about its family
};
struct Unreviewed {
  Assertion assertion;
  std::vector<RestingAnswer> answers;   // by projection, key, lane
  bool disputed = false;                // it, or what stands against it
  bool alone = false;                   // in one of the answers
};
// First what is disputed, then what more answers rest on, then what nobody else says, then the newer. `question` as for audit(): of a
// projection and key, or an entity, an outlet, a speaker; reviewed ones are left out, whatever the verdict was.
Result<std::vector<Unreviewed>> unreviewed(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, Instant now);

}  // namespace annals
