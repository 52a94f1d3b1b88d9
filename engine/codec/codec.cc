#include "engine/codec/codec.h"

#include <capnp/any.h>
#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>
#include <utility>

#include "claim.capnp.h"
#include "engine/base/utf8.h"
#include "engine/codec/canonical.h"
#include "event.capnp.h"

namespace annals {
namespace {

static_assert(std::endian::native == std::endian::little, "stamp_header() writes words as Cap'n Proto stores them");

// What a decoder or encoder throws on bad input; it never leaves this file.
struct Malformed {
  std::string what;
};
struct UnknownKind {};
// Inside a reading: the claim or mention is of a newer program.
struct Unknown {};

// ---- Enumerants: stored numbers are the enumerations' own. These lines fail to compile where one is moved.

#define ANNALS_SAME(Ours, our, Theirs, their) \
  static_assert(static_cast<unsigned>(Ours::our) == static_cast<unsigned>(proto::Theirs::their), "stored for ever")
ANNALS_SAME(ClaimType, kExportControl, ClaimType, EXPORT_CONTROL);
ANNALS_SAME(ClaimType, kImportControl, ClaimType, IMPORT_CONTROL);
ANNALS_SAME(ClaimType, kRevenueShare, ClaimType, REVENUE_SHARE);
ANNALS_SAME(ClaimType, kIpoMilestone, ClaimType, IPO_MILESTONE);
ANNALS_SAME(ClaimType, kFinancing, ClaimType, FINANCING);
ANNALS_SAME(ClaimType, kMetric, ClaimType, METRIC);
ANNALS_SAME(ClaimType, kProductMilestone, ClaimType, PRODUCT_MILESTONE);
ANNALS_SAME(ClaimType, kScheduledEvent, ClaimType, SCHEDULED_EVENT);
ANNALS_SAME(Modality, kAsserted, Modality, ASSERTED);
ANNALS_SAME(Modality, kReported, Modality, REPORTED);
ANNALS_SAME(Modality, kDenied, Modality, DENIED);
ANNALS_SAME(Modality, kForecast, Modality, FORECAST);
ANNALS_SAME(Modality, kPlanned, Modality, PLANNED);
ANNALS_SAME(Modality, kConditional, Modality, CONDITIONAL);
ANNALS_SAME(Attribution, kOwn, Attribution, OWN);
ANNALS_SAME(Attribution, kNamed, Attribution, NAMED);
ANNALS_SAME(Attribution, kAnonymous, Attribution, ANONYMOUS);
ANNALS_SAME(Attribution, kHearsay, Attribution, HEARSAY);
ANNALS_SAME(Aspect, kBegins, Aspect, BEGINS);
ANNALS_SAME(Aspect, kHolds, Aspect, HOLDS);
ANNALS_SAME(Aspect, kHeld, Aspect, HELD);
ANNALS_SAME(Aspect, kTarget, Aspect, TARGET);
ANNALS_SAME(Grain, kSecond, Grain, SECOND);
ANNALS_SAME(Grain, kMinute, Grain, MINUTE);
ANNALS_SAME(Grain, kHour, Grain, HOUR);
ANNALS_SAME(Grain, kDay, Grain, DAY);
ANNALS_SAME(Grain, kWeek, Grain, WEEK);
ANNALS_SAME(Grain, kMonth, Grain, MONTH);
ANNALS_SAME(Grain, kQuarter, Grain, QUARTER);
ANNALS_SAME(Grain, kHalf, Grain, HALF);
ANNALS_SAME(Grain, kYear, Grain, YEAR);
ANNALS_SAME(Grain, kDecade, Grain, DECADE);
ANNALS_SAME(Grain, kCentury, Grain, CENTURY);
ANNALS_SAME(Comparator, kEqual, Comparator, EQUAL);
ANNALS_SAME(Comparator, kLess, Comparator, LESS);
ANNALS_SAME(Comparator, kLessEqual, Comparator, LESS_EQUAL);
ANNALS_SAME(Comparator, kGreater, Comparator, GREATER);
ANNALS_SAME(Comparator, kGreaterEqual, Comparator, GREATER_EQUAL);
ANNALS_SAME(Comparator, kApproximate, Comparator, APPROXIMATE);
ANNALS_SAME(Comparator, kRange, Comparator, RANGE);
ANNALS_SAME(TimeMod, kNone, TimeMod, NONE);
ANNALS_SAME(TimeMod, kSince, TimeMod, SINCE);
ANNALS_SAME(TimeMod, kUntil, TimeMod, UNTIL);
ANNALS_SAME(TimeMod, kBefore, TimeMod, BEFORE);
ANNALS_SAME(TimeMod, kAfter, TimeMod, AFTER);
ANNALS_SAME(TimeMod, kApproximate, TimeMod, APPROXIMATE);
ANNALS_SAME(QuantityKind, kNumber, QuantityKind, NUMBER);
ANNALS_SAME(QuantityKind, kOrdinal, QuantityKind, ORDINAL);
ANNALS_SAME(QuantityKind, kPercent, QuantityKind, PERCENT);
ANNALS_SAME(QuantityKind, kMoney, QuantityKind, MONEY);
ANNALS_SAME(QuantityKind, kMultiple, QuantityKind, MULTIPLE);
ANNALS_SAME(QuantityKind, kMeasure, QuantityKind, MEASURE);
ANNALS_SAME(QuantityKind, kDuration, QuantityKind, DURATION);
ANNALS_SAME(Basis, kLevel, Basis, LEVEL);
ANNALS_SAME(Basis, kYearOnYear, Basis, YEAR_ON_YEAR);
ANNALS_SAME(Basis, kQuarterOnQuarter, Basis, QUARTER_ON_QUARTER);
ANNALS_SAME(Basis, kMonthOnMonth, Basis, MONTH_ON_MONTH);
ANNALS_SAME(EntityKind, kCompany, EntityKind, COMPANY);
ANNALS_SAME(EntityKind, kProduct, EntityKind, PRODUCT);
ANNALS_SAME(EntityKind, kFamily, EntityKind, FAMILY);
ANNALS_SAME(EntityKind, kProductClass, EntityKind, PRODUCT_CLASS);
ANNALS_SAME(EntityKind, kExchange, EntityKind, EXCHANGE);
ANNALS_SAME(EntityKind, kAgency, EntityKind, AGENCY);
ANNALS_SAME(EntityKind, kPerson, EntityKind, PERSON);
ANNALS_SAME(EntityKind, kCountry, EntityKind, COUNTRY);
ANNALS_SAME(EntityKind, kRegion, EntityKind, REGION);
ANNALS_SAME(EntityKind, kCurrency, EntityKind, CURRENCY);
ANNALS_SAME(EntityKind, kOutlet, EntityKind, OUTLET);
ANNALS_SAME(EntityKind, kOrganization, EntityKind, ORGANIZATION);
ANNALS_SAME(EntityKind, kIndex, EntityKind, INDEX);
ANNALS_SAME(EntityKind, kOther, EntityKind, OTHER);
ANNALS_SAME(Encoding, kUtf8, Encoding, UTF8);
ANNALS_SAME(Encoding, kUtf16Le, Encoding, UTF16_LE);
ANNALS_SAME(Encoding, kUtf16Be, Encoding, UTF16_BE);
ANNALS_SAME(Encoding, kGb18030, Encoding, GB18030);
ANNALS_SAME(Encoding, kJsonEscapes, Encoding, JSON_ESCAPES);
ANNALS_SAME(Encoding, kBig5, Encoding, BIG5);
ANNALS_SAME(Encoding, kWindows1252, Encoding, WINDOWS1252);
ANNALS_SAME(BlockKind, kHeading, Block, HEADING);
ANNALS_SAME(BlockKind, kParagraph, Block, PARAGRAPH);
ANNALS_SAME(BlockKind, kBullet, Block, BULLET);
ANNALS_SAME(BlockKind, kQuestion, Block, QUESTION);
ANNALS_SAME(BlockKind, kAnswer, Block, ANSWER);
ANNALS_SAME(Rendition, kVerbatim, Rendition, VERBATIM);
ANNALS_SAME(Rendition, kSummary, Rendition, SUMMARY);
ANNALS_SAME(Rendition, kMinutes, Rendition, MINUTES);
ANNALS_SAME(Rendition, kTranslation, Rendition, TRANSLATION);
ANNALS_SAME(Language, kUnknown, Language, UNKNOWN);
ANNALS_SAME(Language, kZhHans, Language, ZH_HANS);
ANNALS_SAME(Language, kZhHant, Language, ZH_HANT);
ANNALS_SAME(Language, kEn, Language, EN);
ANNALS_SAME(Precision, kSecond, Precision, SECOND);
ANNALS_SAME(Precision, kMinute, Precision, MINUTE);
ANNALS_SAME(Precision, kHour, Precision, HOUR);
ANNALS_SAME(Precision, kDay, Precision, DAY);
ANNALS_SAME(Precision, kMonth, Precision, MONTH);
ANNALS_SAME(Precision, kYear, Precision, YEAR);
ANNALS_SAME(Precision, kRange, Precision, RANGE);
ANNALS_SAME(ZoneSource, kPrinted, ZoneSource, PRINTED);
ANNALS_SAME(ZoneSource, kOperator, ZoneSource, OPERATOR);
ANNALS_SAME(ZoneSource, kAssumed, ZoneSource, ASSUMED);
ANNALS_SAME(Verdict, kAccept, Verdict, ACCEPT);
ANNALS_SAME(Verdict, kReject, Verdict, REJECT);
ANNALS_SAME(Verdict, kAmend, Verdict, AMEND);
ANNALS_SAME(ErasureLevel, kText, ErasureLevel, TEXT);
ANNALS_SAME(ErasureLevel, kAll, ErasureLevel, ALL);
ANNALS_SAME(EventKind, kNote, Header::Which, NOTE);
ANNALS_SAME(EventKind, kStatement, Header::Which, STATEMENT);
ANNALS_SAME(EventKind, kReinterpretation, Header::Which, REINTERPRETATION);
ANNALS_SAME(EventKind, kAmendment, Header::Which, AMENDMENT);
ANNALS_SAME(EventKind, kWithdrawal, Header::Which, WITHDRAWAL);
ANNALS_SAME(EventKind, kRetraction, Header::Which, RETRACTION);
ANNALS_SAME(EventKind, kReview, Header::Which, REVIEW);
ANNALS_SAME(EventKind, kLexicon, Header::Which, LEXICON);
ANNALS_SAME(EventKind, kErasure, Header::Which, ERASURE);
#undef ANNALS_SAME

// How many enumerants of each this program knows.
template <class E>
constexpr unsigned kCountOf = 0;
template <> constexpr unsigned kCountOf<ClaimType> = kClaimTypes;
template <> constexpr unsigned kCountOf<Modality> = 6;
template <> constexpr unsigned kCountOf<Attribution> = 4;
template <> constexpr unsigned kCountOf<Aspect> = 4;
template <> constexpr unsigned kCountOf<Grain> = 11;
template <> constexpr unsigned kCountOf<Comparator> = 7;
template <> constexpr unsigned kCountOf<TimeMod> = 6;
template <> constexpr unsigned kCountOf<QuantityKind> = 7;
template <> constexpr unsigned kCountOf<Basis> = 4;
template <> constexpr unsigned kCountOf<EntityKind> = 14;
template <> constexpr unsigned kCountOf<Encoding> = 7;
template <> constexpr unsigned kCountOf<BlockKind> = 5;
template <> constexpr unsigned kCountOf<Rendition> = 4;
template <> constexpr unsigned kCountOf<Language> = 4;
template <> constexpr unsigned kCountOf<Precision> = 7;
template <> constexpr unsigned kCountOf<ZoneSource> = 3;
template <> constexpr unsigned kCountOf<Verdict> = 3;
template <> constexpr unsigned kCountOf<ErasureLevel> = 2;

// ---- Members. A type that gets a new one stops compiling here, until it is stored (or, like `unknown_claims`, decided not to be).

template <class... T>
void seen(const T&...) {}
[[maybe_unused]] void every_member_is_known(const EntityRef& a, const Amount& b, const When& c, const Slot& d, const Claim& e,
                                            const TimeMention& f, const Quantity& g, const EntityMention& h, const Reading& i,
                                            const Published& j, const ArticleHead& k, const Statement& l, const Entity& m,
                                            const Target& n, const InterpreterId& o) {
  { const auto& [a1, a2, a3] = a; seen(a1, a2, a3); }
  { const auto& [b1, b2, b3, b4] = b; seen(b1, b2, b3, b4); }
  { const auto& [c1, c2, c3, c4] = c; seen(c1, c2, c3, c4); }
  { const auto& [d1, d2] = d; seen(d1, d2); }
  { const auto& [e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11] = e; seen(e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11); }
  { const auto& [f1, f2, f3, f4, f5, f6, f7, f8, f9] = f; seen(f1, f2, f3, f4, f5, f6, f7, f8, f9); }
  { const auto& [g1, g2, g3, g4, g5, g6, g7, g8, g9] = g; seen(g1, g2, g3, g4, g5, g6, g7, g8, g9); }
  { const auto& [h1, h2, h3, h4] = h; seen(h1, h2, h3, h4); }
  { const auto& [i1, i2, i3, i4, i5, i6, i7, i8] = i; seen(i1, i2, i3, i4, i5, i6, i7, i8); }
  { const auto& [j1, j2, j3, j4, j5, j6] = j; seen(j1, j2, j3, j4, j5, j6); }
  { const auto& [k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11] = k; seen(k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11); }
  { const auto& [l1, l2, l3, l4, l5, l6, l7] = l; seen(l1, l2, l3, l4, l5, l6, l7); }
  { const auto& [m1, m2, m3, m4, m5, m6, m7, m8, m9, m10] = m; seen(m1, m2, m3, m4, m5, m6, m7, m8, m9, m10); }
  { const auto& [n1, n2, n3, n4] = n; seen(n1, n2, n3, n4); }
  { const auto& [o1, o2] = o; seen(o1, o2); }
}
[[maybe_unused]] void every_member_is_known(const NoteArrival& a, const StatementEvent& b, const Reinterpretation& c, const Amendment& d,
                                            const Withdrawal& e, const Retraction& f, const Review& g, const LexiconFact& h,
                                            const Erasure& i, const KeptClaims& j) {
  { const auto& [a1, a2, a3, a4, a5, a6, a7] = a; seen(a1, a2, a3, a4, a5, a6, a7); }
  { const auto& [b1, b2, b3, b4, b5, b6] = b; seen(b1, b2, b3, b4, b5, b6); }
  { const auto& [c1, c2, c3, c4, c5] = c; seen(c1, c2, c3, c4, c5); }
  { const auto& [d1, d2, d3, d4, d5] = d; seen(d1, d2, d3, d4, d5); }
  { const auto& [e1, e2, e3, e4, e5] = e; seen(e1, e2, e3, e4, e5); }
  { const auto& [f1, f2, f3] = f; seen(f1, f2, f3); }
  { const auto& [g1, g2, g3, g4, g5, g6, g7] = g; seen(g1, g2, g3, g4, g5, g6, g7); }
  { const auto& [h1, h2, h3] = h; seen(h1, h2, h3); }
  { const auto& [i1, i2, i3, i4, i5] = i; seen(i1, i2, i3, i4, i5); }
  { const auto& [j1, j2, j3, j4, j5, j6, j7, j8, j9, j10] = j; seen(j1, j2, j3, j4, j5, j6, j7, j8, j9, j10); }
}

// ---- Encoding. Each setter checks what a decoder will require, so that nothing is stored that cannot be read back.

capnp::Text::Reader text_of(const std::string& text, const char* field) {
  if (find_invalid_utf8(text)) throw Malformed{std::string(field) + " is not UTF-8"};
  return {text.data(), text.size()};
}
double finite(double number, const char* field) {
  if (!std::isfinite(number)) throw Malformed{std::string(field) + " is not a finite number"};
  return number;
}
capnp::Data::Reader data_of(const Digest& digest) { return {digest.bytes.data(), digest.bytes.size()}; }
template <class Theirs, class Ours>
Theirs enumerant(Ours value, const char* field) {
  static_assert(kCountOf<Ours> > 0);
  if (static_cast<unsigned>(value) >= kCountOf<Ours>) throw Malformed{std::string(field) + " is out of its range"};
  return static_cast<Theirs>(value);
}
std::int64_t number_of(Instant instant) { return instant.time_since_epoch().count(); }
std::int64_t number_of(Civil wall) { return wall.time_since_epoch().count(); }
unsigned count_of(std::size_t size) {
  if (size > 1u << 28) throw Malformed{"a list is too long"};
  return static_cast<unsigned>(size);
}

// Absent where empty: one way to write it.
#define ANNALS_SET_TEXT(builder, Name, value, field) \
  do {                                               \
    if (!(value).empty()) (builder).set##Name(text_of(value, field)); \
  } while (false)
#define ANNALS_SET_OPTIONAL_TEXT(builder, Name, value, field) \
  do {                                                        \
    if (value) (builder).set##Name(text_of(*(value), field)); \
  } while (false)
// Of what an event is about: never none.
capnp::Data::Reader sure_data_of(const Digest& digest, const char* field) {
  if (digest.none()) throw Malformed{std::string(field) + " is not said"};
  return data_of(digest);
}
#define ANNALS_SET_DIGEST(builder, Name, value) \
  do {                                          \
    if (!(value).none()) (builder).set##Name(data_of(value)); \
  } while (false)

template <class Init>
void put_texts(const std::vector<std::string>& texts, const char* field, Init init) {
  if (texts.empty()) return;
  auto list = init(count_of(texts.size()));
  for (unsigned i = 0; i < list.size(); ++i) list.set(i, text_of(texts[i], field));
}
template <class Group>
void put_open_civil(const std::optional<Civil>& wall, Group group) {
  if (wall) group.setAt(number_of(*wall));
}
template <class Group>
void put_high(const std::optional<double>& high, Group group, const char* field) {
  if (high) group.setSome(finite(*high, field));
}

void put(const EntityRef& entity, proto::EntityRef::Builder out) {
  ANNALS_SET_TEXT(out, Id, entity.id, "an entity's id");
  ANNALS_SET_TEXT(out, Text, entity.text, "an entity's text");
  out.setUnknown(!entity.known);
}
void put(const Amount& amount, proto::Amount::Builder out) {
  out.setValue(finite(amount.value, "an amount"));
  put_high(amount.high, out.getHigh(), "an amount");
  out.setComparator(enumerant<proto::Comparator>(amount.comparator, "a comparator"));
  ANNALS_SET_TEXT(out, Unit, amount.unit, "a unit");
}
void put(const When& when, proto::When::Builder out) {
  ANNALS_SET_TEXT(out, Iso, when.iso, "a claim's time");
  put_open_civil(when.from, out.getFrom());
  put_open_civil(when.to, out.getTo());
  out.setGrain(enumerant<proto::Grain>(when.grain, "a grain"));
}
void put(const Slot& slot, proto::Slot::Builder out) {
  ANNALS_SET_TEXT(out, Name, slot.name, "a slot's name");
  auto value = out.getValue();
  if (const auto* entity = std::get_if<EntityRef>(&slot.value)) {
    put(*entity, value.initEntity());
  } else if (const auto* entities = std::get_if<std::vector<EntityRef>>(&slot.value)) {
    auto list = value.initEntities(count_of(entities->size()));
    for (unsigned i = 0; i < list.size(); ++i) put((*entities)[i], list[i]);
  } else if (const auto* amount = std::get_if<Amount>(&slot.value)) {
    put(*amount, value.initAmount());
  } else {
    value.setText(text_of(std::get<std::string>(slot.value), "a slot's text"));
  }
}
void put(const Claim& claim, proto::Claim::Builder out) {
  out.setType(enumerant<proto::ClaimType>(claim.type, "a claim's type"));
  out.setModality(enumerant<proto::Modality>(claim.modality, "a modality"));
  out.setAttribution(enumerant<proto::Attribution>(claim.attribution, "an attribution"));
  out.setAspect(enumerant<proto::Aspect>(claim.aspect, "an aspect"));
  out.setBegin(claim.span.begin);
  out.setEnd(claim.span.end);
  ANNALS_SET_TEXT(out, Quote, claim.quote, "a quote");
  put_texts(claim.speakers, "a speaker", [&](unsigned n) { return out.initSpeakers(n); });
  if (claim.when) put(*claim.when, out.initWhen());
  if (claim.said_at) put(*claim.said_at, out.initSaidAt());
  ANNALS_SET_TEXT(out, Rule, claim.rule, "a rule");
  if (claim.slots.empty()) return;
  auto slots = out.initSlots(count_of(claim.slots.size()));
  for (unsigned i = 0; i < slots.size(); ++i) put(claim.slots[i], slots[i]);
}
void put(const TimeMention& time, proto::TimeMention::Builder out) {
  ANNALS_SET_TEXT(out, Text, time.text, "a time");
  out.setBegin(time.span.begin);
  out.setEnd(time.span.end);
  put_open_civil(time.from, out.getFrom());
  put_open_civil(time.to, out.getTo());
  out.setGrain(enumerant<proto::Grain>(time.grain, "a grain"));
  out.setMod(enumerant<proto::TimeMod>(time.mod, "a time's modifier"));
  out.setFiscal(time.fiscal);
  out.setRelative(time.relative);
  ANNALS_SET_TEXT(out, Iso, time.iso, "a time");
}
void put(const Quantity& quantity, proto::Quantity::Builder out) {
  ANNALS_SET_TEXT(out, Text, quantity.text, "a quantity");
  out.setBegin(quantity.span.begin);
  out.setEnd(quantity.span.end);
  out.setKind(enumerant<proto::QuantityKind>(quantity.kind, "a quantity's kind"));
  out.setValue(finite(quantity.value, "a quantity"));
  put_high(quantity.high, out.getHigh(), "a quantity");
  out.setComparator(enumerant<proto::Comparator>(quantity.comparator, "a comparator"));
  out.setBasis(enumerant<proto::Basis>(quantity.basis, "a quantity's basis"));
  ANNALS_SET_TEXT(out, Unit, quantity.unit, "a unit");
  ANNALS_SET_TEXT(out, Currency, quantity.currency, "a currency");
}
void put(const EntityMention& entity, proto::EntityMention::Builder out) {
  ANNALS_SET_TEXT(out, Id, entity.id, "an entity's id");
  ANNALS_SET_TEXT(out, Text, entity.text, "an entity's text");
  out.setBegin(entity.span.begin);
  out.setEnd(entity.span.end);
  out.setKind(enumerant<proto::EntityKind>(entity.kind, "an entity's kind"));
}
void put(const KeptClaims& kept, proto::Kept::Builder out);
template <class T, class Init>
void put_list(const std::vector<T>& values, Init init) {
  if (values.empty()) return;
  auto list = init(count_of(values.size()));
  for (unsigned i = 0; i < list.size(); ++i) put(values[i], list[i]);
}
void put(const Reading& reading, proto::Reading::Builder out) {
  // Claims that were left out when this reading was decoded cannot be written again: a newer program's store is not ours to write.
  if (!reading.unknown_claims.empty()) throw Malformed{"a reading has claims that this program does not know"};
  put_texts(reading.speakers, "a speaker", [&](unsigned n) { return out.initSpeakers(n); });
  out.setModality(enumerant<proto::Modality>(reading.modality, "a modality"));
  out.setAttribution(enumerant<proto::Attribution>(reading.attribution, "an attribution"));
  put_list(reading.times, [&](unsigned n) { return out.initTimes(n); });
  put_list(reading.quantities, [&](unsigned n) { return out.initQuantities(n); });
  put_list(reading.entities, [&](unsigned n) { return out.initEntities(n); });
  put_list(reading.claims, [&](unsigned n) { return out.initClaims(n); });
}
std::uint64_t claim_types_of(const Reading& reading) {
  std::uint64_t bits = 0;
  for (const Claim& claim : reading.claims) bits |= std::uint64_t{1} << static_cast<unsigned>(claim.type);
  return bits;
}
void put(const Published& published, proto::Published::Builder out) {
  ANNALS_SET_TEXT(out, Wall, published.wall, "a publication time");
  out.setPrecision(enumerant<proto::Precision>(published.precision, "a precision"));
  ANNALS_SET_TEXT(out, Zone, published.zone, "a zone");
  out.setZoneSource(enumerant<proto::ZoneSource>(published.zone_source, "a zone's source"));
  out.setEarliest(number_of(published.earliest));
  out.setKnownFrom(number_of(published.known_from));
}
void put(const InterpreterId& interpreter, proto::Interpreter::Builder out) {
  ANNALS_SET_TEXT(out, Name, interpreter.name, "an interpreter's name");
  out.setVersion(interpreter.version);
}
void put(const Target& target, proto::Target::Builder out) {
  switch (target.kind) {
    case TargetKind::kEvent: out.setEvent(sure_data_of(target.event, "the event it is about")); return;
    case TargetKind::kArticle: {
      auto article = out.initArticle();
      article.setNote(sure_data_of(target.note, "the note it is about"));
      article.setOrdinal(target.article);
      return;
    }
    case TargetKind::kNote: out.setNote(sure_data_of(target.note, "the note it is about")); return;
  }
  throw Malformed{"a target is of no kind"};
}
// ArticleHead and KeptClaims have the same words.
template <class Head>
void put_words(const Head& head, proto::ArticleWords::Builder out) {
  ANNALS_SET_TEXT(out, Title, head.title, "a title");
  ANNALS_SET_OPTIONAL_TEXT(out, Outlet, head.outlet, "an outlet");
  ANNALS_SET_OPTIONAL_TEXT(out, Author, head.author, "an author");
  ANNALS_SET_OPTIONAL_TEXT(out, Carrier, head.carrier, "a carrier");
  ANNALS_SET_OPTIONAL_TEXT(out, Link, head.link, "a link");
  ANNALS_SET_DIGEST(out, TextHash, head.text_hash);
}
void put(const Entity& entity, proto::Entity::Builder out) {
  ANNALS_SET_TEXT(out, Id, entity.id, "an entity's id");
  out.setKind(enumerant<proto::EntityKind>(entity.kind, "an entity's kind"));
  ANNALS_SET_TEXT(out, Name, entity.name, "an entity's name");
  put_texts(entity.aliases, "an alias", [&](unsigned n) { return out.initAliases(n); });
  ANNALS_SET_OPTIONAL_TEXT(out, Family, entity.family, "a family");
  ANNALS_SET_OPTIONAL_TEXT(out, Vendor, entity.vendor, "a vendor");
  ANNALS_SET_OPTIONAL_TEXT(out, Country, entity.country, "a country");
  out.setInheritsRules(entity.inherits_rules);
  put_texts(entity.tags, "a tag", [&](unsigned n) { return out.initTags(n); });
  put_texts(entity.tickers, "a ticker", [&](unsigned n) { return out.initTickers(n); });
}
void put(const KeptClaims& kept, proto::Kept::Builder out) {
  ANNALS_SET_DIGEST(out, Event, kept.event);
  put_words(kept, out.initArticle());
  put_list(kept.claims, [&](unsigned n) { return out.initClaims(n); });
  if (!kept.subjects.empty()) {
    auto list = out.initSubjects(count_of(kept.subjects.size()));
    for (unsigned i = 0; i < list.size(); ++i) list.set(i, sure_data_of(kept.subjects[i], "a subject"));
  }
  ANNALS_SET_TEXT(out, Because, kept.because, "a reason");
}

struct Put {
  proto::Header::Builder header;
  proto::Body::Builder body;

