#include "tools/annals/json.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>

#include "engine/claim/kinds.h"

namespace annals::cli {
namespace {

constexpr std::array<std::string_view, 5> kBlockNames = {"heading", "paragraph", "bullet", "question", "answer"};

Json span_json(ByteSpan span) { return Json::array({span.begin, span.end}); }

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json civil_json(const std::optional<Civil>& wall) { return wall ? Json(format_civil(*wall)) : Json(nullptr); }

Json strings_json(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const std::string& item : list) out.push_back(item);
  return out;
}

Json published_fields(Json out, const std::optional<Published>& published) {
  if (!published) {
    for (const char* name : {"published", "published_precision", "published_zone", "published_zone_name", "published_wall", "published_earliest", "known_from"})
      out[name] = nullptr;
    return out;
  }
  out["published"] = format_published(*published);
  out["published_precision"] = precision_name(published->precision);
  out["published_zone"] = zone_source_name(published->zone_source);
  out["published_zone_name"] = published->zone;
  out["published_wall"] = published->wall;
  out["published_earliest"] = format_utc(published->earliest);
  out["known_from"] = format_utc(published->known_from);
  return out;
}

Json entity_ref_json(const EntityRef& entity) {
  Json out{{"id", entity.id}, {"text", entity.text}};
  if (!entity.known) out["known"] = false;
  return out;
}

Json slot_json(const SlotValue& value) {
  if (const auto* entity = std::get_if<EntityRef>(&value)) return entity_ref_json(*entity);
  if (const auto* list = std::get_if<std::vector<EntityRef>>(&value)) {
    Json out = Json::array();
    for (const EntityRef& entity : *list) out.push_back(entity_ref_json(entity));
    return out;
  }
  if (const auto* amount = std::get_if<Amount>(&value)) return amount_json(*amount);
  return std::get<std::string>(value);
}

Json when_span_json(const When& when) {
  return Json{{"from", civil_json(when.from)}, {"to", civil_json(when.to)}, {"grain", grain_name(when.grain)}};
}

void put_reading(Json& out, const Reading& reading, const std::optional<Published>& published, const Zone& zone) {
  out["speakers"] = strings_json(reading.speakers);
  out["modality"] = modality_name(reading.modality);
  out["attribution"] = attribution_name(reading.attribution);
  out["times"] = times_json(reading.times);
  out["quantities"] = quantities_json(reading.quantities);
  out["entities"] = entities_json(reading.entities);
  Json claims = Json::array();
  for (const Claim& claim : reading.claims) claims.push_back(claim_json(claim, published, zone));
  out["claims"] = std::move(claims);
  if (!reading.unknown_claims.empty()) out["unknown_claims"] = reading.unknown_claims;
}

// ---- and back ----

struct BadJson {
  std::string message;
};

// A value with the way to it, so that what is wrong can be found.
class Node {
 public:
  Node(const Json& json, std::string path) : json_(json), path_(std::move(path)) {}

  Node operator[](std::string_view name) const {
    static const Json kNull;
    if (!json_.is_object()) fail("an object");
    const auto it = json_.find(std::string(name));
    return {it == json_.end() ? kNull : *it, path_.empty() ? std::string(name) : path_ + "." + std::string(name)};
  }
  bool null() const { return json_.is_null(); }
  const Json& json() const { return json_; }

