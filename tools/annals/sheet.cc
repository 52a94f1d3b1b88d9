#include "tools/annals/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "engine/claim/kinds.h"
#include "engine/ingest/ingest.h"
#include "engine/ingest/reread.h"
#include "tools/annals/csv.h"
#include "tools/annals/names.h"
#include "tools/annals/table.h"

namespace annals::cli {
namespace {

const InterpreterId kBySheet{std::string(kSheet), 1};
constexpr std::array<std::string_view, 12> kColumns = {"date",     "type",        "when",   "outlet", "link",   "title",
                                                       "speaker", "modality", "attribution", "aspect", "by", "because"};

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> divided(std::string_view text, char divider) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(divider, at), text.size());
    if (std::string part = trimmed(text.substr(at, end - at)); !part.empty()) out.push_back(std::move(part));
    at = end + 1;
  }
  return out;
}

// "https://www.example.org/a" → "example.org"
std::string host_of(std::string_view link) {
  if (const auto scheme = link.find("://"); scheme != std::string_view::npos) link.remove_prefix(scheme + 3);
  link = link.substr(0, link.find_first_of("/?#:"));
  if (link.starts_with("www.")) link.remove_prefix(4);
  return link.find('.') == std::string_view::npos ? std::string() : std::string(link);
}

Result<Amount> amount_of(const std::string& text) {
  Amount out;
  std::string digits;
  for (const char c : text)
    if (c != ',' && c != ' ') digits += c;
  const bool percent = digits.ends_with('%');
  if (percent) digits.pop_back();
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), out.value);
  if (bad != std::errc{} || end != digits.data() + digits.size()) return invalid(fmt::format("expected a number, found '{}'", text));
  if (percent) out.value /= 100;
  return out;
}

// A cell that is wrong, by its column; npos: the row as a whole.
struct Wrong {
  std::size_t column = std::string::npos;
  Error error;
};

class Reader {
 public:
  Reader(const Note& note, const CsvRecord& heading, const Lexicon& lexicon, const SheetOptions& options, const Zone& store_zone)
      : note_(note), heading_(heading), lexicon_(lexicon), options_(options), store_zone_(store_zone) {
    for (std::size_t i = 0; i < heading.cells.size(); ++i) columns_[column_name(heading.cells[i])] = i;
  }
  static std::string column_name(std::string_view cell) {
    std::string out = fold(trimmed(cell));
    std::replace(out.begin(), out.end(), ' ', '_');
    return out == "by_whom" ? "by" : out;
  }

  struct Row {
    StatementEvent statement;
    std::string by;
    std::string because;
  };
  // Throws Wrong.
  Row read(const CsvRecord& record, std::uint32_t ordinal) const {
    record_ = &record;
    if (record.cells.size() > heading_.cells.size())
      throw Wrong{heading_.cells.size(), invalid(fmt::format("expected {} cells, found {}", heading_.cells.size(), record.cells.size()))};
    Row out;
    out.by = cell("by").empty() ? options_.by.value_or("") : cell("by");
    if (out.by.empty()) throw Wrong{column("by"), invalid("by: expected who vouches for it, found nothing")};
    out.because = cell("because");
    const std::string type = cell("type").empty() ? options_.type : cell("type");
    const ClaimKind* kind = find_claim_kind(type);
    if (kind == nullptr) {
      std::string known;
      for (const ClaimKind& each : claim_kinds()) known += (known.empty() ? "" : ", ") + std::string(each.name);
      throw Wrong{column("type"), invalid(fmt::format("type: expected one of {}, found '{}'", known, type))};
    }

    ArticleHead& head = out.statement.article;
    head.ordinal = ordinal;
    head.title = cell("title");
    if (!cell("link").empty()) head.link = cell("link");
    if (!cell("outlet").empty()) head.outlet = cell("outlet");
    else if (const std::string host = host_of(cell("link")); !host.empty()) head.outlet = host;
    else head.outlet = options_.outlet;
    auto published = make_published(cell("date"), options_.zone.value_or(store_zone_), options_.zone ? ZoneSource::kOperator : ZoneSource::kAssumed);
    if (!published) throw Wrong{column("date"), at("date", published.error())};
    head.published = *std::move(published);
    out.statement.note = note_.hash;
    out.statement.interpreter = kBySheet;
    out.statement.lexicon_version = lexicon_.version();

    Statement& statement = out.statement.statement;
    statement.span = record.span;
    statement.text = note_.text.substr(record.span.begin, record.span.size());
    statement.heading = note_.text.substr(heading_.span.begin, heading_.span.size());
    statement.heading_span = heading_.span;
    statement.block = BlockKind::kBullet;
    head.text_hash = running_text_hash({statement});

    out.statement.reading.claims.push_back(claim(*kind, statement));
    const Claim& made = out.statement.reading.claims.front();
    out.statement.reading.modality = made.modality;
    out.statement.reading.attribution = made.attribution;
    out.statement.reading.speakers = made.speakers;
    return out;
  }

