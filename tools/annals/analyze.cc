// annals analyze: how a text is read. Nothing is stored.

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "engine/base/utf8.h"
#include "engine/language/quantities.h"
#include "engine/language/times.h"
#include "engine/statement/statement.h"
#include "tools/annals/commands.h"
#include "tools/annals/json.h"

namespace annals::cli {
namespace {

struct Options {
  std::string file = "-";
  bool jsonl = false;
  bool explain = false;
  std::string reference;
  std::string tz = "UTC";
};

struct Text {
  Json id;
  std::string text;
  std::string reference;   // ISO wall time; empty: none
};

struct Analysis {
  Reading reading;
  std::vector<Quantity> inner_numerals;  // 25 of "25亿元", 2026 of "2026年"
  std::vector<DurationMention> durations;
  std::optional<Published> published;
};

Result<Text> parse_text(const std::string& line, std::uint64_t number, const Options& options) {
  Text out{number, line, options.reference};
  if (!line.starts_with('{')) return out;
  const Json json = Json::parse(line, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return Error{ErrorCode::kInvalid, "expected a JSON object {\"id\",\"text\",\"reference\"}"};
  const auto text = json.find("text");
  if (text == json.end() || !text->is_string()) return Error{ErrorCode::kInvalid, "text: expected a string"};
  out.text = text->get<std::string>();
  if (const auto id = json.find("id"); id != json.end()) out.id = *id;
  if (const auto reference = json.find("reference"); reference != json.end() && !reference->is_null()) {
    if (!reference->is_string()) return Error{ErrorCode::kInvalid, "reference: expected an ISO time"};
    out.reference = reference->get<std::string>();
  }
  return out;
}

Result<Analysis> analyze(const Text& text, const Lexicon& lexicon, const Zone& zone) {
  Analysis out;
  std::optional<Civil> reference;
  if (!text.reference.empty()) {
    ANNALS_TRY(const CivilRange range, parse_civil(text.reference));
    reference = range.from;
    ANNALS_TRY(out.published, make_published(text.reference, zone, ZoneSource::kOperator));
  }
  // The text as one paragraph of an article, read as it would be in a note.
  Article article;
  article.span = {0, text.text.size()};
  article.head.published = out.published;
  article.blocks.push_back({BlockKind::kParagraph, article.span, 0});
  ArticleText whole{{}, article.head, {}, split_statements(text.text, article)};
  const auto readings = RuleInterpreter(lexicon).read(whole);
  for (const Reading& each : readings) {
    for (const std::string& speaker : each.speakers) {
      auto& speakers = out.reading.speakers;
      if (std::find(speakers.begin(), speakers.end(), speaker) == speakers.end()) speakers.push_back(speaker);
    }
    out.reading.claims.insert(out.reading.claims.end(), each.claims.begin(), each.claims.end());
  }
  if (!readings.empty()) {
    out.reading.modality = readings.front().modality;
    out.reading.attribution = readings.front().attribution;
  }
  // Times and quantities of the whole text: what stands in no statement counts too.
  const FoldedText folded(text.text);
  out.reading.times = read_times(folded, text.text, reference);
  out.reading.quantities = read_quantities(folded, text.text);
  out.durations = read_durations(folded, text.text);
  out.inner_numerals = read_inner_numerals(folded, text.text);
  out.reading.entities = lexicon.mentions(folded);
  return out;
}

Json analysis_json(const Text& text, const Analysis& analysis, const Zone& zone, bool explain) {
  const Reading& reading = analysis.reading;
  Json claims = Json::array();
  for (const Claim& claim : reading.claims) {
    Json json = claim_json(claim, analysis.published, zone);
    if (!explain) json.erase("rule");
    claims.push_back(std::move(json));
  }
  Json durations = Json::array();
  for (const DurationMention& each : analysis.durations)
    durations.push_back({{"text", each.text}, {"span", {each.span.begin, each.span.end}}, {"value", number_json(each.value)},
                         {"high", each.high ? number_json(*each.high) : Json(nullptr)}, {"unit", each.unit}});
  // The numerals inside amounts and dates stand beside them, marked as parts.
  Json quantities = quantities_json(reading.quantities);
  for (Json& part : quantities_json(analysis.inner_numerals)) {
    part["part"] = true;
    quantities.push_back(std::move(part));
  }
  return {{"id", text.id},
          {"text", text.text},
          {"times", times_json(reading.times)},
          {"durations", std::move(durations)},
          {"quantities", std::move(quantities)},
          {"entities", entities_json(reading.entities)},
          {"speakers", reading.speakers},
          {"modality", modality_name(reading.modality)},
          {"attribution", attribution_name(reading.attribution)},
          {"claims", std::move(claims)}};
}

std::string slots_text(const Json& slots) {
  std::string out;
  for (const auto& [name, value] : slots.items()) {
    const auto one = [](const Json& each) {
      if (each.is_string()) return each.get<std::string>();
      if (each.is_object() && each.contains("id")) return each["id"].get<std::string>();
      if (each.is_object() && each.contains("value")) return to_line(each["value"]) + (each.contains("unit") ? " " + each["unit"].get<std::string>() : "");
      return to_line(each);
    };
    std::string text;
    if (value.is_array()) {
      for (const Json& each : value) text += (text.empty() ? "" : ", ") + one(each);
    } else {
      text = one(value);
    }
    out += (out.empty() ? "" : "  ") + name + "=" + text;
  }
  return out;
}

void print(Program& program, const Text& text, const Analysis& analysis, const Zone& zone, bool explain) {
  program.out.line(paint(text.text, Ink::kBold, program.colour));
  Table table({{"", false, 10}, {"", false, 30}, {"", false, 90, true}});
  const Reading& reading = analysis.reading;
  for (const TimeMention& time : reading.times) {
    table.add({Cell("time", Ink::kCyan), time.text,
               fmt::format("{}  ({}{}{})", time.iso, grain_name(time.grain), time.mod == TimeMod::kNone ? "" : ", ", time_mod_name(time.mod))});
  }
  for (const Quantity& quantity : reading.quantities) {
    table.add({Cell("quantity", Ink::kCyan), quantity.text,
               fmt::format("{} {}{}{}{}", quantity_kind_name(quantity.kind), quantity.comparator == Comparator::kEqual ? "" : fmt::format("{} ", comparator_name(quantity.comparator)),
                           to_line(number_json(quantity.value)), quantity.high ? ".." + to_line(number_json(*quantity.high)) : "",
                           quantity.currency.empty() ? (quantity.unit.empty() ? "" : " " + quantity.unit) : " " + quantity.currency)});
  }
  for (const DurationMention& each : analysis.durations)
    table.add({Cell("duration", Ink::kCyan), each.text,
               fmt::format("{}{}{} {}", each.longer ? ">= " : "", to_line(number_json(each.value)), each.high ? ".." + to_line(number_json(*each.high)) : "", each.unit)});
  for (const EntityMention& entity : reading.entities) {
    table.add({Cell("entity", Ink::kCyan), entity.text, fmt::format("{} ({})", entity.id.empty() ? "not in the lexicon" : entity.id, entity_kind_name(entity.kind))});
  }
  std::string speakers;
  for (const std::string& speaker : reading.speakers) speakers += (speakers.empty() ? "" : ", ") + speaker;
  if (!speakers.empty()) table.add({Cell("speaker", Ink::kCyan), speakers, std::string(attribution_name(reading.attribution))});
  for (const Claim& claim : reading.claims) {
    const Json json = claim_json(claim, analysis.published, zone);
    table.add({Cell("claim", Ink::kGreen), json["type"].get<std::string>(),
               fmt::format("{}  [{} {} {}{}]{}", slots_text(json["slots"]), modality_name(claim.modality), attribution_name(claim.attribution), aspect_name(claim.aspect),
                           claim.when ? " " + claim.when->iso : "", explain ? fmt::format("  rule {}, from \"{}\"", claim.rule, claim.quote) : "")});
  }
  if (table.empty()) table.add({"", "nothing read", ""});
  program.out.write(table.render(program.width, program.colour));
  program.out.write("\n");
}

Result<int> run(Program& program, const Options& options) {
  ANNALS_TRY(const Lexicon* lexicon, program.lexicon());
  ANNALS_TRY(const Zone zone, Zone::find(options.tz));
  std::ifstream file;
  if (options.file != "-") {
    file.open(options.file, std::ios::binary);
    if (!file) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", options.file, std::strerror(errno))};
  }
  std::istream& in = options.file == "-" ? std::cin : file;
  std::uint64_t number = 0;
  bool bad = false;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) continue;
    const auto refuse = [&](const Error& error) {
      program.complain(fmt::format("{}:{}: {}", options.file, number, error.message));
      bad = true;
    };
    if (const auto broken = find_invalid_utf8(line)) {
      refuse({ErrorCode::kInvalid, fmt::format("byte {}: expected UTF-8", *broken + 1)});
      continue;
    }
    const auto text = parse_text(line, number, options);
    if (!text) {
      refuse(text.error());
      continue;
    }
    const auto analysis = analyze(*text, *lexicon, zone);
    if (!analysis) {
      refuse(at("reference", analysis.error()));
      continue;
    }
    if (options.jsonl) program.out.line(to_line(analysis_json(*text, *analysis, zone, options.explain)));
    else print(program, *text, *analysis, zone, options.explain);
    if (program.out.failed()) break;
  }
  return bad ? kUnusable : kDone;
}

}  // namespace

void add_analyze(Command& app, Program& program) {
  auto options = std::make_shared<Options>();
  Command* command = app.add_subcommand("analyze", "Show how texts are read: times, quantities, entities, speakers, claims; stores nothing");
  command->add_option("FILE", options->file, "One text a line, or one {\"id\",\"text\",\"reference\"} a line; - (default) is standard input");
  command->add_flag("--jsonl", options->jsonl, "Write one JSON object a line instead of a table for people");
  command->add_flag("--explain", options->explain, "Name the rule behind each claim and the words that it was read from");
  command->add_option("--reference", options->reference, "Wall time that relative times start from, where a line gives none")->type_name("T");
  command->add_option("--tz", options->tz, "Zone of the reference (default UTC)")->type_name("Z");
  add_examples(*command, {{"echo '英伟达称H20今年8月恢复对华销售' | annals analyze --reference 2025-12-09", ""},
                          {"annals analyze --jsonl texts.jsonl", "spans are byte offsets into each text"}});
  command->callback([&program, options] { program.run = [&program, options] { return run(program, *options); }; });
}

}  // namespace annals::cli