  std::string string() const { return json_.is_string() ? json_.get<std::string>() : (fail("a string"), std::string()); }
  std::string string_or(std::string_view fallback) const { return null() ? std::string(fallback) : string(); }
  std::optional<std::string> optional_string() const { return null() ? std::nullopt : std::optional(string()); }
  double number() const { return json_.is_number() ? json_.get<double>() : (fail("a number"), 0); }
  std::uint64_t count() const { return json_.is_number_integer() && json_.get<double>() >= 0 ? json_.get<std::uint64_t>() : (fail("a whole number"), 0); }
  Digest digest_or_none() const { return null() ? Digest{} : digest(); }
  bool boolean_or(bool fallback) const { return null() ? fallback : json_.is_boolean() ? json_.get<bool>() : (fail("true or false"), false); }
  ByteSpan span() const {
    if (null()) return {};
    if (!json_.is_array() || json_.size() != 2 || !json_[0].is_number_unsigned() || !json_[1].is_number_unsigned()) fail("[begin, end)");
    return {json_[0].get<std::uint64_t>(), json_[1].get<std::uint64_t>()};
  }
  template <class T>
  std::vector<T> list(const std::function<T(const Node&)>& read) const {
    std::vector<T> out;
    if (null()) return out;
    if (!json_.is_array()) fail("a list");
    for (std::size_t i = 0; i < json_.size(); ++i) out.push_back(read(Node(json_[i], fmt::format("{}[{}]", path_, i))));
    return out;
  }
  std::vector<std::string> strings() const {
    return list<std::string>([](const Node& item) { return item.string(); });
  }
  Digest digest() const { return take(Digest::from_hex(string())); }
  Instant instant() const {
    return take(parse_moment(string(), Zone::utc(), Instant{})).instant;
  }
  std::optional<Instant> optional_instant() const { return null() ? std::nullopt : std::optional(instant()); }
  std::optional<Civil> optional_civil() const {
    if (null()) return std::nullopt;
    return take(parse_civil(string())).from;
  }
  // A value of an enumeration whose names `name_of` gives, of `count` values from 0.
  template <class E, class NameOf>
  E one_of(NameOf name_of, std::size_t count) const {
    const std::string text = string();
    std::string known;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = name_of(static_cast<E>(i));
      if (name == text) return static_cast<E>(i);
      known += (i == 0 ? "" : ", ") + std::string(name.empty() ? "\"\"" : name);
    }
    throw BadJson{fmt::format("{}: expected one of {}, found '{}'", path_, known, text)};
  }
  template <class T>
  T take(Result<T> result) const {
    if (!result) throw BadJson{path_ + ": " + result.error().message};
    return *std::move(result);
  }
  [[noreturn]] void fail(std::string_view expected) const {
    std::string found = json_.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (found.size() > 60) found = found.substr(0, 57) + "...";
    throw BadJson{fmt::format("{}: expected {}, found {}", path_.empty() ? "the line" : path_, expected, found)};
  }

 private:
  const Json& json_;
  std::string path_;
};

std::optional<Published> read_published(const Node& at) {
  if (at["published"].null()) return std::nullopt;
  Published out;
  out.wall = at["published_wall"].string();
  out.precision = at["published_precision"].one_of<Precision>(precision_name, 7);
  out.zone = at["published_zone_name"].string();
  out.zone_source = at["published_zone"].one_of<ZoneSource>(zone_source_name, 3);
  out.earliest = at["published_earliest"].instant();
  out.known_from = at["known_from"].instant();
  return out;
}

ArticleHead read_head(const Node& at) {
  ArticleHead out;
  out.ordinal = static_cast<std::uint32_t>(at["ordinal"].count());
  out.title = at["title"].string_or("");
  out.outlet = at["outlet"].optional_string();
  out.author = at["author"].optional_string();
  out.carrier = at["carrier"].optional_string();
  out.link = at["link"].optional_string();
  out.rendition = at["rendition"].one_of<Rendition>(rendition_name, 4);
  out.language = at["language"].one_of<Language>(language_name, 4);
  out.published = read_published(at);
  out.observed = at["observed"].optional_instant();
  if (!at["text_hash"].null()) out.text_hash = at["text_hash"].digest();
  return out;
}

EntityRef read_entity_ref(const Node& at) {
  if (at.json().is_string()) return {at.string(), at.string(), true};
  EntityRef out;
  out.text = at["text"].string_or("");
  out.id = at["id"].string();
  if (out.text.empty()) out.text = out.id;
  out.known = at["known"].boolean_or(true);
  return out;
}

