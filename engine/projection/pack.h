#pragma once
// Bytes of derived rows: numbers as varints, texts with their length, no names and no alignment. Derived rows can be made anew from
// the log at any time, so their form may change with the program (raise the index's prefix in index.h); nothing here is stored for ever.
//
// Equal values give equal bytes. Reading trusts nothing: past the end, or at a number out of range, failed() is set, and what is read
// from there on is empty.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/claim/claim.h"
#include "engine/note/note.h"
#include "engine/projection/projection.h"
#include "engine/projection/state.h"

namespace annals {

class Pack {
 public:
  Pack() { out_.reserve(512); }   // nearly everything is longer than what a string grows to at first
  Pack& number(std::uint64_t value);
  Pack& signed_number(std::int64_t value);   // small either side of zero is short
  Pack& real(double value);
  Pack& text(std::string_view value);
  Pack& digest(const Digest& value);
  Pack& instant(Instant value) { return signed_number(value.time_since_epoch().count()); }
  Pack& civil(Civil value) { return signed_number(value.time_since_epoch().count()); }
  template <class T, class Put>
  Pack& maybe(const std::optional<T>& value, Put put) {
    number(value ? 1 : 0);
    if (value) put(*value);
    return *this;
  }
  Pack& maybe_instant(const std::optional<Instant>& value) {
    return maybe(value, [&](Instant at) { instant(at); });
  }

  Pack& place(const FoldPlace& value);
  Pack& claim(const Claim& value);           // whole
  Pack& published(const Published& value);
  Pack& placed(const PlacedClaim& value);    // without its evidence and what the fold does not look at: span, rule, said_at
  Pack& evidence(const Evidence& value);
  // Without its bounds. A growth names its claims by numbers: what `refer` gives.
  Pack& growth(const Growth& value, const std::function<std::uint64_t(const EvidenceRef&)>& refer);
  Pack& heads(const State& value);           // as Detail::kHeads has it, without projection and key

  Pack& append(std::string_view packed) {
    out_.append(packed);
    return *this;
  }
  const std::string& bytes() const { return out_; }
  Pack& clear() {
    out_.clear();
    return *this;
  }
  std::string take() { return std::move(out_); }
  std::size_t size() const { return out_.size(); }

 private:
  Pack& when(const When& value);
  Pack& point(const TimePoint& value);
  Pack& due(const Due& value);
  Pack& referred(const EvidenceRef& value) { return number((*refer_)(value)); }
  Pack& fields(const std::vector<Field>& value);
  Pack& step(const Step& value);
  Pack& said(const Entry& value);            // what it says, without its claims
  Pack& entry(const Entry& value);
  Pack& growing(const Growing& value);
  Pack& named(const EvidenceRef& value);
  Pack& head(const Entry& value);
  std::string out_;
  const std::function<std::uint64_t(const EvidenceRef&)>* refer_ = nullptr;
};

class Unpack {
 public:
  explicit Unpack(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::int64_t signed_number();
  double real();
  std::string text();
  Digest digest();
  Instant instant() { return Instant(Micros(signed_number())); }
  Civil civil() { return Civil(std::chrono::seconds(signed_number())); }
  template <class Take>
  auto maybe(Take take) -> std::optional<decltype(take())> {
    if (number() == 0) return std::nullopt;
    return take();
  }
  std::optional<Instant> maybe_instant() {
    return maybe([&] { return instant(); });
  }

  FoldPlace place();
  Claim claim();
  Published published();
  // `claim` becomes what PlacedClaim::claim points to.
  PlacedClaim placed(Claim& claim, Evidence evidence);
  Evidence evidence();
  // `find`: the claim of a number; null fails.
  Growth growth(const std::function<const EvidenceRef*(std::uint64_t)>& find);
  State heads();
  std::string_view bytes();   // a text, where it lies

  std::string_view rest() const { return rest_; }
  bool done() const { return rest_.empty(); }
  bool failed() const { return failed_; }

 private:
  When when();
  TimePoint point();
  Due due();
  EvidenceRef referred();
  std::vector<Field> fields();
  Step step();
  Entry said();
  Entry entry();
  Growing growing();
  EvidenceRef named();
  Entry head();
  // A count of things that take a byte each at least.
  std::size_t count();
  template <class E>
  E enumerant(E last) {
    const std::uint64_t value = number();
    if (value > static_cast<std::uint64_t>(last)) failed_ = true;
    return failed_ ? E{} : static_cast<E>(value);
  }
  std::string_view rest_;
  bool failed_ = false;
  const std::function<const EvidenceRef*(std::uint64_t)>* find_ = nullptr;
};

}  // namespace annals
