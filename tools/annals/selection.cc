#include "tools/annals/selection.h"

#include <fmt/format.h>

#include <charconv>

#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "tools/annals/bounds.h"

namespace annals::cli {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

bool mentions(const SlotValue& value, const std::string& entity) {
  const auto is = [&](const EntityRef& each) { return each.id == entity || each.id.starts_with(entity + "@") || fold(each.text) == entity; };
  if (const auto* one = std::get_if<EntityRef>(&value)) return is(*one);
  if (const auto* list = std::get_if<std::vector<EntityRef>>(&value)) return std::any_of(list->begin(), list->end(), is);
  return false;
}

std::optional<std::uint64_t> digits(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

void add_selection(CLI::App& command, SelectionOptions& options) {
  command.add_option("--kind", options.kinds, "Kinds of events: note, statement, reinterpretation, amendment, withdrawal, retraction, review, lexicon, erasure")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("K[,K]");
  command.add_option("--type", options.types, "Statements with a claim of this type: export_control, ipo_milestone, …")->delimiter(',')->allow_extra_args(false)->type_name("T[,T]");
  command.add_option("--entity", options.entity, "Statements that name it, in any of its spellings")->type_name("E");
  command.add_option("--outlet", options.outlet, "Of this outlet")->type_name("O");
  command.add_option("--note", options.note, "Of this note: its hash or the beginning of it")->type_name("HASH");
}

Result<Selection> Selection::make(const SelectionOptions& options, const Lexicon& lexicon) {
  Selection out;
  for (const std::string& name : options.kinds) {
    const auto kind = find_event_kind(name);
    if (!kind) return invalid(fmt::format("--kind: expected note, statement, reinterpretation, amendment, withdrawal, retraction, review, lexicon or erasure, found '{}'", name));
    out.kinds_.insert(*kind);
  }
  for (const std::string& name : options.types) {
    const ClaimKind* kind = find_claim_kind(name);
    if (kind == nullptr) {
      std::string known;
      for (const ClaimKind& each : claim_kinds()) known += (known.empty() ? "" : ", ") + std::string(each.name);
      return invalid(fmt::format("--type: expected one of {}, found '{}'", known, name));
    }
    out.types_.insert(kind->type);
  }
  if (options.entity) {
    const Entity* entity = lexicon.find(*options.entity);
    if (entity == nullptr) entity = lexicon.by_name(*options.entity);
    out.entity_ = entity != nullptr ? entity->id : fold(*options.entity);
    if (out.entity_.empty()) return invalid("--entity: expected a name");
  }
  if (options.outlet) out.outlet_ = fold(*options.outlet);
  if (options.note) {
    out.note_ = *options.note;
    if (out.note_.empty() || out.note_.size() > 64 || out.note_.find_first_not_of("0123456789abcdef") != std::string::npos)
      return invalid(fmt::format("--note: expected the beginning of a SHA-256 in hex, found '{}'", *options.note));
  }
  return out;
}

bool Selection::reading_matches(const Reading& reading) const {
  if (!types_.empty() && std::none_of(reading.claims.begin(), reading.claims.end(), [&](const Claim& claim) { return types_.contains(claim.type); })) return false;
  if (entity_.empty()) return true;
  for (const EntityMention& mention : reading.entities) {
    if (mention.id == entity_ || (mention.id.empty() && fold(mention.text) == entity_)) return true;
  }
  for (const Claim& claim : reading.claims) {
    for (const Slot& slot : claim.slots)
      if (mentions(slot.value, entity_)) return true;
  }
  return false;
}

bool Selection::statement_matches(const StatementEvent& body, const Reading& reading) const {
  if (!note_.empty() && !body.note.hex().starts_with(note_)) return false;
  if (!outlet_.empty() && (!body.article.outlet || fold(*body.article.outlet) != outlet_)) return false;
  return reading_matches(reading);
}

bool Selection::target_matches(const Target& target, const EventLog& log) {
  if (target.kind != TargetKind::kEvent) {
    if (!note_.empty() && !target.note.hex().starts_with(note_)) return false;
    // What concerns a whole article or note concerns its statements; which, only a search would tell.
    return types_.empty() && entity_.empty() && outlet_.empty();
  }
  const auto position = log.find(target.event);
  if (!position) return false;
  const auto about = log.get(*position);
  if (!about) return false;
  if (const auto* statement = std::get_if<StatementEvent>(&about->body)) return statement_matches(*statement, statement->reading);
  if (const auto* retraction = std::get_if<Retraction>(&about->body)) return target_matches(retraction->about, log);
  return false;
}

bool Selection::matches(const Event& event, const EventLog& log) {
  if (!kinds_.empty() && !kinds_.contains(event.kind())) return false;
  if (types_.empty() && entity_.empty() && outlet_.empty() && note_.empty()) return true;
  struct Asker {
    Selection& selection;
    const EventLog& log;
    bool operator()(const NoteArrival& body) const {
      return !selection.note_.empty() && body.note.hex().starts_with(selection.note_) && selection.types_.empty() && selection.entity_.empty() && selection.outlet_.empty();
    }
    bool operator()(const StatementEvent& body) const { return selection.statement_matches(body, body.reading); }
    bool operator()(const Reinterpretation& body) const { return selection.target_matches(Target::of_event(body.about), log); }
    bool operator()(const Amendment& body) const { return selection.target_matches(body.about, log); }
    bool operator()(const Withdrawal& body) const { return selection.target_matches(body.about, log); }
    bool operator()(const Retraction& body) const { return selection.target_matches(body.about, log); }
    bool operator()(const Review& body) const { return selection.target_matches(Target::of_event(body.about), log); }
    bool operator()(const LexiconFact& body) const { return !selection.entity_.empty() && body.entity.id == selection.entity_; }
    bool operator()(const Erasure& body) const { return selection.target_matches(Target::of_note(body.note), log); }
  };
  return std::visit(Asker{*this, log}, event.body);
}

Result<Edge> parse_edge(std::string_view option, std::string_view text, bool end, const Zone& zone, const Clock& clock) {
  // Four digits alone are a year to a reader of news, a position to a reader of logs: here they are a position, as "#2025" is.
  if (const auto position = digits(text)) return Edge{Position{*position}, std::nullopt};
  ANNALS_TRY(const Moment m, moment(option, text, zone, clock));
  if (m.bare_date && !end) return Edge{std::nullopt, zone.earliest(parse_civil(text)->from)};
  return Edge{std::nullopt, m.instant};
}

Result<Position> parse_position(std::string_view text, const EventLog& log) {
  const auto value = digits(text);
  if (!value || *value == 0) return invalid(fmt::format("expected a position such as 12 or #12, found '{}'", text));
  if (*value > log.last().value) return invalid(fmt::format("position {}: the log ends at {}", *value, log.last().value));
  return Position{*value};
}

Instant known_from(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
    if (statement->article.published) return statement->article.published->known_from;
  } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
    return withdrawal->published.known_from;
  }
  return event.recorded_at;
}

