#include "engine/projection/state.h"

#include <fmt/format.h>

#include <algorithm>

namespace annals {

std::string_view lane_name(Lane lane) {
  static constexpr std::array<std::string_view, kLanes> kNames = {"stated", "reported", "expected", "conditional"};
  return kNames[static_cast<std::size_t>(lane)];
}

std::optional<Lane> find_lane(std::string_view name) {
  for (std::size_t i = 0; i < kLanes; ++i)
    if (lane_name(static_cast<Lane>(i)) == name) return static_cast<Lane>(i);
  return std::nullopt;
}

std::string_view due_status_name(DueStatus status) {
  static constexpr std::array<std::string_view, 6> kNames = {"", "ahead", "overdue", "met", "done", "called off"};
  return kNames[static_cast<std::size_t>(status)];
}

Evidence EvidenceRef::told() const {
  if (whole != nullptr) return *whole;
  Evidence out;
  out.position = position;
  out.claim = claim;
  out.known_from = known_from;
  out.recorded_at = recorded_at;
  return out;
}

const Field* Entry::field(std::string_view name) const {
  const auto at = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return at == fields.end() ? nullptr : &*at;
}

std::optional<Lane> State::best_lane() const {
  for (std::size_t i = 0; i < kLanes; ++i)
    if (!lanes[i].entries.empty()) return static_cast<Lane>(i);
  return std::nullopt;
}

const LaneState* State::best() const {
  const auto which = best_lane();
  return which ? &lane(*which) : nullptr;
}

namespace {

std::string counted(unsigned count, std::string_view one, std::string_view many) {
  return fmt::format("{}{} {}", count, count >= 3 ? "+" : "", count == 1 ? one : many);
}

void append_fields(std::string& out, const std::vector<Field>& fields) {
  for (const Field& field : fields) out += fmt::format("{}{}: {}", &field == &fields.front() ? "" : "; ", field.name, field.text);
}

}  // namespace

std::string describe(const Entry& entry) {
  std::string out;
  if (!entry.track.empty()) out += fmt::format("[{}] ", entry.track);
  out += entry.value;
  if (entry.since) out += " since " + entry.since->text;
  if (entry.by) out += " by " + entry.by->text;
  if (entry.until) out += " until " + entry.until->text;
  if (entry.starts) out += " from " + entry.starts->text;
  if (entry.due && !entry.due->text.empty()) out += " due " + entry.due->text;
  if (entry.due_status != DueStatus::kNone) out += fmt::format(" ({})", due_status_name(entry.due_status));
  if (!entry.fields.empty()) {
    out += " {";
    append_fields(out, entry.fields);
    out += "}";
  }
  out += fmt::format(" | {}, {}{}", counted(entry.outlets, "outlet", "outlets"), counted(entry.origins, "origin", "origins"),
                     entry.anonymous ? ", anonymous" : "");
  if (entry.undated) out += ", undated";
  if (entry.inherited_from) out += ", inherited from " + *entry.inherited_from;
  out += fmt::format(" | #{}.{}", entry.first.position.value, entry.first.claim);
  if (entry.newest.position != entry.first.position || entry.newest.claim != entry.first.claim)
    out += fmt::format("..#{}.{}", entry.newest.position.value, entry.newest.claim);
  for (const Dispute& dispute : entry.disputes)
    out += fmt::format("\n    disputed: {} by {} #{}.{}", dispute.value, dispute.evidence.told().origin, dispute.evidence.position.value,
                       dispute.evidence.claim);
  for (const Step& step : entry.steps) {
    out += "\n    before: " + step.value;
    if (step.since) out += " since " + step.since->text;
    if (step.by) out += " by " + step.by->text;
    if (step.until) out += " until " + step.until->text;
    if (step.due && !step.due->text.empty()) out += " due " + step.due->text;
    if (step.due_status != DueStatus::kNone) out += fmt::format(" ({})", due_status_name(step.due_status));
    out += fmt::format(" #{}.{}", step.evidence.position.value, step.evidence.claim);
  }
  return out;
}

std::string describe(const State& state) {
  std::string out;
  for (std::size_t i = 0; i < kLanes; ++i) {
    for (const Entry& entry : state.lanes[i].entries) {
      if (!out.empty()) out += '\n';
      out += fmt::format("{}: {}", lane_name(static_cast<Lane>(i)), describe(entry));
    }
    if (state.lanes[i].more > 0) out += fmt::format("\n{}: and {} more", lane_name(static_cast<Lane>(i)), state.lanes[i].more);
  }
  if (!state.summary.empty()) {
    if (!out.empty()) out += '\n';
    out += "summary: ";
    append_fields(out, state.summary);
  }
  return out.empty() ? "nothing known" : out;
}

bool differs(const State& a, const State& b) {
  if (a.summary != b.summary) return true;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const LaneState& one = a.lanes[i];
    const LaneState& other = b.lanes[i];
    if (one.entries.size() != other.entries.size() || one.more != other.more) return true;
    for (std::size_t j = 0; j < one.entries.size(); ++j)
      if (differs(one.entries[j], other.entries[j])) return true;
  }
  return false;
}

bool differs(const Entry& a, const Entry& b) {
  return a.track != b.track || a.value != b.value || a.fields != b.fields || a.since != b.since || a.by != b.by || a.until != b.until ||
         a.starts != b.starts || a.due != b.due || a.due_status != b.due_status || a.outlets != b.outlets || a.origins != b.origins ||
         a.anonymous != b.anonymous || a.undated != b.undated || a.inherited_from != b.inherited_from ||
         a.disputes.size() != b.disputes.size();
}

}  // namespace annals
