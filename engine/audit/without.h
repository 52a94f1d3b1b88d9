#pragma once
// What answers would be without a source: which rest on it, and which would change.
//
// The log is read once to find the statements in question; then each key is answered with all that bears on it and with all but these, under the same bounds. What others copied
// from the source stays, because others said it too.
//
// Cost: two readings of the log, and all postings of what is asked for. Errors: the log's; kInvalid where nothing is to be left out. Any thread.

#include <optional>
#include <string>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/query/query.h"

namespace annals {

// All that are set must fit.
struct LeftOut {
  std::optional<std::string> outlet;       // folded, a part of the name will do
  std::optional<std::string> speaker;      // of the statement, as first read; likewise, or the same person by another name
  std::optional<Digest> note;
  std::optional<std::uint32_t> article;    // ordinal, with `note`
  std::optional<Position> statement;
};

struct ChangedAnswer {
  std::string projection;
  std::string key;
  Lane lane = Lane::kStated;
  std::optional<Entry> with;               // the lane's head
  std::optional<Entry> without;
};
struct WithoutAnswer {
  std::uint64_t statements = 0;            // left out, within the bounds
  std::vector<ChangedAnswer> changed;      // by projection, key, lane: another head, or the same of fewer sources
  std::vector<std::pair<std::string, std::string>> unchanged;  // projection and key of answers that rest on it too and stay what they are
  Position upto;
};
// Of one projection, or of all.
Result<WithoutAnswer> answers_without(const EventLog& log, const Lexicon& lexicon, const LeftOut& left_out, const std::optional<std::string>& projection,
                                      const std::optional<std::string>& key, const Bounds& bounds);

}  // namespace annals