  void operator()(const NoteArrival& note) {
    auto h = header.initNote();
    h.setNote(sure_data_of(note.note, "the note"));
    h.setSize(note.size);
    h.setEncoding(enumerant<proto::Encoding>(note.encoding, "an encoding"));
    h.setArticles(note.articles);
    h.setStatements(note.statements);
    ANNALS_SET_TEXT(h, Format, note.format, "a format");
    auto b = body.initNote();
    ANNALS_SET_TEXT(b, Origin, note.origin, "an origin");
  }
  void operator()(const StatementEvent& event) {
    auto h = header.initStatement();
    h.setNote(sure_data_of(event.note, "the note"));
    h.setArticle(event.article.ordinal);
    h.setBegin(event.statement.span.begin);
    h.setEnd(event.statement.span.end);
    h.setHeadingBegin(event.statement.heading_span.begin);
    h.setHeadingEnd(event.statement.heading_span.end);
    h.setBlock(enumerant<proto::Block>(event.statement.block, "a block's kind"));
    h.setParagraph(event.statement.paragraph);
    h.setRendition(enumerant<proto::Rendition>(event.article.rendition, "a rendition"));
    h.setLanguage(enumerant<proto::Language>(event.article.language, "a language"));
    if (event.article.published) put(*event.article.published, h.initPublished());
    if (event.article.observed) h.getObserved().setAt(number_of(*event.article.observed));
    put(event.interpreter, h.initInterpreter());
    ANNALS_SET_TEXT(h, LexiconVersion, event.lexicon_version, "a lexicon's version");
    h.setClaimTypes(claim_types_of(event.reading));
    auto b = body.initStatement();
    put_words(event.article, b.initArticle());
    ANNALS_SET_TEXT(b, Text, event.statement.text, "a statement's text");
    ANNALS_SET_TEXT(b, Heading, event.statement.heading, "a heading");
    put(event.reading, b.initReading());
    check(are_whole(event.statement.pieces, event.statement.text.size(), event.statement.span), "the pieces of a statement are its text");
    if (!event.statement.pieces.empty()) {
      auto list = b.initPieces(static_cast<unsigned>(event.statement.pieces.size()));
      std::uint64_t at = event.statement.span.begin;
      for (unsigned i = 0; i < list.size(); ++i) {
        const TextPiece& piece = event.statement.pieces[i];
        list[i].setGap(static_cast<std::uint32_t>(piece.note.begin - at));
        list[i].setText(static_cast<std::uint32_t>(piece.text.size()));
        list[i].setNote(static_cast<std::uint32_t>(piece.note.size()));
        at = piece.note.end;
      }
    }
  }
  void operator()(const Reinterpretation& event) {
    auto h = header.initReinterpretation();
    h.setAbout(sure_data_of(event.about, "the event it is about"));
    put(event.interpreter, h.initInterpreter());
    ANNALS_SET_TEXT(h, LexiconVersion, event.lexicon_version, "a lexicon's version");
    h.setClaimTypes(claim_types_of(event.reading));
    ANNALS_SET_DIGEST(h, After, event.after);
    put(event.reading, body.initReinterpretation().initReading());
  }
  void operator()(const Amendment& event) {
    auto h = header.initAmendment();
    put(event.about, h.initAbout());
    ANNALS_SET_DIGEST(h, After, event.after);
    if (event.published) put(*event.published, h.initPublished());
    auto b = body.initAmendment();
    ANNALS_SET_TEXT(b, Because, event.because, "a reason");
    ANNALS_SET_OPTIONAL_TEXT(b, Outlet, event.outlet, "an outlet");
  }
  void operator()(const Withdrawal& event) {
    auto h = header.initWithdrawal();
    put(event.about, h.initAbout());
    ANNALS_SET_DIGEST(h, After, event.after);
    put(event.published, h.initPublished());
    auto b = body.initWithdrawal();
    ANNALS_SET_TEXT(b, Because, event.because, "a reason");
    ANNALS_SET_OPTIONAL_TEXT(b, Outlet, event.outlet, "an outlet");
  }
  void operator()(const Retraction& event) {
    auto h = header.initRetraction();
    put(event.about, h.initAbout());
    ANNALS_SET_DIGEST(h, After, event.after);
    auto b = body.initRetraction();
    ANNALS_SET_TEXT(b, Because, event.because, "a reason");
  }
  void operator()(const Review& event) {
    auto h = header.initReview();
    h.setAbout(sure_data_of(event.about, "the event it is about"));
    ANNALS_SET_DIGEST(h, After, event.after);
    if (event.claim) h.getClaim().setOrdinal(*event.claim);
    put(event.interpreter, h.initInterpreter());
    h.setVerdict(enumerant<proto::Verdict>(event.verdict, "a verdict"));
    auto b = body.initReview();
    ANNALS_SET_TEXT(b, Because, event.because, "a reason");
    if (event.amended) put(*event.amended, b.initAmended());
  }
  void operator()(const LexiconFact& event) {
    auto h = header.initLexicon();
    ANNALS_SET_DIGEST(h, After, event.after);
    h.setByHand(event.by_hand);
    put(event.entity, body.initLexicon().initEntity());
  }
  void operator()(const Erasure& event) {
    auto h = header.initErasure();
    h.setNote(sure_data_of(event.note, "the note"));
    h.setLevel(enumerant<proto::ErasureLevel>(event.level, "an erasure's level"));
    if (event.about) put(*event.about, h.initAbout());
    auto b = body.initErasure();
    ANNALS_SET_TEXT(b, Because, event.because, "a reason");
    put_list(event.kept, [&](unsigned n) { return b.initKept(n); });
  }
};

// An event is nearly always one segment; only then do pointers lead where they say.
template <class Root>
std::string bytes_of(capnp::MallocMessageBuilder& message, Root root) {
  const auto segments = message.getSegmentsForOutput();
  std::string out;
  if (segments.size() == 1) {
    out = canonical_bytes(segments[0]);
  } else {
    const auto words = capnp::canonicalize(root.asReader());
    out.assign(reinterpret_cast<const char*>(words.begin()), words.size() * sizeof(capnp::word));
  }
  if (out.size() > kEventBytesMax) throw Malformed{"it is too long"};
  return out;
}

// ---- Decoding.

class In {
 public:
  explicit In(DecodeOptions options) : options_(options) {}