Amount read_amount(const Node& at) {
  Amount out;
  if (at.json().is_number()) {
    out.value = at.number();
    return out;
  }
  out.value = at["value"].number();
  if (!at["high"].null()) out.high = at["high"].number();
  if (!at["comparator"].null()) out.comparator = at["comparator"].one_of<Comparator>(comparator_name, 7);
  out.unit = at["unit"].string_or("");
  if (out.unit.empty()) out.unit = at["currency"].string_or("");
  return out;
}

// The kind's table says what a slot holds; a slot it does not know is taken by its shape.
SlotValue read_slot(const Node& at, const SlotSpec* spec) {
  const Json& json = at.json();
  if (spec != nullptr) {
    switch (spec->type) {
      case SlotType::kEntity: return read_entity_ref(at);
      case SlotType::kEntities: return json.is_array() ? at.list<EntityRef>(read_entity_ref) : std::vector{read_entity_ref(at)};
      case SlotType::kAmount: return read_amount(at);
      case SlotType::kText:
      case SlotType::kVocabulary: return at.string();
    }
  }
  if (json.is_string()) return at.string();
  if (json.is_number() || (json.is_object() && json.contains("value"))) return read_amount(at);
  if (json.is_array()) return at.list<EntityRef>(read_entity_ref);
  return read_entity_ref(at);
}

std::optional<When> read_when(const Node& at, std::string_view name, std::string_view span_name) {
  if (at[name].null()) return std::nullopt;
  When out;
  out.iso = at[name].string();
  const Node span = at[span_name];
  if (!span.null()) {
    out.from = span["from"].optional_civil();
    out.to = span["to"].optional_civil();
    out.grain = span["grain"].one_of<Grain>(grain_name, 11);
    return out;
  }
  return at[name].take(parse_when(out.iso));  // written by hand
}

Claim read_claim(const Node& at) {
  Claim out;
  const std::string type = at["type"].string();
  const ClaimKind* kind = find_claim_kind(type);
  if (kind == nullptr) {
    std::string known;
    for (const ClaimKind& each : claim_kinds()) known += (known.empty() ? "" : ", ") + std::string(each.name);
    throw BadJson{fmt::format("type: expected one of {}, found '{}'", known, type)};
  }
  out.type = kind->type;
  if (!at["modality"].null()) out.modality = at["modality"].one_of<Modality>(modality_name, 6);
  if (!at["attribution"].null()) out.attribution = at["attribution"].one_of<Attribution>(attribution_name, 4);
  if (!at["aspect"].null()) out.aspect = at["aspect"].one_of<Aspect>(aspect_name, 4);
  out.speakers = at["speakers"].strings();
  out.when = read_when(at, "when", "when_span");
  out.said_at = read_when(at, "said_at", "said_at_span");
  out.span = at["span"].span();
  out.quote = at["quote"].string_or("");
  out.rule = at["rule"].string_or("");
  const Node slots = at["slots"];
  if (!slots.json().is_object()) slots.fail("an object of slots");
  for (const auto& [name, value] : slots.json().items()) out.slots.push_back({name, read_slot(Node(value, "slots." + name), kind->slot(name))});
  return out;
}