std::string published_text(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) return statement->article.published ? format_published(*statement->article.published) : "undated";
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) return format_published(withdrawal->published);
  if (const auto* amendment = std::get_if<Amendment>(&event.body)) return amendment->published ? format_published(*amendment->published) : "";
  return "";
}

std::string outlet_text(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) return statement->article.outlet.value_or("–");
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) return withdrawal->outlet.value_or("");
  if (const auto* amendment = std::get_if<Amendment>(&event.body)) return amendment->outlet.value_or("");
  return "";
}

std::string target_text(const Target& target, const EventLog& log) {
  switch (target.kind) {
    case TargetKind::kEvent: {
      const auto position = log.find(target.event);
      return position ? fmt::format("#{}", position->value) : "event " + target.event.hex().substr(0, 12);
    }
    case TargetKind::kArticle: return fmt::format("article {} of note {}", target.article, target.note.hex().substr(0, 12));
    case TargetKind::kNote: break;
  }
  return "note " + target.note.hex().substr(0, 12);
}

std::string event_text(const Event& event) {
  struct Teller {
    const std::string& actor;
    // What people do, and why: " by desk: wrong file".
    std::string by(const std::string& because) const { return " by " + actor + (because.empty() ? "" : ": " + one_line(because)); }

    std::string operator()(const NoteArrival& body) const {
      return fmt::format("{}: {}, {} articles, {} statements, {}", body.origin, body.format, body.articles, body.statements, body.note.hex().substr(0, 12));
    }
    std::string operator()(const StatementEvent& body) const { return one_line(body.statement.text); }
    std::string operator()(const Reinterpretation& body) const { return fmt::format("read anew by {}: {} claims", body.interpreter.text(), body.reading.claims.size()); }
    std::string operator()(const Amendment& body) const { return "amended" + by(body.because); }
    std::string operator()(const Withdrawal& body) const { return "withdrawn, told" + by(body.because); }
    std::string operator()(const Retraction& body) const { return "retracted" + by(body.because); }
    std::string operator()(const Review& body) const {
      return fmt::format("{}{}{}", verdict_name(body.verdict), body.claim ? fmt::format(" claim {}", *body.claim) : "", by(body.because));
    }
    std::string operator()(const LexiconFact& body) const {
      return fmt::format("{} ({}) {}{}{}", body.entity.id, entity_kind_name(body.entity.kind), body.entity.name, body.entity.family ? ", of " + *body.entity.family : "",
                         body.by_hand ? ", said" + by({}) : "");
    }
    std::string operator()(const Erasure& body) const {
      const std::string of = body.about && body.about->kind == TargetKind::kArticle ? fmt::format("article {} of ", body.about->article) : body.about ? "a statement of " : "";
      return fmt::format("erased {} of {}note {}{}", body.level == ErasureLevel::kText ? "the words" : "words and claims", of, body.note.hex().substr(0, 12), by(body.because));
    }
  };
  if (event.erased && event.kind() != EventKind::kErasure) return event.erased->value == 0 ? "(erased by order)" : fmt::format("(erased by order, #{})", event.erased->value);
  return std::visit(Teller{event.actor}, event.body);
}

}  // namespace annals::cli