  Event event(proto::Header::Reader header, proto::Body::Reader body) const {
    Event out = envelope(header);
    switch (header.which()) {
      case proto::Header::NOTE: note(header.getNote(), body.getNote(), out.body.emplace<NoteArrival>()); break;
      case proto::Header::STATEMENT: statement(header.getStatement(), body.getStatement(), out.body.emplace<StatementEvent>()); break;
      case proto::Header::REINTERPRETATION: {
        auto& event = out.body.emplace<Reinterpretation>();
        auto h = header.getReinterpretation();
        event.about = digest(h.getAbout());
        event.interpreter = interpreter(h.getInterpreter());
        event.lexicon_version = text(h.getLexiconVersion());
        event.after = maybe_digest(h.getAfter());
        reading(body.getReinterpretation().getReading(), event.reading, h.getClaimTypes() != 0);
        break;
      }
      case proto::Header::AMENDMENT: {
        auto& event = out.body.emplace<Amendment>();
        auto h = header.getAmendment();
        auto b = body.getAmendment();
        event.about = target(h.getAbout());
        event.after = maybe_digest(h.getAfter());
        if (h.hasPublished()) event.published = published(h.getPublished());
        event.because = text(b.getBecause());
        if (b.hasOutlet()) event.outlet = text(b.getOutlet());
        break;
      }
      case proto::Header::WITHDRAWAL: {
        auto& event = out.body.emplace<Withdrawal>();
        auto h = header.getWithdrawal();
        auto b = body.getWithdrawal();
        event.about = target(h.getAbout());
        event.after = maybe_digest(h.getAfter());
        event.published = published(h.getPublished());
        event.because = text(b.getBecause());
        if (b.hasOutlet()) event.outlet = text(b.getOutlet());
        break;
      }
      case proto::Header::RETRACTION: {
        auto& event = out.body.emplace<Retraction>();
        auto h = header.getRetraction();
        event.about = target(h.getAbout());
        event.after = maybe_digest(h.getAfter());
        event.because = text(body.getRetraction().getBecause());
        break;
      }
      case proto::Header::REVIEW: review(header.getReview(), body.getReview(), out.body.emplace<Review>()); break;
      case proto::Header::LEXICON: {
        auto& event = out.body.emplace<LexiconFact>();
        event.after = maybe_digest(header.getLexicon().getAfter());
        event.by_hand = header.getLexicon().getByHand();
        event.entity = entity(body.getLexicon().getEntity());
        break;
      }
      case proto::Header::ERASURE: {
        auto& event = out.body.emplace<Erasure>();
        auto h = header.getErasure();
        auto b = body.getErasure();
        event.note = digest(h.getNote());
        event.level = known<ErasureLevel>(h.getLevel(), "an erasure's level");
        if (h.hasAbout()) event.about = target(h.getAbout());
        event.because = text(b.getBecause());
        for (auto k : b.getKept()) {
          KeptClaims& kept = event.kept.emplace_back();
          kept.event = maybe_digest(k.getEvent());
          words(k.getArticle(), kept);
          for (auto c : k.getClaims()) kept.claims.push_back(sure_claim(c));
          for (auto s : k.getSubjects()) kept.subjects.push_back(digest(s));
          kept.because = text(k.getBecause());
        }
        break;
      }
      default: throw UnknownKind{};
    }
    return out;
  }