 private:
  std::size_t column(const std::string& name) const {
    const auto found = columns_.find(name);
    return found == columns_.end() ? std::string::npos : found->second;
  }
  std::string cell(const std::string& name) const {
    const std::size_t i = column(name);
    return i < record_->cells.size() ? trimmed(record_->cells[i]) : std::string();
  }
  template <class E>
  E one_of(const std::string& name, std::optional<E> (*find)(std::string_view), E fallback, std::string_view known) const {
    const std::string text = cell(name);
    if (text.empty()) return fallback;
    const auto found = find(text);
    if (!found) throw Wrong{column(name), invalid(fmt::format("{}: expected one of {}, found '{}'", name, known, text))};
    return *found;
  }

  Claim claim(const ClaimKind& kind, const Statement& statement) const {
    Claim out;
    out.type = kind.type;
    out.span = statement.span;
    out.quote = statement.text;
    out.rule = std::string(kSheet);
    out.speakers = divided(cell("speaker"), ';');
    out.modality = one_of<Modality>("modality", find_modality, Modality::kAsserted, "asserted, reported, denied, forecast, planned, conditional");
    out.attribution = one_of<Attribution>("attribution", find_attribution, out.speakers.empty() ? Attribution::kOwn : Attribution::kNamed, "own, named, anonymous, hearsay");
    const bool ahead = out.modality == Modality::kPlanned || out.modality == Modality::kForecast || out.modality == Modality::kConditional;
    out.aspect = one_of<Aspect>("aspect", find_aspect, ahead ? Aspect::kTarget : Aspect::kBegins, "begins, holds, held, target");
    if (const std::string when = cell("when"); !when.empty()) {
      auto parsed = parse_when(when);
      if (!parsed) throw Wrong{column("when"), at("when", parsed.error())};
      out.when = *std::move(parsed);
    }
    for (const auto& [name, i] : columns_) {
      const std::string text = cell(name);
      if (text.empty() || std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end()) continue;
      const SlotSpec* spec = kind.slot(name);
      if (spec == nullptr) throw Wrong{i, invalid(fmt::format("{}: {} has no such slot; expected an empty cell, found '{}'", name, kind.name, text))};
      switch (spec->type) {
        case SlotType::kEntity: out.set(name, EntityRef{text, text, true}); break;
        case SlotType::kEntities: {
          std::vector<EntityRef> list;
          for (std::string& each : divided(text, ';')) list.push_back({each, each, true});
          out.set(name, std::move(list));
          break;
        }
        case SlotType::kAmount: {
          auto amount = amount_of(text);
          if (!amount) throw Wrong{i, at(name, amount.error())};
          out.set(name, *amount);
          break;
        }
        case SlotType::kText: out.set(name, text); break;
        case SlotType::kVocabulary: {
          if (std::find(spec->vocabulary.begin(), spec->vocabulary.end(), text) == spec->vocabulary.end()) {
            std::string known;
            for (const std::string_view word : spec->vocabulary) known += (known.empty() ? "" : ", ") + std::string(word);
            throw Wrong{i, invalid(fmt::format("{}: expected one of {}, found '{}'", name, known, text))};
          }
          out.set(name, text);
          break;
        }
      }
    }
    for (const SlotSpec& spec : kind.slots) {
      if (spec.required && out.slot(spec.name) == nullptr)
        throw Wrong{column(std::string(spec.name)), invalid(fmt::format("{}: {} needs one, found nothing", spec.name, kind.name))};
    }
    resolve_names(out, lexicon_);
    if (auto valid = validate_claim(out); !valid) throw Wrong{std::string::npos, valid.error()};
    return out;
  }

  const Note& note_;
  const CsvRecord& heading_;
  const Lexicon& lexicon_;
  const SheetOptions& options_;
  const Zone& store_zone_;
  std::map<std::string, std::size_t> columns_;
  mutable const CsvRecord* record_ = nullptr;
};

