#include "tools/annals/audit_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "engine/audit/contradictions.h"
#include "engine/audit/copies.h"
#include "engine/audit/sources.h"
#include "engine/projection/projection.h"
#include "tools/annals/answers.h"

namespace annals::cli {
namespace {

std::string when_text(const Assertion& row) { return row.article.published ? compact_time(format_published(*row.article.published)) : "undated"; }

std::string who_text(const Assertion& row) {
  std::string out = row.article.outlet.value_or("unknown outlet");
  for (const std::string& speaker : row.speakers) out += ", " + speaker;
  return out;
}

// "3 days", "40 min".
std::string span_text(std::chrono::microseconds span) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(span).count();
  if (minutes < 120) return fmt::format("{} min", minutes);
  if (minutes < 48 * 60) return fmt::format("{} h", minutes / 60);
  return fmt::format("{} days", minutes / (24 * 60));
}

Json side_json(const ContradictionSide& side, const std::vector<Assertion>& rows) {
  Json said = Json::array();
  for (const std::size_t i : side.rows) {
    const Assertion& row = rows[i];
    Json each = place_json(row.place);
    each["outlet"] = row.article.outlet ? Json(*row.article.outlet) : Json(nullptr);
    each["speakers"] = row.speakers;
    each["published"] = row.article.published ? Json(format_published(*row.article.published)) : Json(nullptr);
    each["note"] = row.note.hex();
    each["article"] = row.article.ordinal;
    each["span"] = Json::array({row.span.begin, row.span.end});
    each["quote"] = row.quote;
    each["standing"] = standing_name(row.standing);
    said.push_back(std::move(each));
  }
  return {{"value", side.value}, {"said", std::move(said)}};
}

void put(Program& program, Format format, const AnswerBasis* basis, const std::string& name, Json items, Json more = Json::object()) {
  if (format == Format::kJsonl) {
    if (basis != nullptr) program.out.line(to_line(basis_line(*basis, nullptr)));
    for (const Json& each : items) {
      Json line{{"kind", name}};
      line.update(each);
      program.out.line(to_line(line));
    }
    return;
  }
  Json out = Json::object();
  if (basis != nullptr) out["basis"] = basis_json(*basis);
  out.update(more);
  out[name.ends_with("y") ? name.substr(0, name.size() - 1) + "ies" : name + "s"] = std::move(items);
  program.out.line(out.dump(2, ' ', false, Json::error_handler_t::replace));
}

Json record_json(const SourceRecord& record) {
  Json repeated = Json::object();
  for (const auto& [who, count] : record.repeated_by) repeated[who] = count;
  Json forecasts = Json::object();
  for (std::size_t i = 0; i < record.forecasts.size(); ++i) forecasts[std::string(outcome_name(static_cast<Outcome>(i)))] = record.forecasts[i];
  return {{"is", record.outlet ? "outlet" : "speaker"}, {"name", record.name}, {"claims", record.claims}, {"copied", record.copied}, {"first", record.first},
          {"first_by_said_at", record.by_said_at}, {"followed", record.followed}, {"lead_seconds", record.followed == 0 ? Json(nullptr) : Json(std::chrono::duration_cast<std::chrono::seconds>(record.lead_median).count())},
          {"repeated_by", std::move(repeated)}, {"confirmed", record.confirmed}, {"contradicted", record.contradicted}, {"denied", record.denied},
          {"taken_back", record.taken_back}, {"forecasts", std::move(forecasts)}};
}

void print_records(Program& program, const std::vector<SourceRecord>& records, const std::string& what) {
  Table table({{what, false, 30}, {"claims", true}, {"copied", true}, {"first", true}, {"lead"}, {"confirmed", true}, {"against", true}, {"denied", true}, {"taken back", true}, {"forecasts", false, 40}, {"repeated by", false, 40}});
  const auto number = [](std::uint64_t count) { return count == 0 ? std::string() : grouped(count); };
  for (std::size_t i = 0; i < records.size() && i < 40; ++i) {
    const SourceRecord& record = records[i];
    std::string forecasts;
    for (std::size_t k = 0; k < record.forecasts.size(); ++k)
      if (record.forecasts[k] > 0) forecasts += fmt::format("{}{} {}", forecasts.empty() ? "" : ", ", record.forecasts[k], outcome_name(static_cast<Outcome>(k)));
    std::vector<std::pair<std::uint64_t, std::string>> after;
    for (const auto& [who, count] : record.repeated_by) after.emplace_back(count, who);
    std::sort(after.begin(), after.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string repeated;
    for (std::size_t k = 0; k < after.size() && k < 3; ++k) repeated += fmt::format("{}{} {}", repeated.empty() ? "" : ", ", after[k].second, after[k].first);
    table.add({record.name, grouped(record.claims), number(record.copied), number(record.first), record.followed == 0 ? "" : span_text(record.lead_median), number(record.confirmed),
               number(record.contradicted), number(record.denied), number(record.taken_back), forecasts, repeated});
  }
  if (!table.empty()) program.out.write(table.render(program.width, program.colour));
  if (records.size() > 40) program.out.line(fmt::format("and {} more", records.size() - 40));
  program.out.line("");
}

Json head_text(const SeenArticle& article) {
  return {{"note", article.place.note.hex()}, {"article", article.place.ordinal}, {"title", article.head.title}, {"outlet", article.head.outlet ? Json(*article.head.outlet) : Json(nullptr)},
          {"published", article.head.published ? Json(format_published(*article.head.published)) : Json(nullptr)}, {"position", article.first.value}};
}

std::string article_text(const SeenArticle& article) {
  return fmt::format("{}  {}  {}  #{}", article.head.published ? compact_time(format_published(*article.head.published)) : "undated", article.head.outlet.value_or("unknown outlet"), article.head.title, article.first.value);
}

}  // namespace

std::string place_text(const AssertionPlace& place) { return place.claim ? fmt::format("#{}.{}", place.position.value, *place.claim) : fmt::format("#{}", place.position.value); }

Json place_json(const AssertionPlace& place) { return {{"position", place.position.value}, {"claim", place.claim ? Json(*place.claim) : Json(nullptr)}}; }

Result<AuditQuestion> understand_question(const std::vector<std::string>& typed, const Query& query, const Lexicon& lexicon) {
  AuditQuestion out;
  if (typed.empty()) return out;
  if (find_projection_help(typed.front()) != nullptr) {
    out.projection = typed.front();
    std::string key;
    for (std::size_t i = 1; i < typed.size(); ++i) key += (i == 1 ? "" : " ") + typed[i];
    if (!key.empty()) {
      auto resolved = query.resolve_key(*out.projection, key);
      if (!resolved) return resolved.error();
      // A destination that nobody typed is not asked for.
      out.key = key.find('/') == std::string::npos ? resolved->entity : resolved->key;
    }
    return out;
  }
  std::string whole;
  for (const std::string& word : typed) whole += (whole.empty() ? "" : " ") + word;
  const Entity* entity = lexicon.find(whole);
  if (entity == nullptr) entity = lexicon.by_name(whole);
  if (entity != nullptr) {
    out.entity = entity->id;
    return out;
  }
  std::istringstream words(whole);
  for (std::string word; words >> word;) out.words.push_back(word);
  return out;
}

Json contradiction_json(const Contradiction& each, const std::vector<Assertion>& rows) {
  Json by = Json::array();
  for (const Position position : each.settled_by) by.push_back(position.value);
  return {{"is", contradiction_kind_name(each.kind)}, {"type", each.type}, {"subject", each.subject}, {"slot", each.slot}, {"because", each.because}, {"found", format_utc(each.found)},
          {"settled", each.settled.empty() ? Json(nullptr) : Json(each.settled)}, {"settled_by", std::move(by)},
          {"sides", Json::array({side_json(each.one, rows), side_json(each.other, rows)})}};
}

std::string contradiction_text(const Contradiction& each, const std::vector<Assertion>& rows) {
  const auto side = [&](const ContradictionSide& of) {
    std::string who;
    for (std::size_t i = 0; i < of.rows.size() && i < 3; ++i) who += (i == 0 ? "" : "; ") + who_text(rows[of.rows[i]]);
    if (of.rows.size() > 3) who += fmt::format(" and {} more", of.rows.size() - 3);
    return fmt::format("{} ({})", of.value, who);
  };
  return fmt::format("{} {}, {}: {} against {}", each.type, each.subject, each.slot, side(each.one), side(each.other));
}

Result<int> print_contradictions(Program& program, const Lexicon& lexicon, const AuditAnswer& answer, const Zone& zone, Format format) {
  const auto found = contradictions(answer, lexicon, zone);
  if (format != Format::kTable) {
    Json items = Json::array();
    for (const Contradiction& each : found) items.push_back(contradiction_json(each, answer.rows));
    put(program, format, &answer.basis, "contradiction", std::move(items));
    return kDone;
  }
  for (const Contradiction& each : found) {
    program.out.line(paint(fmt::format("{} {}, {}: {}", each.type, each.subject, each.slot, each.because), Ink::kBold, program.colour));
    for (const ContradictionSide* side : {&each.one, &each.other}) {
      program.out.line("  " + side->value);
      for (const std::size_t i : side->rows) {
        const Assertion& row = answer.rows[i];
        program.out.line(fmt::format("    {}  {}  {}{}", place_text(row.place), when_text(row), who_text(row), row.standing == Standing::kStands ? "" : fmt::format("  ({})", standing_name(row.standing))));
        Evidence words;
        words.quote = row.quote;
        words.rendition = row.article.rendition;
        for (const std::string& line : wrap(quote_text(words), program.width > 24 ? program.width - 6 : 18)) program.out.line("      " + line);
      }
    }
    std::string by;
    for (const Position position : each.settled_by) by += fmt::format("{}#{}", by.empty() ? " by " : ", ", position.value);
    program.out.line(each.settled.empty() ? "  open" : "  settled: " + each.settled + by);
    program.out.line("");
  }
  program.out.line(paint(found.empty() ? "no contradictions found" : fmt::format("{} among {} assertions", found.size() == 1 ? "1 contradiction" : grouped(found.size()) + " contradictions", grouped(answer.rows.size())), Ink::kDim, program.colour));
  print_basis(program, answer.basis, zone);
  return kDone;
}

Result<int> print_sources(Program& program, const EventLog& log, const Lexicon& lexicon, const AuditAnswer& answer, const Bounds& bounds, const Zone& zone, Format format) {
  ANNALS_TRY(const CopyAnswer copies, find_copies(log, bounds));
  const SourceLedger ledger = source_ledger(answer, copies, lexicon, zone, answer.basis.published_by);
  if (format != Format::kTable) {
    Json items = Json::array();
    for (const auto* list : {&ledger.outlets, &ledger.speakers})
      for (const SourceRecord& record : *list) items.push_back(record_json(record));
    Json sayings = Json::array();
    for (const Saying& saying : ledger.sayings) {
      Json places = Json::array();
      for (const std::size_t i : saying.rows) places.push_back(place_json(answer.rows[i].place));
      sayings.push_back({{"type", saying.type}, {"subject", saying.subject}, {"says", saying.says}, {"outlets", saying.outlets}, {"origins", saying.origins}, {"copies", saying.copies}, {"said", std::move(places)}});
    }
    Json forecasts = Json::array();
    for (const Forecast& forecast : ledger.forecasts) {
      const Assertion& row = answer.rows[forecast.row];
      Json each = place_json(row.place);
      each.update(Json{{"type", row.type}, {"subject", row.subject}, {"says", row.says}, {"outcome", outcome_name(forecast.outcome)}, {"by", forecast.by ? place_json(answer.rows[*forecast.by].place) : Json(nullptr)}});
      forecasts.push_back(std::move(each));
    }
    if (format == Format::kJsonl) {
      put(program, format, &answer.basis, "source", std::move(items));
      put(program, format, nullptr, "saying", std::move(sayings));
      put(program, format, nullptr, "forecast", std::move(forecasts));
    } else {
      put(program, format, &answer.basis, "source", std::move(items), {{"sayings", std::move(sayings)}, {"forecasts", std::move(forecasts)}});
    }
    return kDone;
  }
  print_records(program, ledger.outlets, "outlet");
  print_records(program, ledger.speakers, "speaker");
  Table wide({{"said by several", false, 60}, {"outlets", true}, {"origins", true}, {"in copies", true}, {"first"}, {"ranked by"}});
  for (std::size_t i = 0; i < ledger.sayings.size() && i < 40; ++i) {
    const Saying& saying = ledger.sayings[i];
    const Assertion& first = answer.rows[saying.rows.front()];
    wide.add({fmt::format("{} {}: {}", saying.type, saying.subject, saying.says), grouped(saying.outlets), grouped(saying.origins), saying.copies == 0 ? "" : grouped(saying.copies),
              fmt::format("{} {} {}", place_text(first.place), when_text(first), first.article.outlet.value_or("unknown outlet")), first.claim && first.claim->said_at ? "said at" : "published"});
  }
  if (!wide.empty()) program.out.write(wide.render(program.width, program.colour));
  program.out.line("");
  Table forecasts({{"forecast", false, 70}, {"by"}, {"outcome"}, {"shown by"}});
  for (std::size_t i = 0; i < ledger.forecasts.size() && i < 40; ++i) {
    const Forecast& forecast = ledger.forecasts[i];
    const Assertion& row = answer.rows[forecast.row];
    forecasts.add({fmt::format("{} {}: {}", row.type, row.subject, row.says), fmt::format("{} {}", place_text(row.place), who_text(row)), std::string(outcome_name(forecast.outcome)),
                   forecast.by ? place_text(answer.rows[*forecast.by].place) : ""});
  }
  if (!forecasts.empty()) program.out.write(forecasts.render(program.width, program.colour));
  if (ledger.forecasts.size() > 40) program.out.line(fmt::format("and {} more forecasts; --format json has all", grouped(ledger.forecasts.size() - 40)));
  print_basis(program, answer.basis, zone);
  return kDone;
}

Result<int> print_copies(Program& program, const EventLog& log, const Bounds& bounds, const Zone& zone, Format format) {
  static_cast<void>(zone);
  ANNALS_TRY(const CopyAnswer answer, find_copies(log, bounds));
  if (format != Format::kTable) {
    Json items = Json::array();
    for (const CopyLink& link : answer.links) {
      Json edits = Json::array();
      for (const Edit& edit : link.edits) edits.push_back({{"removed", edit.removed}, {"added", edit.added}});
      items.push_back({{"is", copy_kind_name(link.kind)}, {"copy", head_text(answer.articles[link.copy])}, {"of", head_text(answer.articles[link.of])}, {"first", head_text(answer.articles[answer.group[link.copy]])},
                       {"containment", link.containment}, {"jaccard", link.jaccard}, {"shared", link.shared}, {"edits", std::move(edits)}, {"edits_left_out", link.edits_left_out}});
    }
    put(program, format, nullptr, "copy", std::move(items), {{"articles", answer.articles.size()}});
    return kDone;
  }
  for (const CopyLink& link : answer.links) {
    program.out.line(article_text(answer.articles[link.copy]));
    program.out.line(fmt::format("  {} of  {}", copy_kind_name(link.kind), article_text(answer.articles[link.of])));
    program.out.line(paint(fmt::format("  {:.2f} of the shorter text is in the other, {:.2f} of both is common", link.containment, link.jaccard), Ink::kDim, program.colour));
    for (const Edit& edit : link.edits) program.out.line(fmt::format("    [-{}-] {{+{}+}}", edit.removed, edit.added));
    if (link.edits_left_out > 0) program.out.line(fmt::format("    and {} more edits", link.edits_left_out));
    program.out.line("");
  }
  program.out.line(paint(fmt::format("{} of {} articles copy or revise an earlier one", grouped(answer.links.size()), grouped(answer.articles.size())), Ink::kDim, program.colour));
  return kDone;
}

Result<LeftOut> parse_left_out(const std::string& text) {
  const auto bad = [&](std::string_view what) { return Error{ErrorCode::kInvalid, fmt::format("--without: expected {}, found '{}'", what, text)}; };
  const std::size_t split = text.find('=');
  const std::string name = text.substr(0, split);
  const std::string value = split == std::string::npos ? "" : text.substr(split + 1);
  if (value.empty()) return bad("outlet=, speaker=, statement=, note= or article= with a value");
  const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc() && end == digits.data() + digits.size() ? std::optional(out) : std::nullopt;
  };
  LeftOut out;
  if (name == "outlet") {
    out.outlet = value;
  } else if (name == "speaker") {
    out.speaker = value;
  } else if (name == "statement") {
    const auto position = number(value.front() == '#' ? std::string_view(value).substr(1) : std::string_view(value));
    if (!position) return bad("statement=POSITION");
    out.statement = Position{*position};
  } else if (name == "note" || name == "article") {
    const std::size_t slash = value.find('/');
    if ((name == "article") != (slash != std::string::npos)) return bad(name == "note" ? "note=HASH" : "article=HASH/ORDINAL");
    const auto hash = Digest::from_hex(value.substr(0, slash));
    if (!hash) return bad("the note's whole hash in hexadecimal digits");
    out.note = *hash;
    if (slash != std::string::npos) {
      const auto ordinal = number(std::string_view(value).substr(slash + 1));
      if (!ordinal || *ordinal == 0 || *ordinal > UINT32_MAX) return bad("article=HASH/ORDINAL");
      out.article = static_cast<std::uint32_t>(*ordinal);
    }
  } else {
    return bad("outlet=, speaker=, statement=, note= or article=");
  }
  return out;
}