  static EventTimes times(proto::Header::Reader in) {
    EventTimes out;
    out.recorded_at = instant(in.getRecordedAt());
    if (in.isStatement()) {
      const auto statement = in.getStatement();
      out.statement = true;
      if (statement.hasPublished()) out.known_from = instant(statement.getPublished().getKnownFrom());
      if (statement.getObserved().isAt()) out.observed = instant(statement.getObserved().getAt());
    } else if (in.isWithdrawal()) {
      out.known_from = instant(in.getWithdrawal().getPublished().getKnownFrom());
    }
    return out;
  }

  Event envelope(proto::Header::Reader header) const {
    Event out;
    out.recorded_at = instant(header.getRecordedAt());
    out.position = Position{header.getPosition()};
    out.id = digest(header.getId());
    out.actor = text(header.getActor());
    return out;
  }

  static EventBody empty_body(proto::Header::Which which) {
    switch (which) {
      case proto::Header::NOTE: return NoteArrival{};
      case proto::Header::STATEMENT: return StatementEvent{};
      case proto::Header::REINTERPRETATION: return Reinterpretation{};
      case proto::Header::AMENDMENT: return Amendment{};
      case proto::Header::WITHDRAWAL: return Withdrawal{};
      case proto::Header::RETRACTION: return Retraction{};
      case proto::Header::REVIEW: return Review{};
      case proto::Header::LEXICON: return LexiconFact{};
      case proto::Header::ERASURE: return Erasure{};
    }
    throw UnknownKind{};
  }