Reading read_reading(const Node& at) {
  Reading out;
  out.speakers = at["speakers"].strings();
  out.modality = at["modality"].one_of<Modality>(modality_name, 6);
  out.attribution = at["attribution"].one_of<Attribution>(attribution_name, 4);
  out.times = at["times"].list<TimeMention>([](const Node& item) {
    TimeMention time;
    time.text = item["text"].string();
    time.span = item["span"].span();
    time.from = item["from"].optional_civil();
    time.to = item["to"].optional_civil();
    time.grain = item["grain"].one_of<Grain>(grain_name, 11);
    if (!item["mod"].null()) time.mod = item["mod"].one_of<TimeMod>(time_mod_name, 6);
    time.fiscal = item["fiscal"].boolean_or(false);
    time.relative = item["relative"].boolean_or(false);
    time.iso = item["iso"].string_or("");
    return time;
  });
  out.quantities = at["quantities"].list<Quantity>([](const Node& item) {
    Quantity quantity;
    quantity.text = item["text"].string();
    quantity.span = item["span"].span();
    quantity.kind = item["kind"].one_of<QuantityKind>(quantity_kind_name, 7);
    quantity.value = item["value"].number();
    if (!item["high"].null()) quantity.high = item["high"].number();
    quantity.comparator = item["comparator"].one_of<Comparator>(comparator_name, 7);
    quantity.unit = item["unit"].string_or("");
    quantity.currency = item["currency"].string_or("");
    if (!item["basis"].null()) quantity.basis = item["basis"].one_of<Basis>(basis_name, 4);
    return quantity;
  });
  out.entities = at["entities"].list<EntityMention>([](const Node& item) {
    EntityMention mention;
    mention.id = item["id"].string_or("");
    mention.text = item["text"].string();
    mention.span = item["span"].span();
    mention.kind = item["kind"].one_of<EntityKind>(entity_kind_name, 14);
    return mention;
  });
  out.claims = at["claims"].list<Claim>(read_claim);
  out.unknown_claims = at["unknown_claims"].list<std::uint32_t>([](const Node& item) { return static_cast<std::uint32_t>(item.count()); });
  return out;
}

InterpreterId read_interpreter(const Node& at) {
  const std::string text = at.string();
  const std::size_t slash = text.rfind('/');
  std::uint32_t version = 0;
  bool good = slash != std::string::npos && slash > 0 && slash + 1 < text.size() && text.size() - slash < 11;
  for (std::size_t i = slash + 1; good && i < text.size(); ++i) {
    good = text[i] >= '0' && text[i] <= '9';
    version = version * 10 + static_cast<std::uint32_t>(text[i] - '0');
  }
  if (!good) at.fail("name/version");
  return {text.substr(0, slash), version};
}

Target read_target(const Node& at) {
  const std::string kind = at["kind"].string();
  if (kind == "event") return Target::of_event(at["id"].digest());
  if (kind == "article") return Target::of_article(at["note"].digest(), static_cast<std::uint32_t>(at["article"].count()));
  if (kind == "note") return Target::of_note(at["note"].digest());
  at["kind"].fail("event, article or note");
}

Entity read_lexicon_entity(const Node& at) {
  Entity out;
  out.id = at["id"].string();
  out.kind = at["kind"].one_of<EntityKind>(entity_kind_name, 14);
  out.name = at["name"].string_or("");
  out.aliases = at["aliases"].strings();
  out.tickers = at["tickers"].strings();
  out.family = at["family"].optional_string();
  out.inherits_rules = at["inherits_rules"].boolean_or(true);
  out.vendor = at["vendor"].optional_string();
  out.country = at["country"].optional_string();
  out.tags = at["tags"].strings();
  return out;
}

TextPieces read_pieces(const Node& at, const Statement& statement) {
  auto pieces = at.list<TextPiece>([](const Node& item) {
    const auto sides = item.list<std::uint64_t>([](const Node& side) { return side.count(); });
    if (sides.size() != 4) item.fail("[begin, end, begin, end)");
    return TextPiece{{sides[0], sides[1]}, {sides[2], sides[3]}};
  });
  if (!are_whole(pieces, statement.text.size(), statement.span)) at.fail("pieces of the statement's text");
  return pieces;
}

