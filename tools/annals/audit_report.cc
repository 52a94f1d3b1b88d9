#include "tools/annals/audit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/audit/contradictions.h"
#include "engine/audit/copies.h"
#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "tools/annals/answers.h"
#include "tools/annals/audit_parts.h"

namespace annals::cli {
namespace {

std::string plural(std::size_t count, const std::string& what, const std::string& many = "") {
  return fmt::format("{} {}", grouped(count), count == 1 ? what : many.empty() ? what + "s" : many);
}

std::string published_text(const ArticleHead& head) { return head.published ? compact_time(format_published(*head.published)) : "undated"; }

bool zone_assumed(const ArticleHead& head) { return head.published && head.published->zone_source == ZoneSource::kAssumed; }

// To the second: "2026-11-22 08:22:39+00:00". The command at the end has them whole.
std::string moment(Instant instant, const Zone& zone) {
  std::string out = format_local(instant, zone);
  if (out.size() > 10) out[10] = ' ';
  if (const std::size_t dot = out.find('.'); dot != std::string::npos) out.erase(dot, out.find_first_not_of("0123456789", dot + 1) - dot);
  return out;
}

// Who it is, under whatever name and office he is called. As it is written where nobody is known in it.
std::string known_name(const std::string& speaker, const Lexicon& lexicon) {
  const Entity* found = speaker_of(lexicon, speaker);
  return found == nullptr ? speaker : found->name;
}

// "6 outlets; 2 of them name 特朗普, 4 speak in their own voice": whose word it is, what was taken back left out.
std::string voices(const std::vector<Assertion>& rows, const Lexicon& lexicon) {
  std::set<std::string> outlets;
  std::map<std::string, std::set<std::string>> named;   // deepest speaker → outlets
  std::set<std::string> own;
  std::set<std::string> unnamed;
  for (const Assertion& row : rows) {
    if (!row.claim || row.standing == Standing::kRetracted || row.standing == Standing::kWithdrawn || row.standing == Standing::kRejected) continue;
    const std::string outlet = row.article.outlet ? fold(*row.article.outlet) : row.note.hex() + std::to_string(row.article.ordinal);
    outlets.insert(outlet);
    if (row.attribution == Attribution::kAnonymous || row.attribution == Attribution::kHearsay) unnamed.insert(outlet);
    else if (row.speakers.empty()) own.insert(outlet);
    else named[known_name(row.speakers.back(), lexicon)].insert(outlet);
  }
  if (outlets.empty()) return "";
  std::vector<std::pair<std::string, std::size_t>> by_count;
  for (const auto& [name, of] : named) by_count.emplace_back(name, of.size());
  std::stable_sort(by_count.begin(), by_count.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string parts;
  const auto add = [&](std::string part) { parts += (parts.empty() ? "" : "; ") + std::move(part); };
  for (const auto& [name, count] : by_count) add(fmt::format("{} on the word of {}", grouped(count), name));
  if (!own.empty()) add(fmt::format("{} in {} own voice", grouped(own.size()), own.size() == 1 ? "its" : "their"));
  if (!unnamed.empty()) add(fmt::format("{} on the word of somebody unnamed", grouped(unnamed.size())));
  return fmt::format("Behind it stand {}: {}. An outlet that says it in several ways is counted in each; copies are not counted.", plural(outlets.size(), "outlet"), parts);
}

std::string source_of(const Assertion& row) {
  std::string out = row.article.outlet.value_or("unknown outlet");
  if (row.article.carrier) out += " through " + *row.article.carrier;
  if (row.article.rendition != Rendition::kVerbatim) out += fmt::format(" ({})", rendition_name(row.article.rendition));
  return out;
}

std::string speakers_text(const Assertion& row) {
  std::string out;
  for (const std::string& speaker : row.speakers) out += (out.empty() ? "" : " via ") + speaker;
  if (row.attribution == Attribution::kAnonymous || row.attribution == Attribution::kHearsay)
    out += (out.empty() ? "" : ", ") + std::string(row.attribution == Attribution::kAnonymous ? "not named" : "hearsay");
  return out.empty() ? "its own voice" : out;
}

std::string quoted(const Assertion& row) {
  Evidence words;
  words.quote = row.quote;
  words.rendition = row.article.rendition;
  return quote_text(words);
}

// "accepted by Chen Wei on 2025-12-11T02:00:00Z: see the original (#231)", one for each event that changed it.
Result<std::vector<std::string>> changes(const EventLog& log, const Assertion& row) {
  std::vector<std::string> out;
  for (const Position position : row.changed_by) {
    ANNALS_TRY(const Event event, log.get(position));
    std::string what;
    std::string because;
    if (const auto* review = std::get_if<Review>(&event.body)) {
      what = review->verdict == Verdict::kAccept ? "accepted" : review->verdict == Verdict::kReject ? "rejected" : "amended";
      because = review->because;
    } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
      what = "withdrawn by the outlet in what it published " + compact_time(format_published(withdrawal->published)) + ", recorded";
      because = withdrawal->because;
    } else if (const auto* retraction = std::get_if<Retraction>(&event.body)) {
      what = "struck";
      because = retraction->because;
    } else if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
      what = "its article's head amended";
      because = amendment->because;
    } else if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      what = "read anew (" + again->interpreter.text() + ")";
    } else {
      what = std::string(event_kind_name(event.kind()));
    }
    out.push_back(fmt::format("{} by {} on {}{} (#{})", what, event.actor, format_utc(event.recorded_at), because.empty() ? "" : ": " + because, position.value));
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : std::string(between)) + part;
  return out;
}

