#include <fmt/format.h>

#include <map>
#include <unordered_set>

#include "engine/log/appending.h"
#include "engine/log/erasure.h"
#include "engine/log/event_log.h"
#include "engine/proof/proof.h"

namespace annals {
namespace {

// Neighbouring damage is one line: a broken block of the disk takes dozens of events with it.
class Findings {
 public:
  explicit Findings(std::vector<Damage>& out) : out_(out) {}
  void add(Position position, std::string what) {
    if (!out_.empty() && run_end_.value + 1 == position.value && what == run_what_) {
      run_end_ = position;
      out_.back().what = fmt::format("events {} to {}: {}", out_.back().position.value, position.value, what);
      return;
    }
    out_.push_back({position, position.value == 0 ? what : fmt::format("event {}: {}", position.value, what)});
    run_end_ = position;
    run_what_ = std::move(what);
  }

 private:
  std::vector<Damage>& out_;
  Position run_end_{};
  std::string run_what_;
};

// Messages name the position themselves; here it is told once.
std::string without_place(Position position, const std::string& message) {
  const std::string place = fmt::format("event {}: ", position.value);
  return message.starts_with(place) ? message.substr(place.size()) : message;
}

}  // namespace

Result<VerifyReport> verify_log(const EventLog& log, const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  VerifyReport report;
  Findings findings(report.damage);
  const std::uint64_t size = log.last().value;
  CompactRange leaves;
  std::optional<Instant> last_recorded;
  std::unordered_set<Digest> notes;
  std::map<Position, Position> erased;        // and by which event
  std::map<Position, Erasure> erasures;

  const auto see = [&](const StoredView& stored) {
    const Position position = stored.position;
    leaves.append(stored.leaf);
    ++report.events;
    if (const Status good = appending::check_leaf(stored); !good) {
      findings.add(position, without_place(position, good.error().message));
      return;
    }
    auto event = decode_event(stored.header, stored.body, {.erased = stored.erased.has_value()});
    if (!event) {
      findings.add(position, event.error().message);
      return;
    }
    if (event->position != position) findings.add(position, fmt::format("its header says position {}", event->position.value));
    if (last_recorded && event->recorded_at < *last_recorded) {
      findings.add(position, fmt::format("recorded at {}, before the event ahead of it", format_utc(event->recorded_at)));
    }
    last_recorded = event->recorded_at;
    if (stored.erased) erased.emplace(position, *stored.erased);
    if (const auto* erasure = std::get_if<Erasure>(&event->body)) erasures.emplace(position, *erasure);
    // What an id is made of may have been erased.
    const bool from_header = std::holds_alternative<NoteArrival>(event->body) || std::holds_alternative<StatementEvent>(event->body) ||
                             std::holds_alternative<Reinterpretation>(event->body);
    if ((from_header || !stored.erased) && event->id != event_id(event->body)) findings.add(position, "its id is not its content's");
    const auto found = log.lookup(event->id);
    if (!found) findings.add(position, "the index of ids cannot be read: " + found.error().message);
    else if (!*found) findings.add(position, "the index of ids does not have it");
    else if (**found != position) findings.add(position, fmt::format("the index of ids has it at {}", (*found)->value));
    if (const auto* arrival = std::get_if<NoteArrival>(&event->body); arrival != nullptr && notes.insert(arrival->note).second) {
      const auto bytes = log.get_note(arrival->note);
      if (stored.erased) {
        if (bytes || bytes.error().code != ErrorCode::kNotFound) findings.add(position, fmt::format("note {}: it was erased, and has bytes", arrival->note.hex()));
      } else if (!bytes) findings.add(position, fmt::format("note {}: {}", arrival->note.hex(), bytes.error().message));
      else if (sha256(*bytes) != arrival->note) findings.add(position, fmt::format("note {}: its bytes have another hash", arrival->note.hex()));
      else if (bytes->size() != arrival->size) findings.add(position, fmt::format("note {}: its size is {}, expected {}", arrival->note.hex(), bytes->size(), arrival->size));
      else ++report.notes;
    }
  };

  // A whole stretch at a time; where that fails, event by event, so that one bad block does not hide what lies behind it.
  constexpr std::uint64_t kStretch = 4096;
  bool all_leaves = true;
  for (std::uint64_t at = 0; at < size;) {
    const std::uint64_t end = std::min(size, at + kStretch);
    while (at < end) {
      const auto shown = log.read_stored({Position{at}, Position{end}}, [&](const StoredView& stored) {
        see(stored);
        at = stored.position.value;
        return Visit::kContinue;
      });
      if (at >= end) break;
      const Position bad{at + 1};
      findings.add(bad, shown ? "it is missing" : without_place(bad, shown.error().message));
      all_leaves = false;
      at = bad.value;
    }
    if (progress) progress(at, size);
  }

  // What an erasure covers is erased, and nothing else: whoever overwrites an event leaves its leaf as it was, but no erasure names it.
  std::unordered_set<std::uint64_t> named;
  for (const auto& [position, erasure] : erasures) {
    const auto covered = covered_by(log, erasure, position);
    if (!covered) {
      findings.add(position, "what it erased cannot be told: " + without_place(position, covered.error().message));
      continue;
    }
    for (const auto* list : {&covered->events, &covered->adopted}) {
      for (const Position each : *list) {
        named.insert(each.value);
        const auto found = erased.find(each);
        if (found == erased.end()) findings.add(each, fmt::format("event {} erased it, and it is there", position.value));
        else if (found->second < position) findings.add(each, fmt::format("event {} erased it, and it says event {}", position.value, found->second.value));
      }
    }
    const auto by = log.erased(erasure.note);
    if (!by || !*by) findings.add(position, fmt::format("note {}: its bytes were to be erased", erasure.note.hex()));
  }
  for (const auto& [position, by] : erased) {
    if (!named.contains(position.value) || !erasures.contains(by)) findings.add(position, fmt::format("its words are gone, and event {}, which is said to have erased them, does not name it", by.value));
  }

  const auto stored_root = log.root(Position{size});
  if (!stored_root) {
    findings.add(Position{}, "the root cannot be computed: " + stored_root.error().message);
    report.root = leaves.root();
  } else {
    report.root = *stored_root;
    if (all_leaves && leaves.root() != *stored_root) findings.add(Position{}, "the stored tree has another root than the events' leaves");
  }
  return report;
}

}  // namespace annals