 private:
  bool all() const { return options_.parts == Parts::kAll; }

  std::string text(capnp::Text::Reader text) const {
    const std::string_view view(text.begin(), text.size());
    if (options_.from_outside && find_invalid_utf8(view)) throw Malformed{"a text is not UTF-8"};
    return std::string(view);
  }
  static Digest digest(capnp::Data::Reader data) {
    Digest out;
    if (data.size() != out.bytes.size()) throw Malformed{"a digest has " + std::to_string(data.size()) + " bytes, expected 32"};
    std::memcpy(out.bytes.data(), data.begin(), out.bytes.size());
    return out;
  }
  static Digest maybe_digest(capnp::Data::Reader data) { return data.size() == 0 ? Digest{} : digest(data); }
  static Instant instant(std::int64_t micros) { return Instant(Micros(micros)); }
  static Civil civil(std::int64_t seconds) { return Civil(std::chrono::seconds(seconds)); }
  static double number(double value) {
    if (!std::isfinite(value)) throw Malformed{"a number is not finite"};
    return value;
  }
  template <class Ours, class Theirs>
  static Ours known(Theirs value, const char* what) {
    if (static_cast<unsigned>(value) >= kCountOf<Ours>) {
      throw Malformed{std::string(what) + " has the unknown number " + std::to_string(static_cast<unsigned>(value))};
    }
    return static_cast<Ours>(value);
  }
  template <class Ours, class Theirs>
  static Ours known_or_skip(Theirs value) {
    if (static_cast<unsigned>(value) >= kCountOf<Ours>) throw Unknown{};
    return static_cast<Ours>(value);
  }
  template <class Group>
  static std::optional<Civil> open_civil(Group group) {
    if (group.isAt()) return civil(group.getAt());
    if (group.isOpen()) return std::nullopt;
    throw Unknown{};
  }
  template <class Group>
  static std::optional<double> high(Group group) {
    if (group.isSome()) return number(group.getSome());
    if (group.isNone()) return std::nullopt;
    throw Unknown{};
  }
  template <class List>
  void texts(List list, std::vector<std::string>& out) const {
    out.reserve(list.size());
    for (auto item : list) out.push_back(text(item));
  }

