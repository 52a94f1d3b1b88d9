#pragma once
// Who says what in a statement: speakers with the stretch of text they are made responsible for.

#include <optional>
#include <string>
#include <vector>

#include "engine/claim/sentence.h"

namespace annals {

struct SourceScope {
  Range at;                            // what is said
  Range cue;                           // the verb, or 据…
  std::vector<std::string> speakers;   // nearest first, as written; empty: hearsay
  Attribution attribution = Attribution::kNamed;
  bool hearsay = false;                // handed on, not vouched for: 据报道, 消息称, an unnamed insider
  bool expects = false;                // a forecast by its own verb (预计 with a subject)
  bool denies = false;                 // 否认, denied
  const TimeMention* said = nullptr;   // when they spoke, where told beside the verb
};

// What an earlier statement leaves for the pronouns of the next.
struct SpeakerMemory {
  std::vector<std::string> speakers;
  Attribution attribution = Attribution::kNamed;
};

// In order of their beginnings; a scope inside another names the outer speakers after its own.
// `company`: whom 公司 and "the company" mean; empty: they are kept as written.
std::vector<SourceScope> read_sources(const Sentence& sentence, const std::string& company, SpeakerMemory& memory);

// The innermost scope that holds `at`; null: the outlet's own voice.
const SourceScope* source_at(const std::vector<SourceScope>& scopes, std::uint32_t at);

}  // namespace annals