EventBody read_body(const Node& at, EventKind kind) {
  switch (kind) {
    case EventKind::kNote: {
      NoteArrival out;
      out.note = at["note"].digest();
      out.size = at["size"].count();
      out.format = at["format"].string();
      out.encoding = at["encoding"].one_of<Encoding>(encoding_name, 7);
      out.origin = at["origin"].string_or("");
      out.articles = static_cast<std::uint32_t>(at["articles"].count());
      out.statements = static_cast<std::uint32_t>(at["statements"].count());
      return out;
    }
    case EventKind::kStatement: {
      StatementEvent out;
      out.note = at["note"].digest();
      out.article = read_head(at["article"]);
      out.statement.span = at["span"].span();
      out.statement.text = at["text"].string();
      out.statement.heading = at["heading"].string_or("");
      out.statement.heading_span = at["heading_span"].span();
      out.statement.block = at["block"].one_of<BlockKind>(block_name, kBlockNames.size());
      out.statement.paragraph = static_cast<std::uint32_t>(at["paragraph"].count());
      out.statement.pieces = read_pieces(at["pieces"], out.statement);
      out.interpreter = read_interpreter(at["interpreter"]);
      out.lexicon_version = at["lexicon_version"].string_or("");
      out.reading = read_reading(at);
      return out;
    }
    case EventKind::kReinterpretation:
      return Reinterpretation{read_target(at["about"]).event, read_interpreter(at["interpreter"]), at["lexicon_version"].string_or(""), read_reading(at), at["after"].digest_or_none()};
    case EventKind::kAmendment:
      return Amendment{read_target(at["about"]), at["outlet"].optional_string(), read_published(at), at["because"].string_or(""), at["after"].digest_or_none()};
    case EventKind::kWithdrawal: {
      auto published = read_published(at);
      if (!published) at["published"].fail("a publication time");
      return Withdrawal{read_target(at["about"]), at["outlet"].optional_string(), *published, at["because"].string_or(""), at["after"].digest_or_none()};
    }
    case EventKind::kRetraction: return Retraction{read_target(at["about"]), at["because"].string_or(""), at["after"].digest_or_none()};
    case EventKind::kReview: {
      Review out;
      out.about = read_target(at["about"]).event;
      if (!at["claim"].null()) out.claim = static_cast<std::uint32_t>(at["claim"].count());
      out.interpreter = read_interpreter(at["interpreter"]);
      out.verdict = at["verdict"].one_of<Verdict>(verdict_name, 3);
      if (!at["amended"].null()) out.amended = read_claim(at["amended"]);
      out.because = at["because"].string_or("");
      out.after = at["after"].digest_or_none();
      return out;
    }
    case EventKind::kLexicon: return LexiconFact{read_lexicon_entity(at["entity"]), at["after"].digest_or_none(), at["by_hand"].boolean_or(false)};
    case EventKind::kErasure: {
      Erasure out;
      out.note = at["note"].digest();
      out.level = at["level"].one_of<ErasureLevel>(erasure_level_name, 2);
      if (!at["about"].null()) out.about = read_target(at["about"]);
      out.because = at["because"].string_or("");
      out.kept = at["kept"].list<KeptClaims>([](const Node& item) {
        KeptClaims kept;
        kept.event = item["event"].digest();
        kept.title = item["title"].string_or("");
        kept.outlet = item["outlet"].optional_string();
        kept.author = item["author"].optional_string();
        kept.carrier = item["carrier"].optional_string();
        kept.link = item["link"].optional_string();
        kept.text_hash = item["text_hash"].digest_or_none();
        kept.claims = item["claims"].list<Claim>(read_claim);
        if (!item["subjects"].null()) kept.subjects = item["subjects"].list<Digest>([](const Node& subject) { return subject.digest(); });
        kept.because = item["because"].string_or("");
        return kept;
      });
      return out;
    }
  }
  at["kind"].fail("a kind of event");
}

}  // namespace

std::string_view block_name(BlockKind kind) { return kBlockNames[static_cast<std::size_t>(kind)]; }