  void note(proto::Header::Note::Reader h, proto::Body::Note::Reader b, NoteArrival& out) const {
    out.note = digest(h.getNote());
    out.size = h.getSize();
    out.encoding = known<Encoding>(h.getEncoding(), "an encoding");
    out.articles = h.getArticles();
    out.statements = h.getStatements();
    out.format = text(h.getFormat());
    out.origin = text(b.getOrigin());
  }

  void statement(proto::Header::Statement::Reader h, proto::Body::Statement::Reader b, StatementEvent& out) const {
    out.note = digest(h.getNote());
    out.article.ordinal = h.getArticle();
    out.statement.span = {h.getBegin(), h.getEnd()};
    out.statement.heading_span = {h.getHeadingBegin(), h.getHeadingEnd()};
    out.statement.block = known<BlockKind>(h.getBlock(), "a block's kind");
    out.statement.paragraph = h.getParagraph();
    out.article.rendition = known<Rendition>(h.getRendition(), "a rendition");
    out.article.language = known<Language>(h.getLanguage(), "a language");
    if (h.hasPublished()) out.article.published = published(h.getPublished());
    if (h.getObserved().isAt()) out.article.observed = instant(h.getObserved().getAt());
    out.interpreter = interpreter(h.getInterpreter());
    out.lexicon_version = text(h.getLexiconVersion());
    words(b.getArticle(), out.article);
    if (options_.parts >= Parts::kText) out.statement.text = text(b.getText());
    if (all()) {
      out.statement.heading = text(b.getHeading());
      std::uint64_t in_text = 0;
      std::uint64_t in_note = out.statement.span.begin;
      for (auto piece : b.getPieces()) {
        in_note += piece.getGap();
        out.statement.pieces.push_back({{in_text, in_text + piece.getText()}, {in_note, in_note + piece.getNote()}});
        in_text += piece.getText();
        in_note += piece.getNote();
      }
      if (!are_whole(out.statement.pieces, out.statement.text.size(), out.statement.span)) throw Malformed{"the pieces of a statement are not its text"};
    }
    reading(b.getReading(), out.reading, h.getClaimTypes() != 0);
  }

  void review(proto::Header::Review::Reader h, proto::Body::Review::Reader b, Review& out) const {
    out.about = digest(h.getAbout());
    out.after = maybe_digest(h.getAfter());
    if (h.getClaim().isOrdinal()) out.claim = h.getClaim().getOrdinal();
    out.interpreter = interpreter(h.getInterpreter());
    out.verdict = known<Verdict>(h.getVerdict(), "a verdict");
    out.because = text(b.getBecause());
    if (b.hasAmended()) out.amended = sure_claim(b.getAmended());
  }

  void reading(proto::Reading::Reader in, Reading& out, bool any_claims) const {
    texts(in.getSpeakers(), out.speakers);
    out.modality = known<Modality>(in.getModality(), "a modality");
    out.attribution = known<Attribution>(in.getAttribution(), "an attribution");
    if (all()) {
      mentions(in.getTimes(), out.times);
      mentions(in.getQuantities(), out.quantities);
      mentions(in.getEntities(), out.entities);
    }
    if (!any_claims) {
      if (in.getClaims().size() != 0) throw Malformed{"the header names no claims but the body has some"};
      return;
    }
    auto list = in.getClaims();
    out.claims.reserve(list.size());
    for (unsigned i = 0; i < list.size(); ++i) {
      Claim one;
      if (claim(list[i], one)) out.claims.push_back(std::move(one));
      else out.unknown_claims.push_back(i);
    }
  }

  template <class List, class T>
  void mentions(List list, std::vector<T>& out) const {
    out.reserve(list.size());
    for (auto item : list) {
      try {
        out.push_back(mention(item));
      } catch (const Unknown&) {  // of a newer program: not ours to show
      }
    }
  }
  TimeMention mention(proto::TimeMention::Reader in) const {
    TimeMention out;
    out.grain = known_or_skip<Grain>(in.getGrain());
    out.mod = known_or_skip<TimeMod>(in.getMod());
    out.text = text(in.getText());
    out.span = {in.getBegin(), in.getEnd()};
    out.from = open_civil(in.getFrom());
    out.to = open_civil(in.getTo());
    out.fiscal = in.getFiscal();
    out.relative = in.getRelative();
    out.iso = text(in.getIso());
    return out;
  }
  Quantity mention(proto::Quantity::Reader in) const {
    Quantity out;
    out.kind = known_or_skip<QuantityKind>(in.getKind());
    out.comparator = known_or_skip<Comparator>(in.getComparator());
    out.basis = known_or_skip<Basis>(in.getBasis());
    out.text = text(in.getText());
    out.span = {in.getBegin(), in.getEnd()};
    out.value = number(in.getValue());
    out.high = high(in.getHigh());
    out.unit = text(in.getUnit());
    out.currency = text(in.getCurrency());
    return out;
  }
  EntityMention mention(proto::EntityMention::Reader in) const {
    EntityMention out;
    out.kind = known_or_skip<EntityKind>(in.getKind());
    out.id = text(in.getId());
    out.text = text(in.getText());
    out.span = {in.getBegin(), in.getEnd()};
    return out;
  }