// kInvalid: a column that nothing knows, one twice, or none that is needed.
Status check_heading(const Note& note, const CsvRecord& heading) {
  std::map<std::string, std::size_t> seen;
  const auto place = [&](std::size_t i) { return fmt::format("{}:{}", note.origin, line_and_column(note.text, heading.places[i])); };
  for (std::size_t i = 0; i < heading.cells.size(); ++i) {
    const std::string name = Reader::column_name(heading.cells[i]);
    bool known = std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end();
    for (const ClaimKind& kind : claim_kinds()) known = known || kind.slot(name) != nullptr;
    if (!known) {
      std::string names;
      for (const std::string_view each : kColumns) names += (names.empty() ? "" : ", ") + std::string(each);
      return invalid(fmt::format("{}: expected a column named {} or like a slot of a claim (product, status, company, stage, …), found '{}'", place(i), names, heading.cells[i]));
    }
    if (!seen.emplace(name, i).second) return invalid(fmt::format("{}: column '{}' stands there twice", place(i), heading.cells[i]));
  }
  if (!seen.contains("date")) return invalid(fmt::format("{}: expected a column named date", place(0)));
  return {};
}

}  // namespace

Result<SheetSummary> import_sheet(EventLog& log, std::string bytes, const Lexicon& lexicon, const SheetOptions& options,
                                  const std::function<void(const std::string&)>& complain) {
  const std::string as_it_came = bytes;
  ANNALS_TRY(const Note note, decode_note(std::move(bytes), options.name));
  const CsvSheet sheet = read_csv(note.text);
  const auto place = [&](std::size_t byte) { return fmt::format("{}:{}", note.origin, line_and_column(note.text, byte)); };
  if (sheet.records.empty()) {
    if (sheet.broken) return at(place(sheet.broken_at), *sheet.broken);
    return invalid(note.origin + ": expected a row of column names, found nothing");
  }
  ANNALS_CHECK_OK(check_heading(note, sheet.records.front()));

  SheetSummary summary;
  const Zone zone = log.info().zone;
  const Reader reader(note, sheet.records.front(), lexicon, options, zone);
  std::vector<Reader::Row> rows;
  for (std::size_t i = 1; i < sheet.records.size(); ++i) {
    const CsvRecord& record = sheet.records[i];
    ++summary.rows;
    try {
      rows.push_back(reader.read(record, static_cast<std::uint32_t>(i)));
    } catch (const Wrong& wrong) {
      ++summary.bad;
      complain(at(place(wrong.column < record.places.size() ? record.places[wrong.column] : record.span.begin), wrong.error).message);
    }
  }
  if (sheet.broken) {
    ++summary.rows;
    ++summary.bad;
    complain(at(place(sheet.broken_at), *sheet.broken).message + "; what follows was not read");
  }
  summary.last = log.last();
  if (rows.empty()) return summary;

  ANNALS_CHECK_OK(log.put_note(note.hash, as_it_came));
  LexiconFacts facts(log, lexicon, "import");
  std::vector<EventDraft> batch;
  const auto flush = [&]() -> Status {
    ANNALS_TRY(const std::vector<Receipt> receipts, log.append(batch, OnRepeat::kAnswerFirst));
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (!receipts[i].repeated) ++summary.events;
      else if (std::holds_alternative<StatementEvent>(batch[i].body)) ++summary.repeated;
    }
    batch.clear();
    return {};
  };
  const auto count = static_cast<std::uint32_t>(rows.size());
  batch.push_back({"import", NoteArrival{note.hash, as_it_came.size(), std::string(kSheet), note.encoding, note.origin, count, count}});
  for (Reader::Row& row : rows) {
    ANNALS_CHECK_OK(facts.collect(row.statement.reading.claims, batch));
    const EventId id = statement_id(note.hash, row.statement.article.ordinal, row.statement.statement.span);
    batch.push_back({"import", std::move(row.statement)});
    batch.push_back({row.by, Review{id, 0, kBySheet, Verdict::kAccept, std::nullopt, row.because, {}}});
    if (batch.size() >= 4'096) ANNALS_CHECK_OK(flush());
  }
  ANNALS_CHECK_OK(flush());
  summary.last = log.last();
  return summary;
}

}  // namespace annals::cli