Json number_json(double value) {
  // Above 2^53 a double has no fraction anyhow, and its digits are not exact integers.
  if (std::nearbyint(value) == value && std::fabs(value) < 9007199254740992.0 && !(value == 0 && std::signbit(value))) return static_cast<std::int64_t>(value);
  return value;
}

Json instant_json(std::optional<Instant> instant) { return instant ? Json(format_utc(*instant)) : Json(nullptr); }

Json target_json(const Target& target) {
  switch (target.kind) {
    case TargetKind::kEvent: return {{"kind", "event"}, {"id", target.event.hex()}};
    case TargetKind::kArticle: return {{"kind", "article"}, {"note", target.note.hex()}, {"article", target.article}};
    case TargetKind::kNote: break;
  }
  return {{"kind", "note"}, {"note", target.note.hex()}};
}

Json head_json(const ArticleHead& head) {
  Json out;
  out["ordinal"] = head.ordinal;
  out["title"] = head.title;
  out["outlet"] = optional_json(head.outlet);
  out["author"] = optional_json(head.author);
  out = published_fields(std::move(out), head.published);
  out["observed"] = instant_json(head.observed);
  out["carrier"] = optional_json(head.carrier);
  out["link"] = optional_json(head.link);
  out["rendition"] = rendition_name(head.rendition);
  out["language"] = language_name(head.language);
  out["text_hash"] = head.text_hash.none() ? Json(nullptr) : Json(head.text_hash.hex());
  return out;
}

Json amount_json(const Amount& amount) {
  if (amount.unit.empty() && !amount.high && amount.comparator == Comparator::kEqual) return number_json(amount.value);
  Json out{{"value", number_json(amount.value)}};
  if (amount.high) out["high"] = number_json(*amount.high);
  if (amount.comparator != Comparator::kEqual) out["comparator"] = comparator_name(amount.comparator);
  if (!amount.unit.empty()) out["unit"] = amount.unit;
  return out;
}

Json claim_json(const Claim& claim, const std::optional<Published>& published, const Zone& store_zone) {
  Json out;
  out["type"] = claim_kind(claim.type).name;
  out["modality"] = modality_name(claim.modality);
  out["attribution"] = attribution_name(claim.attribution);
  out["speakers"] = strings_json(claim.speakers);
  out["aspect"] = aspect_name(claim.aspect);
  out["when"] = claim.when ? Json(claim.when->iso) : Json(nullptr);
  if (claim.when) out["when_span"] = when_span_json(*claim.when);
  out["said_at"] = claim.said_at ? Json(claim.said_at->iso) : Json(nullptr);
  if (claim.said_at) out["said_at_span"] = when_span_json(*claim.said_at);
  const Valid valid = resolve_valid(claim, published, store_zone);
  out["valid"] = {{"from", instant_json(valid.from)}, {"to", instant_json(valid.to)}, {"from_source", valid_from_source_name(valid.from_source)}};
  out["span"] = span_json(claim.span);
  out["quote"] = claim.quote;
  out["rule"] = claim.rule;
  Json slots = Json::object();
  for (const Slot& slot : claim.slots) slots[slot.name] = slot_json(slot.value);
  out["slots"] = std::move(slots);
  return out;
}

Json times_json(const std::vector<TimeMention>& times) {
  Json out = Json::array();
  for (const TimeMention& time : times) {
    out.push_back({{"text", time.text}, {"span", span_json(time.span)}, {"from", civil_json(time.from)}, {"to", civil_json(time.to)},
                   {"grain", grain_name(time.grain)},
                   {"mod", time.mod == TimeMod::kNone ? Json(nullptr) : Json(time_mod_name(time.mod))},
                   {"iso", time.iso}, {"fiscal", time.fiscal}, {"relative", time.relative}});
  }
  return out;
}