  // False: of a newer program.
  bool claim(proto::Claim::Reader in, Claim& out) const {
    try {
      out.type = known_or_skip<ClaimType>(in.getType());
      out.modality = known_or_skip<Modality>(in.getModality());
      out.attribution = known_or_skip<Attribution>(in.getAttribution());
      out.aspect = known_or_skip<Aspect>(in.getAspect());
      if (in.hasWhen()) out.when = when(in.getWhen());
      if (in.hasSaidAt()) out.said_at = when(in.getSaidAt());
      auto slots = in.getSlots();
      out.slots.reserve(slots.size());
      for (auto s : slots) out.slots.push_back(slot(s));
    } catch (const Unknown&) {
      return false;
    }
    out.span = {in.getBegin(), in.getEnd()};
    out.quote = text(in.getQuote());
    texts(in.getSpeakers(), out.speakers);
    out.rule = text(in.getRule());
    return true;
  }
  // Where a claim cannot be left out: a review or an erasure without it would say something else.
  Claim sure_claim(proto::Claim::Reader in) const {
    Claim out;
    if (!claim(in, out)) throw UnknownKind{};
    return out;
  }
  When when(proto::When::Reader in) const {
    When out;
    out.grain = known_or_skip<Grain>(in.getGrain());
    out.iso = text(in.getIso());
    out.from = open_civil(in.getFrom());
    out.to = open_civil(in.getTo());
    return out;
  }
  EntityRef reference(proto::EntityRef::Reader in) const { return {text(in.getId()), text(in.getText()), !in.getUnknown()}; }
  Slot slot(proto::Slot::Reader in) const {
    Slot out;
    out.name = text(in.getName());
    auto value = in.getValue();
    switch (value.which()) {
      case proto::Slot::Value::ENTITY: out.value = reference(value.getEntity()); break;
      case proto::Slot::Value::ENTITIES: {
        auto list = value.getEntities();
        std::vector<EntityRef> entities;
        entities.reserve(list.size());
        for (auto item : list) entities.push_back(reference(item));
        out.value = std::move(entities);
        break;
      }
      case proto::Slot::Value::AMOUNT: {
        auto a = value.getAmount();
        Amount amount;
        amount.value = number(a.getValue());
        amount.high = high(a.getHigh());
        amount.comparator = known_or_skip<Comparator>(a.getComparator());
        amount.unit = text(a.getUnit());
        out.value = std::move(amount);
        break;
      }
      case proto::Slot::Value::TEXT: out.value = text(value.getText()); break;
      default: throw Unknown{};
    }
    return out;
  }

  Published published(proto::Published::Reader in) const {
    Published out;
    out.wall = text(in.getWall());
    out.precision = known<Precision>(in.getPrecision(), "a precision");
    out.zone = text(in.getZone());
    out.zone_source = known<ZoneSource>(in.getZoneSource(), "a zone's source");
    out.earliest = instant(in.getEarliest());
    out.known_from = instant(in.getKnownFrom());
    return out;
  }
  InterpreterId interpreter(proto::Interpreter::Reader in) const { return {text(in.getName()), in.getVersion()}; }
  static Target target(proto::Target::Reader in) {
    switch (in.which()) {
      case proto::Target::EVENT: return Target::of_event(digest(in.getEvent()));
      case proto::Target::ARTICLE: return Target::of_article(digest(in.getArticle().getNote()), in.getArticle().getOrdinal());
      case proto::Target::NOTE: return Target::of_note(digest(in.getNote()));
    }
    throw Malformed{"a target is of no known kind"};
  }
  template <class Head>
  void words(proto::ArticleWords::Reader in, Head& out) const {
    out.title = text(in.getTitle());
    if (in.hasOutlet()) out.outlet = text(in.getOutlet());
    if (in.hasAuthor()) out.author = text(in.getAuthor());
    if (in.hasCarrier()) out.carrier = text(in.getCarrier());
    if (in.hasLink()) out.link = text(in.getLink());
    out.text_hash = maybe_digest(in.getTextHash());
  }
  Entity entity(proto::Entity::Reader in) const {
    Entity out;
    out.id = text(in.getId());
    out.kind = known<EntityKind>(in.getKind(), "an entity's kind");
    out.name = text(in.getName());
    texts(in.getAliases(), out.aliases);
    if (in.hasFamily()) out.family = text(in.getFamily());
    if (in.hasVendor()) out.vendor = text(in.getVendor());
    if (in.hasCountry()) out.country = text(in.getCountry());
    out.inherits_rules = in.getInheritsRules();
    texts(in.getTags(), out.tags);
    texts(in.getTickers(), out.tickers);
    return out;
  }

  DecodeOptions options_;
};

// The bytes as aligned words, copied where they are not. Cap'n Proto 0.9 reads no others.
class Words {
 public:
  Words(std::string_view bytes, const char* what) {
    if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) {
      throw Malformed{std::string("its ") + what + " has " + std::to_string(bytes.size()) + " bytes, expected a multiple of 8"};
    }
    if (bytes.size() > kEventBytesMax) throw Malformed{std::string("its ") + what + " is too long"};
    const std::size_t count = bytes.size() / sizeof(capnp::word);
    if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(capnp::word) == 0) {
      segments_[0] = {reinterpret_cast<const capnp::word*>(bytes.data()), count};
    } else {
      copy_ = std::make_unique_for_overwrite<std::uint64_t[]>(count);
      std::memcpy(copy_.get(), bytes.data(), bytes.size());
      segments_[0] = {reinterpret_cast<const capnp::word*>(copy_.get()), count};
    }
  }
  kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments() const { return {segments_.data(), 1}; }
  // Each object may be visited a few times (a union's member, a has…() and a get…()), never without end.
  capnp::ReaderOptions limits() const {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = 8 * segments_[0].size() + 64;
    options.nestingLimit = 24;
    return options;
  }

 private:
  std::unique_ptr<std::uint64_t[]> copy_;
  std::array<kj::ArrayPtr<const capnp::word>, 1> segments_;
};

bool has_unknown_claims(const EventBody& body) {
  const Reading* reading = nullptr;
  if (const auto* statement = std::get_if<StatementEvent>(&body)) reading = &statement->reading;
  if (const auto* other = std::get_if<Reinterpretation>(&body)) reading = &other->reading;
  return reading != nullptr && !reading->unknown_claims.empty();
}

// A body of that kind without a word in it.
proto::Body::Reader wordless(proto::Header::Which which, capnp::MallocMessageBuilder& message) {
  auto body = message.initRoot<proto::Body>();
  switch (which) {
    case proto::Header::NOTE: body.initNote(); break;
    case proto::Header::STATEMENT: body.initStatement(); break;
    case proto::Header::REINTERPRETATION: body.initReinterpretation(); break;
    case proto::Header::AMENDMENT: body.initAmendment(); break;
    case proto::Header::WITHDRAWAL: body.initWithdrawal(); break;
    case proto::Header::RETRACTION: body.initRetraction(); break;
    case proto::Header::REVIEW: body.initReview(); break;
    case proto::Header::LEXICON: body.initLexicon(); break;
    case proto::Header::ERASURE: body.initErasure(); break;
  }
  return body.asReader();
}

Error corrupt(std::string_view what) { return {ErrorCode::kCorrupt, "not an event: " + std::string(what)}; }

}  // namespace

