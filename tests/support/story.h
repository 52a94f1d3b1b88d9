#pragma once
// Stories for tests of answers: who published what when, in a log in memory, with claims made by hand, one a line:
//
//   export_control product=h20 status=license_pending aspect=holds attribution=anonymous speaker=专家
//
// First the kind, then its slots by name (amounts as numbers, lists with ';'), and of every claim: modality, aspect, attribution,
// when (ISO), speaker (nearest first, with ';'). A speaker makes the attribution named, forecast and the like make the aspect target,
// unless said otherwise. A blank inside a value is written '_'. Every state that a story asks for is asked of the ledger and of the
// naive oracle, and both must say the same.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/log/event_log.h"
#include "engine/projection/bounds.h"
#include "engine/projection/ledger.h"
#include "engine/projection/state.h"

namespace annals::support {

// Stops the test with the line where it is wrong.
Claim claim_of(std::string_view line);

struct PublishOptions {
  std::string zone = "UTC";
  std::string outlet = "Daily";           // empty: none printed
  std::string copy;                       // articles with the same word here have the same text
  std::string words;                      // the statement's; empty: words that nobody else uses
  std::string observed;                   // an instant; empty: none
  std::string interpreter = "annals/1";
  Rendition rendition = Rendition::kVerbatim;
};

class Story {
 public:
  explicit Story(std::string_view starts_at = "2025-01-01T00:00:00Z", const Zone& zone = Zone::utc());

  // One article with one statement that makes these claims. `wall`: an ISO time, a date, "a/b", or empty for undated.
  Position publish(std::string_view wall, const std::vector<std::string>& claims, const PublishOptions& options = {});
  Position withdraw(Position statement, std::string_view wall, std::string_view because = "withdrawn");
  Position retract(Position event, std::string_view because = "wrong file");
  Position retract_article(Position statement, std::string_view because = "wrong article");
  Position retract_note(Position statement, std::string_view because = "wrong note");
  Position date(Position statement, std::string_view wall, std::string_view zone = "UTC");
  Position rename_outlet(Position statement, std::string_view outlet);
  Position reread(Position statement, std::string_view interpreter, const std::vector<std::string>& claims);
  Position accept(Position statement, std::optional<std::uint32_t> claim = 0, std::string_view interpreter = "annals/1");
  Position reject(Position statement, std::optional<std::uint32_t> claim = 0, std::string_view interpreter = "annals/1");
  Position amend(Position statement, std::uint32_t claim, std::string_view to, std::string_view interpreter = "annals/1");
  // "h200 product family=hopper vendor=nvidia name=H200 alias=英伟达H200;h200芯片 rules=no tag=chip"
  Position fact(std::string_view line);
  Position append(EventBody body);

  // Sets the clock that recorded_at comes from; it moves a second with every event.
  void at(std::string_view instant);
  Instant now() const { return clock_.now(); }

  // describe() of the state. `bounds` as options of the command line: "--as-of 2025-12-10 --valid-at … --undated include --reviewed".
  std::string state(std::string_view projection, std::string_view key, std::string_view bounds = "") const;
  State ask(std::string_view projection, std::string_view key, const Bounds& bounds) const;
  Bounds bounds(std::string_view options) const;
  Ledger ledger() const;
  EventLog& log() { return *log_; }
  const EventLog& log() const { return *log_; }
  const ManualClock& clock() const { return clock_; }

 private:
  Event event(Position position) const;
  mutable ManualClock clock_;
  Zone zone_;
  std::unique_ptr<EventLog> log_;
  std::uint64_t notes_ = 0;
};

// An instant, or the test stops.
Instant instant(std::string_view text);

// Runs a story written as a file (tests/golden/projections/README.md has the words) and returns what it asked and was told.
std::string tell(std::string_view text);

}  // namespace annals::support
