#include "tools/annals/selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tools/annals/bounds.h"

namespace annals::cli {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

std::optional<std::uint64_t> digits(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

void add_selection(Command& command, SelectionOptions& options) {
  command.add_option("--kind", options.kinds, "Kinds of events: note, statement, reinterpretation, amendment, withdrawal, retraction, review, lexicon, erasure")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("K[,K]");
  command.add_option("--type", options.types, "Statements with a claim of this type: export_control, ipo_milestone, …")->delimiter(',')->allow_extra_args(false)->type_name("T[,T]");
  command.add_option("--entity", options.entity, "Statements that name it, in any of its spellings")->type_name("E");
  command.add_option("--outlet", options.outlet, "Of this outlet")->type_name("O");
  command.add_option("--note", options.note, "Of this note: its hash or the beginning of it")->type_name("HASH");
}

Result<Filter> selected(const SelectionOptions& options, const Lexicon& lexicon) {
  FilterSpec spec;
  spec.kinds = options.kinds;
  spec.claim_types = options.types;
  if (options.entity) spec.entities = {*options.entity};
  if (options.outlet) spec.outlets = {*options.outlet};
  if (options.note) {
    if (options.note->empty()) return invalid("--note: expected the beginning of a SHA-256 in hex, found ''");
    spec.note = *options.note;
  }
  return Filter::make(spec, lexicon);
}

Result<Edge> parse_edge(std::string_view option, std::string_view text, bool end, const Zone& zone, const Clock& clock) {
  // Four digits alone are a year to a reader of news, a position to a reader of logs: here they are a position, as "#2025" is.
  if (const auto position = digits(text)) return Edge{Position{*position}, std::nullopt};
  ANNALS_TRY(const Moment m, moment(option, text, zone, clock));
  if (m.bare_date && !end) return Edge{std::nullopt, zone.earliest(parse_civil(text)->from)};
  return Edge{std::nullopt, m.instant};
}

Result<PositionRange> recorded_between(const EventLog& log, const Edge& from, const Edge& to) {
  PositionRange out{{}, log.last()};
  if (from.position && from.position->value > 0) out.after = Position{from.position->value - 1};
  if (to.position) out.upto = std::min(*to.position, out.upto);
  if (from.instant) {
    ANNALS_TRY(out.after, recorded_by(log, log.last(), *from.instant - Micros(1)));
  }
  if (to.instant) {
    ANNALS_TRY(out.upto, recorded_by(log, log.last(), *to.instant));
  }
  out.after = std::min(out.after, out.upto);
  return out;
}

Result<Position> parse_position(std::string_view text, const EventLog& log) {
  const auto value = digits(text);
  if (!value || *value == 0) return invalid(fmt::format("expected a position such as 12 or #12, found '{}'", text));
  if (*value > log.last().value) return invalid(fmt::format("position {}: the log ends at {}", *value, log.last().value));
  return Position{*value};
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