namespace {
// Position 0 is "not yet": a mark that canonical form does not cut, so that stamp_header() has its two words.
constexpr Position kNoPlaceYet{~std::uint64_t{0}};

// Builders want memory of zeros, and leave it so: each thread keeps one, so that an event clears what it has used and no more.
struct Scratch {
  std::array<capnp::word, 512> header{};
  std::array<capnp::word, 1024> body{};
};

Result<EncodedEvent> encode(const EventId& id, const std::string& actor, const EventBody& event_body, Position position, Instant recorded_at) {
  static thread_local Scratch scratch;
  try {
    capnp::MallocMessageBuilder header_message(kj::arrayPtr(scratch.header.data(), scratch.header.size()));
    capnp::MallocMessageBuilder body_message(kj::arrayPtr(scratch.body.data(), scratch.body.size()));
    auto header = header_message.initRoot<proto::Header>();
    auto body = body_message.initRoot<proto::Body>();
    header.setPosition(position.value == 0 ? kNoPlaceYet.value : position.value);
    header.setRecordedAt(number_of(recorded_at));
    header.setId(data_of(id));
    ANNALS_SET_TEXT(header, Actor, actor, "an actor");
    std::visit(Put{header, body}, event_body);
    EncodedEvent out;
    out.header = bytes_of(header_message, header);
    out.body = bytes_of(body_message, body);
    return out;
  } catch (const Malformed& bad) {
    return Error{ErrorCode::kInvalid, "an event of kind " + std::string(event_kind_name(static_cast<EventKind>(event_body.index()))) + " cannot be stored: " + bad.what};
  } catch (const kj::Exception& bad) {
    return Error{ErrorCode::kInvalid, "an event of kind " + std::string(event_kind_name(static_cast<EventKind>(event_body.index()))) + " cannot be stored: " +
                                          bad.getDescription().cStr()};
  }
}
}  // namespace

Result<EncodedEvent> encode_event(const Event& event) {
  check(event.id == event_id(event.body), "an event's id is its content's");
  return encode(event.id, event.actor, event.body, event.position, event.recorded_at);
}
Result<EncodedEvent> encode_event(const EventId& id, const std::string& actor, const EventBody& body) { return encode(id, actor, body, {}, {}); }
Result<EncodedDraft> encode_draft(const EventDraft& draft) {
  EncodedDraft out{event_id(draft.body), static_cast<EventKind>(draft.body.index()), {}};
  ANNALS_TRY(out.bytes, encode_event(out.id, draft.actor, draft.body));
  return out;
}

void stamp_header(std::string& header, Position position, Instant recorded_at) {
  constexpr std::size_t kRecordedAt = 8;  // after the root pointer; see the order of members in event.capnp
  constexpr std::size_t kPosition = 16;
  check(header.size() >= kPosition + 8 && position.value != 0, "a header to stamp");
  const std::int64_t micros = number_of(recorded_at);
  std::memcpy(header.data() + kRecordedAt, &micros, sizeof micros);
  std::memcpy(header.data() + kPosition, &position.value, sizeof position.value);
}

namespace {
Error unknown_kind() { return {ErrorCode::kUnsupported, "an event of a kind that this program does not know: it was written by a newer one"}; }

// What came from outside is held to what this program makes of it, which is canonical; isCanonical(), as dear as reading an event, would
// not look at the bytes that pad texts to whole words. A writer with more members than this program knows makes longer messages: of
// those it is all there is.
bool canonical(const EncodedEvent& made, const Event& event, std::string_view header, std::string_view body, capnp::MessageReader& header_message, capnp::MessageReader& body_message) {
  if (made.body.size() == body.size() ? made.body != body : !body_message.isCanonical()) return false;
  if (made.header.size() != header.size()) return header_message.isCanonical();
  std::string placed = made.header;
  stamp_header(placed, event.position.value == 0 ? kNoPlaceYet : event.position, event.recorded_at);
  return placed == header;
}

// `bytes`: where given, what is to be stored of an event from outside.
Result<Event> decode(std::string_view header_bytes, std::string_view body_bytes, DecodeOptions options, EncodedEvent* bytes) {
  try {
    const Words header_words(header_bytes, "header");
    capnp::SegmentArrayMessageReader header_message(header_words.segments(), header_words.limits());
    const bool made_again = options.from_outside && options.parts == Parts::kAll && !options.erased;   // and compared below
    if (options.from_outside && !made_again && !header_message.isCanonical()) return corrupt("its header is not canonical");
    const auto header = header_message.getRoot<proto::Header>();
    const In in(options);
    if (options.parts == Parts::kEnvelope) {
      Event out = in.envelope(header);
      out.body = In::empty_body(header.which());
      if (options.erased) out.erased = Position{};
      return out;
    }
    if (options.erased) {
      if (!body_bytes.empty()) return corrupt("it was erased and has a body");
      capnp::MallocMessageBuilder none;
      Event out = in.event(header, wordless(header.which(), none));
      out.erased = Position{};
      return out;
    }
    const Words body_words(body_bytes, "body");
    capnp::SegmentArrayMessageReader body_message(body_words.segments(), body_words.limits());
    if (options.from_outside && !made_again && !body_message.isCanonical()) return corrupt("its body is not canonical");
    const auto body = body_message.getRoot<proto::Body>();
    if (static_cast<unsigned>(header.which()) >= kEventKinds) throw UnknownKind{};
    if (static_cast<unsigned>(header.which()) != static_cast<unsigned>(body.which())) {
      return corrupt("its header and body are of different kinds");
    }
    Event out = in.event(header, body);
    if (made_again) {
      if (out.id != event_id(out.body)) return corrupt("its id is not its content's");
      // Claims that are unknown here cannot be written here: they are for who wrote them to vouch for.
      const bool unwritable = has_unknown_claims(out.body);
      if (!unwritable || bytes != nullptr) {
        auto again = encode(out.id, out.actor, out.body, {}, {});
        if (!again && unwritable) return again.error();
        if (!again || !canonical(*again, out, header_bytes, body_bytes, header_message, body_message)) return corrupt("its bytes are not canonical");
        if (bytes != nullptr) *bytes = *std::move(again);
      } else if (!header_message.isCanonical() || !body_message.isCanonical()) {
        return corrupt("its bytes are not canonical");
      }
    }
    return out;
  } catch (const Malformed& bad) {
    return corrupt(bad.what);
  } catch (const Unknown&) {
    return corrupt("a value of no known kind");
  } catch (const UnknownKind&) {
    return unknown_kind();
  } catch (const kj::Exception& bad) {
    return corrupt(bad.getDescription().cStr());
  }
}

// What `read` says of a stored header of a known kind.
template <class Read>
auto from_header(std::string_view header, const Read& read) -> Result<decltype(read(proto::Header::Reader()))> {
  try {
    const Words words(header, "header");
    capnp::SegmentArrayMessageReader message(words.segments(), words.limits());
    const auto in = message.getRoot<proto::Header>();
    if (static_cast<unsigned>(in.which()) >= kEventKinds) throw UnknownKind{};
    return read(in);
  } catch (const Malformed& bad) {
    return corrupt(bad.what);
  } catch (const UnknownKind&) {
    return unknown_kind();
  } catch (const kj::Exception& bad) {
    return corrupt(bad.getDescription().cStr());
  }
}

}  // namespace

Result<Event> decode_event(std::string_view header, std::string_view body, DecodeOptions options) { return decode(header, body, options, nullptr); }

Result<EventKind> kind_of_header(std::string_view header) {
  return from_header(header, [](proto::Header::Reader in) { return static_cast<EventKind>(in.which()); });
}

Result<EventTimes> times_of_header(std::string_view header) { return from_header(header, In::times); }

EventTimes times_of(const Event& event) {
  EventTimes out;
  out.recorded_at = event.recorded_at;
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
    out.statement = true;
    if (statement->article.published) out.known_from = statement->article.published->known_from;
    out.observed = statement->article.observed;
  } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
    out.known_from = withdrawal->published.known_from;
  }
  return out;
}

Result<OutsideEvent> open_outside_event(std::string_view header, std::string_view body) {
  OutsideEvent out;
  ANNALS_TRY(out.event, decode(header, body, {.parts = Parts::kAll, .from_outside = true}, &out.bytes));
  return out;
}

}  // namespace annals