Result<int> print_without(Program& program, const EventLog& log, const Lexicon& lexicon, const LeftOut& left_out, const AuditQuestion& question, const Zone& zone, Format format) {
  static_cast<void>(zone);
  if (question.entity || !question.words.empty()) return Error{ErrorCode::kInvalid, "--without: expected no query, or a projection with or without its key"};
  ANNALS_TRY(const WithoutAnswer answer,
             answers_without(log, lexicon, left_out, question.projection, question.key.empty() ? std::nullopt : std::optional(question.key), question.bounds));
  const auto value = [](const std::optional<Entry>& entry) { return entry ? fmt::format("{} {} ({})", value_text(*entry), time_text(*entry), sources_text(*entry)) : std::string("nothing known"); };
  if (format != Format::kTable) {
    Json items = Json::array();
    for (const ChangedAnswer& each : answer.changed)
      items.push_back({{"projection", each.projection}, {"key", each.key}, {"lane", lane_name(each.lane)}, {"with", each.with ? entry_json(*each.with) : Json(nullptr)}, {"without", each.without ? entry_json(*each.without) : Json(nullptr)}});
    Json unchanged = Json::array();
    for (const auto& [projection, key] : answer.unchanged) unchanged.push_back({{"projection", projection}, {"key", key}});
    if (format == Format::kJsonl) {
      put(program, format, nullptr, "changed", std::move(items));
      put(program, format, nullptr, "unchanged", std::move(unchanged));
    } else {
      program.out.line(Json{{"statements", answer.statements}, {"changed", std::move(items)}, {"unchanged", std::move(unchanged)}, {"log_to", answer.upto.value}}.dump(2, ' ', false, Json::error_handler_t::replace));
    }
    return kDone;
  }
  Table table({{"projection"}, {"key", false, 30}, {"lane"}, {"with it", false, 60}, {"without it", false, 60}});
  for (const ChangedAnswer& each : answer.changed) table.add({each.projection, each.key, std::string(lane_name(each.lane)), value(each.with), value(each.without)});
  if (!table.empty()) program.out.write(table.render(program.width, program.colour));
  std::string rest;
  for (const auto& [projection, key] : answer.unchanged) rest += fmt::format("{}{} {}", rest.empty() ? "" : ", ", projection, key);
  if (!rest.empty()) {
    program.out.line("");
    for (const std::string& line : wrap("rest on it too and stay what they are: " + rest, program.width)) program.out.line(line);
  }
  program.out.line(paint(fmt::format("{} statements left out; {} answers change, {} rest on it and stay; log to position {}", grouped(answer.statements), grouped(answer.changed.size()), grouped(answer.unchanged.size()), answer.upto.value),
                         Ink::kDim, program.colour));
  return kDone;
}

}  // namespace annals::cli
