#include "engine/projection/opened_page.h"

#include <algorithm>

#include "engine/projection/pack.h"

namespace annals {

bool OpenedPage::open(std::string bytes) {
  bytes_ = std::move(bytes);
  Unpack in(bytes_);
  if (in.number() != static_cast<std::uint64_t>(kFolded)) return false;
  next_ = in.maybe_instant();
  newest_ = Position{in.number()};
  limit_ = in.maybe_instant();
  const std::uint64_t late = in.number();
  for (std::uint64_t i = 0; i < late && !in.failed(); ++i) late_.push_back(in.instant());
  said_ = in.number() != 0;
  folded_to_ = in.maybe([&] { return in.place(); });
  const char* const growth = in.rest().data();
  growth_ = in.bytes();
  const std::uint64_t references = in.number();
  for (std::uint64_t i = 0; i < references && !in.failed(); ++i) {
    Reference& reference = references_.emplace_back();
    reference.home = in.number();
    reference.place = in.number();
    reference.named.position = Position{in.number()};
    reference.named.claim = static_cast<std::uint32_t>(in.number());
    reference.named.known_from = in.maybe([&] { return in.instant(); });
    reference.named.recorded_at = in.instant();
  }
  const std::uint64_t homes = in.number();
  for (std::uint64_t i = 0; i < homes && !in.failed(); ++i) homes_.push_back(in.signed_number());
  growth_part_ = std::string_view(growth, static_cast<std::size_t>(in.rest().data() - growth));
  const std::uint64_t evidence = in.number();
  for (std::uint64_t i = 0; i < evidence && !in.failed(); ++i) evidence_.push_back(in.bytes());
  homed_here_ = evidence_.size();
  const std::uint64_t claims = in.number();
  for (std::uint64_t i = 0; i < claims && !in.failed(); ++i) {
    evidence_.push_back(in.bytes());
    const Instant known = in.instant();
    claims_.push_back({known, in.bytes(), evidence_.size() - 1});
  }
  return !in.failed() && in.done();
}

bool OpenedPage::late_within(Instant from, Instant to) const {
  const auto behind = std::upper_bound(late_.begin(), late_.end(), from);
  return behind != late_.end() && *behind <= to;
}

std::optional<Evidence> OpenedPage::evidence(std::size_t place) const {
  if (place >= evidence_.size()) return std::nullopt;
  Unpack in(evidence_[place]);
  Evidence out = in.evidence();
  return in.failed() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace annals
