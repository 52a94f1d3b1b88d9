#include "engine/projection/pack.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace annals {

Pack& Pack::number(std::uint64_t value) {
  if (value < 0x80) {
    out_.push_back(static_cast<char>(value));
    return *this;
  }
  std::array<char, 10> bytes;
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out_.append(bytes.data(), size);
  return *this;
}

Pack& Pack::signed_number(std::int64_t value) {
  return number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

Pack& Pack::real(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::array<char, 8> bytes;
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(bits >> (8 * i));
  out_.append(bytes.data(), bytes.size());
  return *this;
}

Pack& Pack::text(std::string_view value) {
  number(value.size());
  out_.append(value);
  return *this;
}

Pack& Pack::digest(const Digest& value) {
  out_.append(value.view());
  return *this;
}

Pack& Pack::when(const When& value) {
  text(value.iso);
  maybe(value.from, [&](Civil at) { civil(at); });
  maybe(value.to, [&](Civil at) { civil(at); });
  return number(static_cast<std::uint64_t>(value.grain));
}

namespace {

void put_slots(Pack& out, const std::vector<Slot>& slots) {
  const auto reference = [&](const EntityRef& entity) { out.text(entity.id).text(entity.text).number(entity.known ? 1 : 0); };
  out.number(slots.size());
  for (const Slot& slot : slots) {
    out.text(slot.name).number(slot.value.index());
    if (const auto* entity = std::get_if<EntityRef>(&slot.value)) {
      reference(*entity);
    } else if (const auto* entities = std::get_if<std::vector<EntityRef>>(&slot.value)) {
      out.number(entities->size());
      for (const EntityRef& each : *entities) reference(each);
    } else if (const auto* amount = std::get_if<Amount>(&slot.value)) {
      out.real(amount->value).maybe(amount->high, [&](double high) { out.real(high); });
      out.number(static_cast<std::uint64_t>(amount->comparator)).text(amount->unit);
    } else {
      out.text(std::get<std::string>(slot.value));
    }
  }
}

void put_texts(Pack& out, const std::vector<std::string>& texts) {
  out.number(texts.size());
  for (const std::string& each : texts) out.text(each);
}

}  // namespace

Pack& Pack::place(const FoldPlace& value) {
  return number(value.dated ? 1 : 0).instant(value.from).instant(value.published).number(value.position.value).number(value.claim);
}

Pack& Pack::claim(const Claim& value) {
  number(static_cast<std::uint64_t>(value.type)).number(static_cast<std::uint64_t>(value.modality));
  number(static_cast<std::uint64_t>(value.attribution)).number(static_cast<std::uint64_t>(value.aspect));
  put_texts(*this, value.speakers);
  maybe(value.when, [&](const When& at) { when(at); });
  maybe(value.said_at, [&](const When& at) { when(at); });
  number(value.span.begin).number(value.span.end).text(value.quote).text(value.rule);
  put_slots(*this, value.slots);
  return *this;
}

Pack& Pack::published(const Published& value) {
  text(value.wall).number(static_cast<std::uint64_t>(value.precision)).text(value.zone);
  return number(static_cast<std::uint64_t>(value.zone_source)).instant(value.earliest).instant(value.known_from);
}

Pack& Pack::point(const TimePoint& value) { return instant(value.at).number(static_cast<std::uint64_t>(value.grain)).text(value.text); }

Pack& Pack::due(const Due& value) {
  return text(value.text).maybe_instant(value.from).maybe_instant(value.to).number(static_cast<std::uint64_t>(value.grain));
}

Pack& Pack::evidence(const Evidence& value) {
  number(value.position.value).number(value.claim).digest(value.note).number(value.article).text(value.title);
  maybe(value.outlet, [&](const std::string& outlet) { text(outlet); });
  put_texts(*this, value.speakers);
  text(value.origin).text(value.published).maybe_instant(value.known_from).instant(value.recorded_at);
  number(static_cast<std::uint64_t>(value.rendition)).number(static_cast<std::uint64_t>(value.modality));
  number(static_cast<std::uint64_t>(value.attribution)).number(static_cast<std::uint64_t>(value.aspect));
  number(static_cast<std::uint64_t>(value.lane)).text(value.value).text(value.when).text(value.quote);
  maybe(value.copy_of, [&](Position at) { number(at.value); });
  maybe(value.inherited_from, [&](const std::string& key) { text(key); });
  number(value.amended_by.size());
  for (const Position at : value.amended_by) number(at.value);
  return *this;
}

Pack& Pack::placed(const PlacedClaim& value) {
  const Claim& claim = *value.claim;
  number(static_cast<std::uint64_t>(claim.type));
  maybe(claim.when, [&](const When& at) { when(at); });
  put_slots(*this, claim.slots);
  text(value.source).text(value.wording).number(value.dated ? 1 : 0).maybe_instant(value.from).maybe_instant(value.to);
  number(static_cast<std::uint64_t>(value.from_source)).instant(value.published).point(value.told);
  maybe(value.onset, [&](const std::pair<Instant, Instant>& onset) { instant(onset.first).instant(onset.second); });
  maybe(value.from_point, [&](const TimePoint& at) { point(at); });
  maybe(value.to_point, [&](const TimePoint& at) { point(at); });
  maybe(value.due, [&](const Due& at) { due(at); });
  return *this;
}

Pack& Pack::fields(const std::vector<Field>& value) {
  number(value.size());
  for (const Field& field : value) text(field.name).text(field.text).maybe(field.number, [&](double number) { real(number); });
  return *this;
}

Pack& Pack::step(const Step& value) {
  text(value.value).fields(value.fields);
  for (const auto* at : {&value.since, &value.by, &value.until}) maybe(*at, [&](const TimePoint& each) { point(each); });
  maybe(value.due, [&](const Due& at) { due(at); });
  return number(static_cast<std::uint64_t>(value.due_status)).referred(value.evidence);
}

Pack& Pack::said(const Entry& value) {
  text(value.track).text(value.value).fields(value.fields);
  for (const auto* at : {&value.since, &value.by, &value.until, &value.confirmed, &value.starts}) maybe(*at, [&](const TimePoint& each) { point(each); });
  maybe(value.due, [&](const Due& at) { due(at); });
  return number(static_cast<std::uint64_t>(value.due_status));
}

Pack& Pack::entry(const Entry& value) {
  said(value).referred(value.first).referred(value.newest);
  number(value.disputes.size());
  for (const Dispute& dispute : value.disputes) text(dispute.value).referred(dispute.evidence);
  number(value.steps.size());
  for (const Step& each : value.steps) step(each);
  return number(value.steps_left_out);
}

Pack& Pack::growing(const Growing& value) {
  entry(value.entry).text(value.slot);
  const auto set = [&](const std::set<std::string>& all) {
    number(all.size());
    for (const std::string& each : all) text(each);
  };
  set(value.outlets);
  set(value.origins);
  set(value.wordings);
  number((value.dated ? 1u : 0u) | (value.expectation ? 2u : 0u));
  maybe(value.onset, [&](const std::pair<Instant, Instant>& onset) { instant(onset.first).instant(onset.second); });
  place(value.touched);
  number(value.sides.size());
  for (const auto& [name, side] : value.sides) {
    text(name);
    set(side);
  }
  number(value.rivals.size());
  for (const Growing& rival : value.rivals) growing(rival);
  return *this;
}

Pack& Pack::growth(const Growth& value, const std::function<std::uint64_t(const EvidenceRef&)>& refer) {
  refer_ = &refer;
  number(value.announced.size());
  for (const auto& [track, count] : value.announced) text(track).number(count);
  for (const auto& lane : value.lanes) {
    number(lane.size());
    for (const Growing& each : lane) growing(each);
  }
  number(value.ahead.size());
  for (const Growing& each : value.ahead) growing(each);
  number(value.past.size());
  for (const auto& [track, each] : value.past) text(track).step(each);
  return *this;
}

Pack& Pack::named(const EvidenceRef& value) {
  return number(value.position.value).number(value.claim).maybe_instant(value.known_from).instant(value.recorded_at);
}

Pack& Pack::head(const Entry& value) {
  said(value).number(value.outlets).number(value.origins);
  number((value.anonymous ? 1u : 0u) | (value.undated ? 2u : 0u)).named(value.first).named(value.newest);
  number(value.disputes.size());
  for (const Dispute& dispute : value.disputes) text(dispute.value).named(dispute.evidence);
  return *this;
}

Pack& Pack::heads(const State& value) {
  maybe_instant(value.newest_known_from).fields(value.summary);
  for (const LaneState& lane : value.lanes) {
    number(lane.entries.size());
    for (const Entry& entry : lane.entries) head(entry);
    if (!lane.entries.empty()) number(lane.more);
  }
  return *this;
}

std::uint64_t Unpack::number() {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return out;
  }
  failed_ = true;
  rest_ = {};
  return 0;
}