std::string says_of(const Assertion& row) { return row.claim ? fmt::format("{}: {}", row.subject, row.says) : std::string("read as no claim"); }

// "forecast", "asserted, of the past": nobody should take for told today what was told as over, or for done what was foreseen.
std::string said_as(const Assertion& row) {
  if (!row.claim) return "";
  const std::string modality(modality_name(row.modality));
  switch (row.claim->aspect) {
    case Aspect::kBegins: return modality + ", as done";
    case Aspect::kHolds: return modality + ", as it is";
    case Aspect::kHeld: return modality + ", of the past";
    case Aspect::kTarget: return is_expectation(*row.claim) && row.modality != Modality::kAsserted && row.modality != Modality::kReported ? modality : modality + ", as to come";
  }
  return modality;
}

// Only claims are reviewed.
std::string review_of(const Assertion& row) {
  if (row.standing != Standing::kStands) return std::string(standing_name(row.standing));
  return row.claim ? "not reviewed" : "";
}

void put_state(Document& page, const StateAnswer& answer) {
  if (answer.states.empty() || answer.states.front().empty()) {
    page.paragraph(fmt::format("Nothing is known of it. Looked at were {} of {} by {}.", plural(answer.coverage.statements, "statement"), plural(answer.coverage.articles, "article"),
                               plural(answer.coverage.outlets, "outlet")));
    return;
  }
  const State& state = answer.states.front();
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> disputes;
  for (std::size_t i = 0; i < kLanes; ++i) {
    for (const Entry& entry : state.lanes[i].entries) {
      rows.push_back({std::string(lane_name(static_cast<Lane>(i))), value_text(entry), time_text(entry), fields_text(entry.fields), sources_text(entry),
                      fmt::format("#{}.{} {}", entry.first.position.value, entry.first.claim, source_text(entry.first.told()))});
      for (const Dispute& dispute : entry.disputes)
        disputes.push_back(fmt::format("{} is disputed: {} according to #{}.{} {}", value_text(entry), dispute.value, dispute.evidence.position.value, dispute.evidence.claim, source_text(dispute.evidence.told())));
    }
  }
  page.table({"Lane", "Value", "Time", "Details", "Sources", "First said by"}, std::move(rows));
  if (!disputes.empty()) page.list(std::move(disputes));
  page.note("Stated: asserted in an outlet's own or a named voice. Reported: by unnamed sources or hearsay. Expected: planned or forecast. Conditional: under a condition.");
}

}  // namespace