Json quantities_json(const std::vector<Quantity>& quantities) {
  Json out = Json::array();
  for (const Quantity& quantity : quantities) {
    out.push_back({{"text", quantity.text}, {"span", span_json(quantity.span)}, {"kind", quantity_kind_name(quantity.kind)},
                   {"value", number_json(quantity.value)}, {"high", quantity.high ? number_json(*quantity.high) : Json(nullptr)},
                   {"comparator", comparator_name(quantity.comparator)},
                   {"currency", quantity.currency.empty() ? Json(nullptr) : Json(quantity.currency)},
                   {"unit", quantity.unit.empty() ? Json(nullptr) : Json(quantity.unit)}, {"basis", basis_name(quantity.basis)}});
  }
  return out;
}

Json entities_json(const std::vector<EntityMention>& entities) {
  Json out = Json::array();
  for (const EntityMention& entity : entities) {
    out.push_back({{"id", entity.id.empty() ? Json(nullptr) : Json(entity.id)}, {"text", entity.text}, {"span", span_json(entity.span)},
                   {"kind", entity_kind_name(entity.kind)}});
  }
  return out;
}

Json lexicon_entity_json(const Entity& entity) {
  return {{"id", entity.id}, {"kind", entity_kind_name(entity.kind)}, {"name", entity.name}, {"aliases", strings_json(entity.aliases)}, {"tickers", strings_json(entity.tickers)},
          {"family", optional_json(entity.family)}, {"inherits_rules", entity.inherits_rules}, {"vendor", optional_json(entity.vendor)},
          {"country", optional_json(entity.country)}, {"tags", strings_json(entity.tags)}};
}

Json event_json(const Event& event, const Zone& store_zone) {
  Json out;
  out["position"] = event.position.value;
  out["kind"] = event_kind_name(event.kind());
  out["id"] = event.id.hex();
  out["recorded_at"] = format_utc(event.recorded_at);
  out["actor"] = event.actor;
  if (event.erased) out["erased"] = event.erased->value == 0 ? Json(true) : Json(event.erased->value);
  struct Writer {
    Json& out;
    const Zone& zone;
    void put_after(const EventId& after) const { out["after"] = after.none() ? Json(nullptr) : Json(after.hex()); }
    void operator()(const NoteArrival& body) const {
      out["note"] = body.note.hex();
      out["size"] = body.size;
      out["format"] = body.format;
      out["encoding"] = encoding_name(body.encoding);
      out["origin"] = body.origin;
      out["articles"] = body.articles;
      out["statements"] = body.statements;
    }
    void operator()(const StatementEvent& body) const {
      out["note"] = body.note.hex();
      out["article"] = head_json(body.article);
      out["heading"] = body.statement.heading;
      out["heading_span"] = span_json(body.statement.heading_span);
      out["block"] = block_name(body.statement.block);
      out["paragraph"] = body.statement.paragraph;
      out["span"] = span_json(body.statement.span);
      out["text"] = body.statement.text;
      // Only where the text is not simply the bytes of its span: [begin and end in the text, begin and end in the note].
      for (const TextPiece& piece : body.statement.pieces)
        out["pieces"].push_back(Json::array({piece.text.begin, piece.text.end, piece.note.begin, piece.note.end}));
      put_reading(out, body.reading, body.article.published, zone);
      out["interpreter"] = body.interpreter.text();
      out["lexicon_version"] = body.lexicon_version;
    }
    void operator()(const Reinterpretation& body) const {
      out["about"] = target_json(Target::of_event(body.about));
      put_reading(out, body.reading, std::nullopt, zone);
      // What a claim's time resolves to hangs on the article it is about, which this event does not hold.
      for (Json& claim : out["claims"]) claim.erase("valid");
      out["interpreter"] = body.interpreter.text();
      out["lexicon_version"] = body.lexicon_version;
      put_after(body.after);
    }
    void operator()(const Amendment& body) const {
      out["about"] = target_json(body.about);
      out["outlet"] = optional_json(body.outlet);
      out = published_fields(std::move(out), body.published);
      out["because"] = body.because;
      put_after(body.after);
    }
    void operator()(const Withdrawal& body) const {
      out["about"] = target_json(body.about);
      out["outlet"] = optional_json(body.outlet);
      out = published_fields(std::move(out), body.published);
      out["because"] = body.because;
      put_after(body.after);
    }
    void operator()(const Retraction& body) const {
      out["about"] = target_json(body.about);
      out["because"] = body.because;
      put_after(body.after);
    }
    void operator()(const Review& body) const {
      out["about"] = target_json(Target::of_event(body.about));
      out["claim"] = optional_json(body.claim);
      out["interpreter"] = body.interpreter.text();
      out["verdict"] = verdict_name(body.verdict);
      out["amended"] = nullptr;
      if (body.amended) {
        out["amended"] = claim_json(*body.amended, std::nullopt, zone);
        out["amended"].erase("valid");
      }
      out["because"] = body.because;
      put_after(body.after);
    }
    void operator()(const LexiconFact& body) const {
      out["entity"] = lexicon_entity_json(body.entity);
      if (body.by_hand) out["by_hand"] = true;
      put_after(body.after);
    }
    void operator()(const Erasure& body) const {
      out["note"] = body.note.hex();
      out["level"] = erasure_level_name(body.level);
      if (body.about) out["about"] = target_json(*body.about);
      out["because"] = body.because;
      Json kept = Json::array();
      for (const KeptClaims& each : body.kept) {
        Json claims = Json::array();
        for (const Claim& claim : each.claims) {
          claims.push_back(claim_json(claim, std::nullopt, zone));
          claims.back().erase("valid");
        }
        kept.push_back({{"event", each.event.hex()}, {"title", each.title}, {"outlet", optional_json(each.outlet)}, {"author", optional_json(each.author)},
                        {"carrier", optional_json(each.carrier)}, {"link", optional_json(each.link)}, {"text_hash", each.text_hash.none() ? Json(nullptr) : Json(each.text_hash.hex())},
                        {"claims", std::move(claims)}});
        Json& left = kept.back();
        for (const Digest& subject : each.subjects) left["subjects"].push_back(subject.hex());
        if (!each.because.empty()) left["because"] = each.because;
      }
      out["kept"] = std::move(kept);
    }
  };
  std::visit(Writer{out, store_zone}, event.body);
  return out;
}