std::int64_t Unpack::signed_number() {
  const std::uint64_t value = number();
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

double Unpack::real() {
  std::uint64_t bits = 0;
  if (rest_.size() < 8) {
    failed_ = true;
    rest_ = {};
    return 0;
  }
  for (unsigned i = 0; i < 8; ++i) bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
  rest_.remove_prefix(8);
  return std::bit_cast<double>(bits);
}

std::string_view Unpack::bytes() {
  const std::uint64_t size = number();
  if (size > rest_.size()) {
    failed_ = true;
    rest_ = {};
    return {};
  }
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

std::string Unpack::text() { return std::string(bytes()); }

Digest Unpack::digest() {
  Digest out;
  if (rest_.size() < out.bytes.size()) {
    failed_ = true;
    rest_ = {};
    return out;
  }
  std::memcpy(out.bytes.data(), rest_.data(), out.bytes.size());
  rest_.remove_prefix(out.bytes.size());
  return out;
}

std::size_t Unpack::count() {
  const std::uint64_t out = number();
  if (out <= rest_.size()) return out;
  failed_ = true;
  rest_ = {};
  return 0;
}

namespace {

std::vector<Slot> take_slots(Unpack& in, std::size_t count) {
  const auto reference = [&] {
    EntityRef out;
    out.id = in.text();
    out.text = in.text();
    out.known = in.number() != 0;
    return out;
  };
  std::vector<Slot> out;
  for (std::size_t i = 0; i < count && !in.failed(); ++i) {
    Slot& slot = out.emplace_back();
    slot.name = in.text();
    switch (in.number()) {
      case 0: slot.value = reference(); break;
      case 1: {
        std::vector<EntityRef> all;
        for (std::uint64_t n = in.number(); n > 0 && !in.failed(); --n) all.push_back(reference());
        slot.value = std::move(all);
        break;
      }
      case 2: {
        Amount amount;
        amount.value = in.real();
        amount.high = in.maybe([&] { return in.real(); });
        amount.comparator = static_cast<Comparator>(in.number());
        amount.unit = in.text();
        slot.value = std::move(amount);
        break;
      }
      default: slot.value = in.text();
    }
  }
  return out;
}

std::vector<std::string> take_texts(Unpack& in, std::size_t count) {
  std::vector<std::string> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count && !in.failed(); ++i) out.push_back(in.text());
  return out;
}

}  // namespace

When Unpack::when() {
  When out;
  out.iso = text();
  out.from = maybe([&] { return civil(); });
  out.to = maybe([&] { return civil(); });
  out.grain = enumerant(Grain::kCentury);
  return out;
}

FoldPlace Unpack::place() {
  FoldPlace out;
  out.dated = number() != 0;
  out.from = instant();
  out.published = instant();
  out.position = Position{number()};
  out.claim = static_cast<std::uint32_t>(number());
  return out;
}

Claim Unpack::claim() {
  Claim out;
  out.type = enumerant(ClaimType::kScheduledEvent);
  out.modality = enumerant(Modality::kConditional);
  out.attribution = enumerant(Attribution::kHearsay);
  out.aspect = enumerant(Aspect::kTarget);
  out.speakers = take_texts(*this, count());
  out.when = maybe([&] { return when(); });
  out.said_at = maybe([&] { return when(); });
  out.span.begin = number();
  out.span.end = number();
  out.quote = text();
  out.rule = text();
  out.slots = take_slots(*this, count());
  return out;
}

Published Unpack::published() {
  Published out;
  out.wall = text();
  out.precision = enumerant(Precision::kRange);
  out.zone = text();
  out.zone_source = enumerant(ZoneSource::kAssumed);
  out.earliest = instant();
  out.known_from = instant();
  return out;
}

TimePoint Unpack::point() {
  TimePoint out;
  out.at = instant();
  out.grain = enumerant(Grain::kCentury);
  out.text = text();
  return out;
}

Due Unpack::due() {
  Due out;
  out.text = text();
  out.from = maybe_instant();
  out.to = maybe_instant();
  out.grain = enumerant(Grain::kCentury);
  return out;
}

Evidence Unpack::evidence() {
  Evidence out;
  out.position = Position{number()};
  out.claim = static_cast<std::uint32_t>(number());
  out.note = digest();
  out.article = static_cast<std::uint32_t>(number());
  out.title = text();
  out.outlet = maybe([&] { return text(); });
  out.speakers = take_texts(*this, count());
  out.origin = text();
  out.published = text();
  out.known_from = maybe_instant();
  out.recorded_at = instant();
  out.rendition = enumerant(Rendition::kTranslation);
  out.modality = enumerant(Modality::kConditional);
  out.attribution = enumerant(Attribution::kHearsay);
  out.aspect = enumerant(Aspect::kTarget);
  out.lane = enumerant(Lane::kConditional);
  out.value = text();
  out.when = text();
  out.quote = text();
  out.copy_of = maybe([&] { return Position{number()}; });
  out.inherited_from = maybe([&] { return text(); });
  const std::size_t amended = count();
  for (std::size_t i = 0; i < amended && !failed_; ++i) out.amended_by.push_back(Position{number()});
  return out;
}

PlacedClaim Unpack::placed(Claim& claim, Evidence evidence) {
  PlacedClaim out;
  claim.type = enumerant(ClaimType::kScheduledEvent);
  claim.when = maybe([&] { return when(); });
  claim.slots = take_slots(*this, count());
  out.evidence = std::move(evidence);
  claim.modality = out.evidence.modality;
  claim.attribution = out.evidence.attribution;
  claim.aspect = out.evidence.aspect;
  claim.speakers = out.evidence.speakers;
  claim.quote = out.evidence.quote;
  out.claim = &claim;
  out.source = text();
  out.wording = text();
  out.dated = number() != 0;
  out.from = maybe_instant();
  out.to = maybe_instant();
  out.from_source = enumerant(ValidFromSource::kUnknown);
  out.published = instant();
  out.told = point();
  const auto span = [&] {
    const Instant from = instant();
    return std::make_pair(from, instant());
  };
  out.onset = maybe(span);
  out.from_point = maybe([&] { return point(); });
  out.to_point = maybe([&] { return point(); });
  out.due = maybe([&] { return due(); });
  return out;
}

EvidenceRef Unpack::referred() {
  const std::uint64_t which = number();
  const EvidenceRef* found = failed_ ? nullptr : (*find_)(which);
  if (found != nullptr) return *found;
  failed_ = true;
  return {};
}

std::vector<Field> Unpack::fields() {
  std::vector<Field> out;
  const std::size_t n = count();
  out.reserve(n);
  for (std::size_t i = 0; i < n && !failed_; ++i) {
    Field& field = out.emplace_back();
    field.name = text();
    field.text = text();
    field.number = maybe([&] { return real(); });
  }
  return out;
}

Step Unpack::step() {
  Step out;
  out.value = text();
  out.fields = fields();
  for (auto* at : {&out.since, &out.by, &out.until}) *at = maybe([&] { return point(); });
  out.due = maybe([&] { return due(); });
  out.due_status = enumerant(DueStatus::kCalledOff);
  out.evidence = referred();
  return out;
}

Entry Unpack::said() {
  Entry out;
  out.track = text();
  out.value = text();
  out.fields = fields();
  for (auto* at : {&out.since, &out.by, &out.until, &out.confirmed, &out.starts}) *at = maybe([&] { return point(); });
  out.due = maybe([&] { return due(); });
  out.due_status = enumerant(DueStatus::kCalledOff);
  return out;
}

Entry Unpack::entry() {
  Entry out = said();
  out.first = referred();
  out.newest = referred();
  const std::size_t disputes = count();
  for (std::size_t i = 0; i < disputes && !failed_; ++i) {
    Dispute& dispute = out.disputes.emplace_back();
    dispute.value = text();
    dispute.evidence = referred();
  }
  const std::size_t steps = count();
  out.steps.reserve(std::min<std::size_t>(steps, 4 * kStepsMax));
  for (std::size_t i = 0; i < steps && !failed_; ++i) out.steps.push_back(step());
  out.steps_left_out = static_cast<std::uint32_t>(number());
  return out;
}

Growing Unpack::growing() {
  Growing out;
  out.entry = entry();
  out.slot = text();
  const auto set = [&] {
    std::set<std::string> all;
    const std::size_t n = count();
    for (std::size_t i = 0; i < n && !failed_; ++i) all.emplace_hint(all.end(), text());
    return all;
  };
  out.outlets = set();
  out.origins = set();
  out.wordings = set();
  const std::uint64_t flags = number();
  out.dated = (flags & 1) != 0;
  out.expectation = (flags & 2) != 0;
  out.onset = maybe([&] {
    const Instant from = instant();
    return std::make_pair(from, instant());
  });
  out.touched = place();
  const std::size_t sides = count();
  for (std::size_t i = 0; i < sides && !failed_; ++i) {
    std::string name = text();
    out.sides.emplace(std::move(name), set());
  }
  const std::size_t rivals = count();
  for (std::size_t i = 0; i < rivals && !failed_; ++i) out.rivals.push_back(growing());
  return out;
}

Growth Unpack::growth(const std::function<const EvidenceRef*(std::uint64_t)>& find) {
  find_ = &find;
  Growth out;
  const std::size_t announced = count();
  for (std::size_t i = 0; i < announced && !failed_; ++i) {
    std::string track = text();
    out.announced.emplace(std::move(track), number());
  }
  for (auto& lane : out.lanes) {
    const std::size_t n = count();
    lane.reserve(n);
    for (std::size_t i = 0; i < n && !failed_; ++i) lane.push_back(growing());
  }
  const std::size_t ahead = count();
  for (std::size_t i = 0; i < ahead && !failed_; ++i) out.ahead.push_back(growing());
  const std::size_t past = count();
  for (std::size_t i = 0; i < past && !failed_; ++i) {
    std::string track = text();
    out.past.emplace_back(std::move(track), step());
  }
  return out;
}

EvidenceRef Unpack::named() {
  EvidenceRef out;
  out.position = Position{number()};
  out.claim = static_cast<std::uint32_t>(number());
  out.known_from = maybe_instant();
  out.recorded_at = instant();
  return out;
}

Entry Unpack::head() {
  Entry out = said();
  out.outlets = static_cast<std::uint8_t>(number());
  out.origins = static_cast<std::uint8_t>(number());
  const std::uint64_t flags = number();
  out.anonymous = (flags & 1) != 0;
  out.undated = (flags & 2) != 0;
  out.first = named();
  out.newest = named();
  const std::size_t disputes = count();
  for (std::size_t i = 0; i < disputes && !failed_; ++i) {
    Dispute& dispute = out.disputes.emplace_back();
    dispute.value = text();
    dispute.evidence = named();
  }
  return out;
}

State Unpack::heads() {
  State out;
  out.newest_known_from = maybe_instant();
  out.summary = fields();
  for (LaneState& lane : out.lanes) {
    const std::size_t entries = count();
    lane.entries.reserve(std::min(entries, kLaneValuesMax));
    for (std::size_t i = 0; i < entries && !failed_; ++i) lane.entries.push_back(head());
    if (entries > 0) lane.more = static_cast<std::uint32_t>(number());
  }
  return out;
}

}  // namespace annals
