#include "tools/annals/answers.h"

#include <fmt/format.h>

namespace annals::cli {
namespace {

Json optional_text(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json point_json(const std::optional<TimePoint>& point) {
  if (!point) return nullptr;
  return object({{"text", point->text}, {"at", format_utc(point->at)}, {"grain", grain_name(point->grain)}});
}

std::string plural(std::uint64_t count, std::string_view what) { return fmt::format("{} {}{}", grouped(count), what, count == 1 ? "" : "s"); }

std::string counted(std::uint8_t count, std::string_view what) {
  return count >= 3 ? fmt::format("3+ {}s", what) : fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

Json counted_json(std::uint8_t count) { return count >= 3 ? Json("3+") : Json(count); }

std::string moment_text(Instant instant, const Zone& zone) {
  if (instant == kInstantMax) return "the end of time";
  return format_local(instant, zone);
}

}  // namespace

Json object(std::initializer_list<Member> members) {
  Json out = Json::object();
  auto& all = out.get_ref<Json::object_t&>();
  all.reserve(members.size());
  for (const Member& member : members) all.Json::object_t::Container::emplace_back(member.name, std::move(member.value));
  return out;
}

Json basis_json(const AnswerBasis& basis) {
  Json erased = Json::array();
  for (const ErasedSource& each : basis.erased) {
    erased.push_back({{"erasure", each.erasure.value}, {"level", erasure_level_name(each.level)}, {"at", format_utc(each.at)}, {"by", each.by}, {"because", each.because},
                      {"statements", each.statements}});
  }
  return {{"published_by", format_utc(basis.published_by)},
          {"recorded_by", format_utc(basis.recorded_by)},
          {"recorded_to", basis.recorded_to.value},
          {"valid_at", format_utc(basis.valid_at)},
          {"clock", known_clock_name(basis.clock)},
          {"undated", undated_policy_name(basis.undated)},
          {"reviewed", basis.reviewed},
          {"interpreter", text_or_null(basis.interpreter)},
          {"lexicon", basis.lexicon},
          {"projection_version", basis.projection_version},
          {"log_size", basis.log_size.value},
          {"log_root", basis.log_root.hex()},
          {"erased", std::move(erased)}};
}

Json coverage_json(const Coverage& coverage) {
  return {{"notes", coverage.notes},
          {"outlets", coverage.outlets},
          {"articles", coverage.articles},
          {"statements", coverage.statements},
          {"first_known_from", instant_json(coverage.first_known_from)},
          {"last_known_from", instant_json(coverage.last_known_from)},
          {"undated_left_out", coverage.undated_left_out}};
}

Json evidence_json(const Evidence& evidence) {
  Json amended = Json::array();
  for (const Position position : evidence.amended_by) amended.push_back(position.value);
  return object({{"position", evidence.position.value},
                 {"claim", evidence.claim},
                 {"note", evidence.note.hex()},
                 {"article", evidence.article},
                 {"title", evidence.title},
                 {"outlet", optional_text(evidence.outlet)},
                 {"speakers", evidence.speakers},
                 {"origin", evidence.origin},
                 {"published", text_or_null(evidence.published)},
                 {"known_from", instant_json(evidence.known_from)},
                 {"recorded_at", format_utc(evidence.recorded_at)},
                 {"rendition", rendition_name(evidence.rendition)},
                 {"modality", modality_name(evidence.modality)},
                 {"attribution", attribution_name(evidence.attribution)},
                 {"aspect", aspect_name(evidence.aspect)},
                 {"lane", lane_name(evidence.lane)},
                 {"value", evidence.value},
                 {"when", text_or_null(evidence.when)},
                 {"quote", evidence.quote},
                 {"copy_of", evidence.copy_of ? Json(evidence.copy_of->value) : Json(nullptr)},
                 {"inherited_from", optional_text(evidence.inherited_from)},
                 {"amended_by", std::move(amended)}});
}

Json fields_json(const std::vector<Field>& fields) {
  Json out = Json::object();
  for (const Field& field : fields) out[field.name] = field.number ? number_json(*field.number) : Json(field.text);
  return out;
}

Json due_json(const Due& due, DueStatus status) {
  return object({{"text", text_or_null(due.text)},
                 {"from", instant_json(due.from)},
                 {"to", instant_json(due.to)},
                 {"grain", grain_name(due.grain)},
                 {"status", status == DueStatus::kNone ? Json(nullptr) : Json(due_status_name(status))}});
}

Json entry_json(const Entry& entry) {
  Json disputes = Json::array();
  for (const Dispute& dispute : entry.disputes) disputes.push_back(object({{"value", dispute.value}, {"evidence", evidence_json(dispute.evidence.told())}}));
  Json steps = Json::array();
  for (const Step& step : entry.steps) {
    steps.push_back(object({{"value", step.value},
                            {"fields", fields_json(step.fields)},
                            {"since", point_json(step.since)},
                            {"by", point_json(step.by)},
                            {"until", point_json(step.until)},
                            {"due", step.due ? due_json(*step.due, step.due_status) : Json(nullptr)},
                            {"evidence", evidence_json(step.evidence.told())}}));
  }
  return object({{"track", text_or_null(entry.track)},
                 {"value", entry.value},
                 {"fields", fields_json(entry.fields)},
                 {"since", point_json(entry.since)},
                 {"by", point_json(entry.by)},
                 {"until", point_json(entry.until)},
                 {"starts", point_json(entry.starts)},
                 {"due", entry.due ? due_json(*entry.due, entry.due_status) : Json(nullptr)},
                 {"outlets", counted_json(entry.outlets)},
                 {"origins", counted_json(entry.origins)},
                 {"anonymous", entry.anonymous},
                 {"undated", entry.undated},
                 {"inherited_from", optional_text(entry.inherited_from)},
                 {"first", evidence_json(entry.first.told())},
                 {"newest", evidence_json(entry.newest.told())},
                 {"disputes", std::move(disputes)},
                 {"steps", std::move(steps)}});
}

Json state_json(const State& state) {
  Json lanes = Json::object();
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Lane lane = static_cast<Lane>(i);
    Json entries = Json::array();
    for (const Entry& entry : state.lane(lane).entries) entries.push_back(entry_json(entry));
    lanes[std::string(lane_name(lane))] = object({{"entries", std::move(entries)}, {"more", state.lane(lane).more}});
  }
  return object({{"projection", state.projection},
                 {"key", state.key},
                 {"known", !state.empty()},
                 {"summary", fields_json(state.summary)},
                 {"lanes", std::move(lanes)},
                 {"newest_known_from", instant_json(state.newest_known_from)}});
}

Json basis_line(const AnswerBasis& basis, const Coverage* coverage) {
  Json out{{"kind", "basis"}};
  out["basis"] = basis_json(basis);
  out["coverage"] = coverage == nullptr ? Json(nullptr) : coverage_json(*coverage);
  return out;
}

std::string value_text(const Entry& entry) {
  std::string out = entry.value;
  if (!entry.track.empty()) out = entry.track + ": " + out;
  if (!entry.disputes.empty()) out += " (disputed)";
  if (entry.inherited_from) out += " (from " + *entry.inherited_from + ")";
  return out;
}

std::string time_text(const Entry& entry) {
  std::string out;
  const auto add = [&](std::string_view word, const std::string& text) { out += (out.empty() ? "" : ", ") + std::string(word) + " " + text; };
  if (entry.since) add("since", entry.since->text);
  if (entry.by) add("by", entry.by->text);
  if (entry.until) add("until", entry.until->text);
  if (entry.starts) add("in force from", entry.starts->text);
  if (entry.due) {
    if (!entry.due->text.empty()) add("for", entry.due->text);
    if (entry.due_status != DueStatus::kNone) out += (out.empty() ? "" : " ") + fmt::format("({})", due_status_name(entry.due_status));
  }
  return out;
}

std::string fields_text(const std::vector<Field>& fields) {
  std::string out;
  for (const Field& field : fields) {
    if (field.text.empty() && !field.number) continue;
    out += (out.empty() ? "" : ", ") + field.name + " " + (field.text.empty() ? to_line(number_json(*field.number)) : field.text);
  }
  return out;
}

std::string sources_text(const Entry& entry) {
  std::string out = counted(entry.outlets, "outlet") + ", " + counted(entry.origins, "origin");
  if (entry.anonymous) out += ", unnamed";
  if (entry.undated) out += ", undated";
  return out;
}

std::string compact_time(std::string text) {
  // 2025-12-09T01:54:00+08:00 → 2025-12-09 01:54+08:00; a date, a month or a range stays.
  if (text.size() >= 19 && text[10] == 'T' && text.find('/') == std::string::npos) {
    text[10] = ' ';
    if (text.compare(16, 3, ":00") == 0) text.erase(16, 3);
  }
  return text;
}

std::string source_text(const Evidence& evidence) {
  std::string out = evidence.outlet.value_or("unknown outlet");
  if (evidence.rendition != Rendition::kVerbatim) out += fmt::format(" ({})", rendition_name(evidence.rendition));
  std::string speakers;
  for (const std::string& speaker : evidence.speakers) speakers += (speakers.empty() ? "" : " via ") + speaker;
  if (!speakers.empty()) out += ", " + speakers;
  out += ", " + (evidence.published.empty() ? std::string("undated") : compact_time(evidence.published));
  return out;
}

std::string quote_text(const Evidence& evidence, std::size_t width) {
  std::string words = one_line(evidence.quote);
  if (words.empty()) return "(its words were erased by order)";
  if (width > 0) words = shorten(words, width);
  switch (evidence.rendition) {
    case Rendition::kVerbatim: return "“" + words + "”";
    case Rendition::kSummary: return "in summary: " + words;
    case Rendition::kMinutes: return "as noted down: " + words;
    case Rendition::kTranslation: return "in translation: " + words;
  }
  return words;
}

Ink lane_ink(Lane lane) {
  switch (lane) {
    case Lane::kStated: return Ink::kGreen;
    case Lane::kReported: return Ink::kYellow;
    case Lane::kExpected: return Ink::kCyan;
    case Lane::kConditional: return Ink::kBlue;
  }
  return Ink::kPlain;
}

std::string change_text(std::string_view projection, const DiffRow& row) {
  const auto side = [](const std::optional<Entry>& entry) -> std::string {
    if (!entry) return "–";
    const std::string time = time_text(*entry);
    return value_text(*entry) + (time.empty() ? "" : " " + time);
  };
  return fmt::format("{} {} {}: {} → {}", projection, row.key, lane_name(row.lane), side(row.before), side(row.after));
}

Json change_json(std::string_view projection, const DiffRow& row, Instant at) {
  const auto side = [](const std::optional<Entry>& entry) { return entry ? entry_json(*entry) : Json(nullptr); };
  return object({{"kind", "change"}, {"at", format_utc(at)}, {"projection", projection}, {"key", row.key}, {"lane", lane_name(row.lane)},
                 {"text", change_text(projection, row)}, {"before", side(row.before)}, {"after", side(row.after)}});
}

std::string nothing_known(const Result<ResolvedKey>& asked) {
  if (!asked || asked->known) return "nothing known";
  return fmt::format("nothing known: '{}' is a name that neither the lexicon nor the log has", asked->entity);
}

std::string erased_text(const ErasedSource& each, const Zone& zone) {
  const bool one = each.statements == 1;
  const std::string_view whose = one ? "its" : "their";
  return fmt::format("{} that bear{} on this {} erased by order on {} (event {}, {}{}{}): {}", plural(each.statements, "statement"), one ? "s" : "", one ? "was" : "were",
                     format_local(std::chrono::floor<std::chrono::seconds>(each.at), zone), each.erasure.value, each.by, each.because.empty() ? "" : ": ", each.because,
                     each.level == ErasureLevel::kText ? fmt::format("{} words are gone, {} claims count", whose, whose) : fmt::format("{} claims are gone too, and count no more", whose));
}

void print_basis(Program& program, const AnswerBasis& basis, const Zone& zone) {
  for (const ErasedSource& each : basis.erased) program.out.line(paint(erased_text(each, zone), Ink::kYellow, program.colour));
  std::string text = basis.published_by == basis.valid_at
                         ? fmt::format("as of {}", moment_text(basis.published_by, zone))
                         : fmt::format("published by {}, valid at {}", moment_text(basis.published_by, zone), moment_text(basis.valid_at, zone));
  text += fmt::format("; recorded by {}, positions 1 to {}", moment_text(basis.recorded_by, zone), basis.recorded_to.value);
  if (basis.clock == KnownClock::kObserved) text += "; known when observed";
  if (basis.undated == UndatedPolicy::kInclude) text += "; undated included";
  if (basis.reviewed) text += "; reviewed claims only";
  if (!basis.interpreter.empty()) text += "; as read by " + basis.interpreter;
  text += fmt::format("; log {} root {}", basis.log_size.value, basis.log_root.hex().substr(0, 12));
  if (!basis.lexicon.empty()) text += ", lexicon " + basis.lexicon.substr(0, 12);
  program.out.line(paint(text, Ink::kDim, program.colour));
}

void print_basis(Program& program, const AnswerBasis& basis, const Coverage& coverage, const Zone& zone) {
  std::string text = fmt::format("looked at {} in {} of {} by {}", plural(coverage.statements, "statement"), plural(coverage.articles, "article"),
                                 plural(coverage.notes, "note"), plural(coverage.outlets, "outlet"));
  if (coverage.first_known_from && coverage.last_known_from)
    text += fmt::format(", known from {} to {}", format_local(*coverage.first_known_from, zone), format_local(*coverage.last_known_from, zone));
  if (coverage.undated_left_out > 0) text += fmt::format("; {} left out", plural(coverage.undated_left_out, "undated statement"));
  program.out.line(paint(text, Ink::kDim, program.colour));
  print_basis(program, basis, zone);
}

}  // namespace annals::cli