std::string to_line(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<Event> event_from_json(const Json& json) {
  try {
    const Node at(json, "");
    Event out;
    if (!at["position"].null()) out.position = Position{at["position"].count()};
    const auto kind = find_event_kind(at["kind"].string());
    if (!kind) at["kind"].fail("a kind of event");
    if (!at["id"].null()) out.id = at["id"].digest();
    if (!at["recorded_at"].null()) out.recorded_at = at["recorded_at"].instant();
    out.actor = at["actor"].string_or("import");
    out.body = read_body(at, *kind);
    return out;
  } catch (const BadJson& bad) {
    return Error{ErrorCode::kInvalid, bad.message};
  }
}

Result<Claim> claim_from_json(const Json& json) {
  try {
    return read_claim(Node(json, ""));
  } catch (const BadJson& bad) {
    return Error{ErrorCode::kInvalid, bad.message};
  }
}

Result<Reading> reading_head_from_json(const Json& json) {
  try {
    const Node at(json, "");
    Reading out;
    out.speakers = at["speakers"].strings();
    if (!at["modality"].null()) out.modality = at["modality"].one_of<Modality>(modality_name, 6);
    if (!at["attribution"].null()) out.attribution = at["attribution"].one_of<Attribution>(attribution_name, 4);
    else out.attribution = out.speakers.empty() ? Attribution::kOwn : Attribution::kNamed;
    return out;
  } catch (const BadJson& bad) {
    return Error{ErrorCode::kInvalid, bad.message};
  }
}

}  // namespace annals::cli