Result<Report> audit_report(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, const AuditAnswer& answer, const ReportOptions& options, Instant now) {
  Report out{Document("Audit of " + options.asked), false};
  Document& page = out.document;
  const AnswerBasis& basis = answer.basis;
  const auto local = [&](Instant instant) { return moment(instant, options.zone); };

  const auto found = contradictions(answer, lexicon, options.zone);
  const auto open = static_cast<std::size_t>(std::count_if(found.begin(), found.end(), [](const Contradiction& each) { return each.settled.empty(); }));
  std::map<Standing, std::size_t> standings;
  std::size_t copied = 0;
  std::size_t claims = 0;
  for (const Assertion& row : answer.rows) {
    copied += row.copies.size();
    if (!row.claim) continue;
    ++claims;
    ++standings[row.standing];
  }

  page.section("The question");
  const ProjectionHelp* help = question.projection ? find_projection_help(*question.projection) : nullptr;
  page.fields({{"Asked", options.asked},
               {"That is", help == nullptr ? "" : std::string(help->description)},
               {"As known by", local(basis.published_by) + (basis.clock == KnownClock::kObserved ? ": what had been observed by then" : ": what had been published by then")},
               {"Recorded by", fmt::format("{}, positions 1 to {}", local(basis.recorded_by), basis.recorded_to.value)},
               {"Valid at", question.projection ? local(basis.valid_at) + ": the moment that is asked about" : ""},
               {"Claims", basis.reviewed ? "only those that a person accepted or amended" : "all, whether reviewed or not"},
               {"As read by", basis.interpreter.empty() ? "annals" : basis.interpreter},
               {"Made", local(now) + ", by annals " ANNALS_VERSION}});

  page.section("The answer");
  if (question.projection && !question.key.empty()) {
    ANNALS_TRY(const StateAnswer state, query.state(*question.projection, question.key, question.bounds));
    put_state(page, state);
  }
  if (answer.rows.empty()) {
    page.paragraph(fmt::format("Nobody asserted anything of it, in {} that were looked at.", plural(answer.statements_seen, "statement")));
  } else {
    std::string summary = fmt::format("{} by {}, among {} that were looked at.", plural(answer.rows.size(), "assertion"), plural(answer.sources.size(), "source"), plural(answer.statements_seen, "statement"));
    if (copied > 0) summary += fmt::format(" {} more stand in copies and are folded into those they copy.", grouped(copied));
    summary += found.empty() ? " No two of them contradict each other."
                             : fmt::format(" {}, {} open.", plural(found.size(), "contradiction"), grouped(open));
    page.paragraph(summary);
    std::string reviewed;
    for (const auto& [standing, count] : standings) reviewed += fmt::format("{}{} {}", reviewed.empty() ? "" : ", ", grouped(count), standing == Standing::kStands ? "not reviewed" : standing_name(standing));
    if (claims > 0) page.paragraph(fmt::format("Of {}: {}.", plural(claims, "claim"), reviewed));
  }

  if (const std::string behind = voices(answer.rows, lexicon); !behind.empty()) page.paragraph(behind);
  const auto assumed = static_cast<std::size_t>(std::count_if(answer.rows.begin(), answer.rows.end(), [](const Assertion& row) { return zone_assumed(row.article); }));
  if (assumed > 0)
    page.paragraph(fmt::format("{} printed without a time zone: {} read as of the zone shown, and {} known from when that time has passed there and in UTC.",
                               assumed == 1 ? "1 of the publication times was" : fmt::format("{} of the publication times were", grouped(assumed)), assumed == 1 ? "it is" : "they are",
                               assumed == 1 ? "counts as" : "count as"));
  for (const ErasedSource& each : basis.erased) page.paragraph("Erased: " + erased_text(each, options.zone) + ".");

  page.section("Who said it, first to last");
  const bool judged = standings.size() > 1 || (claims > 0 && standings.begin()->first != Standing::kStands);
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    const Assertion& row = answer.rows[i];
    std::vector<std::string> cells{std::to_string(i + 1), published_text(row.article), source_of(row), speakers_text(row), says_of(row), said_as(row)};
    if (copied > 0) cells.push_back(row.copies.empty() ? "" : std::to_string(row.copies.size()));
    if (judged) cells.push_back(review_of(row));
    rows.push_back(std::move(cells));
  }
  std::vector<std::string> columns{"No.", "Published", "Outlet", "Speaker", "Says", "Said as"};
  if (copied > 0) columns.emplace_back("Copies");
  if (judged) columns.emplace_back("Review");
  page.table(std::move(columns), std::move(rows));
  page.note("Said as: asserted in the outlet's or a named voice, reported of what others say, denied, forecast, planned, or under a condition; as done (an act), as it is (a state at the time), of the past, or as to come.");

  page.section("The statements");
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    const Assertion& row = answer.rows[i];
    ANNALS_TRY(const auto erased, erased_words(log, row));
    std::string bytes;
    if (!erased) {
      ANNALS_TRY(bytes, check_bytes(log, row));
    }
    ANNALS_TRY(const std::vector<std::string> changed, changes(log, row));
    out.altered |= !bytes.empty();
    std::vector<std::string> against;
    for (const AssertionPlace& place : row.against) against.push_back(place_text(place));
    page.part(fmt::format("{}. {} {}", i + 1, row.type.empty() ? "Statement" : row.type, says_of(row)));
    page.quote(quoted(row));
    page.fields({{"Source", source_of(row) + ", " + published_text(row.article) + (zone_assumed(row.article) ? " (zone assumed)" : "")},
                 {"Article", row.article.title.empty() ? "without a title" : row.article.title},
                 {"Link", row.article.link.value_or("")},
                 {"Speaker", speakers_text(row)},
                 {"Said as", said_as(row)},
                 {"Said of", row.inherited_from ? *row.inherited_from + ", which it belongs to" : ""},
                 {"Known from", row.known_from ? local(*row.known_from) : "undated: counts from its recording"},
                 {"Recorded", local(row.recorded_at)},
                 {"Order", !row.claim ? "" : row.turn == 1 ? "first to say so" : fmt::format("said before, first at {}", row.first ? place_text(*row.first) : "")},
                 {"Copy", row.copy_of ? fmt::format("its article copies or revises the one at #{}", row.copy_of->value) : ""},
                 {"Against", join(against, ", ")},
                 {"Review", review_of(row)},
                 {"Changed", join(changed, "; ")},
                 {"Place", fmt::format("position {}, article {} of the note, bytes {} to {}", place_text(row.place), row.article.ordinal, row.span.begin, row.span.end)},
                 {"Event", row.statement.hex()},
                 {"Note", row.note.hex()},
                 {"Words", erased ? fmt::format("erased by order (#{}): the words cannot be compared with the note any more", erased->value) : bytes.empty() ? "the stored note has the quoted words there" : "NOT AS QUOTED: " + bytes}});
  }
  if (answer.rows.empty()) page.paragraph("None.");

  page.section("Contradictions");
  if (found.empty()) page.paragraph("None was found.");
  for (const Contradiction& each : found) {
    page.part(fmt::format("{} {}, {}: {}", each.type, each.subject, each.slot, each.because));
    std::vector<std::vector<std::string>> sides;
    for (const ContradictionSide* side : {&each.one, &each.other}) {
      for (const std::size_t i : side->rows) {
        const Assertion& row = answer.rows[i];
        sides.push_back({side->value, fmt::format("{} (no. {})", place_text(row.place), i + 1), published_text(row.article), source_of(row), speakers_text(row), quoted(row)});
      }
    }
    page.table({"Value", "Position", "Published", "Outlet", "Speaker", "Words"}, std::move(sides));
    std::string by;
    for (const Position position : each.settled_by) by += fmt::format("{}#{}", by.empty() ? " by " : ", ", position.value);
    page.paragraph(each.settled.empty() ? "Open." : "Settled: " + each.settled + by + ".");
  }

  page.section("Copies left out");
  std::vector<std::vector<std::string>> copies;
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    for (const CopiedAssertion& copy : answer.rows[i].copies)
      copies.push_back({place_text(copy.place), copy.published ? compact_time(format_published(*copy.published)) : "undated", copy.outlet.empty() ? "unknown outlet" : copy.outlet,
                        fmt::format("{} (no. {})", place_text(answer.rows[i].place), i + 1)});
  }
  if (copies.empty()) page.paragraph("None.");
  else page.table({"Position", "Published", "Outlet", "Says the same as"}, std::move(copies));

  page.section("What it rests on, and how to check it");
  page.fields({{"Log", plural(basis.log_size.value, "event")}, {"Root", basis.log_root.hex()}, {"Names as of lexicon", basis.lexicon}, {"Projections", fmt::format("version {}", basis.projection_version)}});
  if (options.checkpoint) {
    page.paragraph("Signed checkpoint:");
    page.code(*options.checkpoint);
  } else {
    page.paragraph("No signed checkpoint was asked for (--key): the root above is this program's word alone.");
  }
  page.paragraph("The root is that of RFC 9162, section 2.1.1, over the log's events. Whoever has the store checks that nothing among them was altered, dropped or slipped in since:");
  page.code(fmt::format("annals verify --root {} --size {}", basis.log_root.hex(), basis.log_size.value));
  if (!answer.rows.empty()) {
    const std::uint64_t first = answer.rows.front().place.position.value;
    if (options.checkpoint) {
      page.paragraph("Whoever has not needs the keeper's public key and the checkpoint above, saved as a file, and is given a proof of each statement with its words, here of the first:");
      page.code(fmt::format("annals prove {} --checkpoint checkpoint --out {}.proof --event {}.event\nannals verify --proof {}.proof --event {}.event --checkpoint checkpoint --public-key PUBLIC_KEY", first, first, first, first, first));
    } else {
      page.paragraph("Whoever has not needs the keeper's public key, and is given a proof of each statement with its words and a signed checkpoint, here of the first:");
      page.code(fmt::format("annals prove {} --key KEY --in-one --out {}.tlog-proof\nannals verify --proof {}.tlog-proof --public-key PUBLIC_KEY", first, first, first));
    }
  }
  page.paragraph("A note is named by the SHA-256 of its bytes, and places count bytes of its text (the note itself where it is UTF-8): whoever has the note finds the quoted words there. The same question to the same log gives this answer again:");
  page.code(options.command);
  page.note("A root that is signed by the log's keeper shows that the log has not changed since it was signed; when that was is shown by a witness's cosignature or a time stamp only.");
  return out;
}

}  // namespace annals::cli
