#include "engine/projection/every_key.h"

#include <algorithm>

#include "engine/projection/index_gather.h"
#include "engine/projection/index_rows.h"

namespace annals {

EveryKey::EveryKey(const IndexView& view, const Projection& projection, const Bounds& bounds, std::size_t statements)
    : view_(view), projection_(projection), bounds_(bounds), statements_(statements), parts_(base_projections(projection)), families_(view.about().families(bounds)) {}
EveryKey::~EveryKey() = default;

Status EveryKey::open(const std::optional<std::string>& entity) {
  ANNALS_TRY(rows_, view_.rows());
  const index_rows::Space space(view_.space_);
  std::vector<std::string> starting{""};
  if (entity) starting = families_->spellings(*entity);
  for (const Projection* part : parts_) {
    std::vector<std::string> written;
    view_.tail_->subjects(part->name(), written);
    for (const std::string& each : starting) {
      // "h20" and "h20|…", and not "h200".
      for (const std::string_view mark : {std::string_view("\0", 1), std::string_view("|")}) {
        ANNALS_TRY(auto found, index_rows::first_texts(*rows_, space.all_postings(part->name()), entity ? each + std::string(mark) : std::string()));
        std::move(found.begin(), found.end(), std::back_inserter(written));
        if (!entity) break;
      }
    }
    for (const std::string& subject : written) {
      const std::size_t bar = std::min(subject.find('|'), subject.size());
      const std::string name = families_->canonical(subject.substr(0, bar));
      if (!entity || name == *entity) subjects_.insert(name + subject.substr(bar));
    }
  }
  return {};
}

Status EveryKey::read_some() {
  const index_rows::Space space(view_.space_);
  index_rows::Gathering all(view_.log_, *rows_, space, view_.sealed_, *view_.tail_);
  std::set<std::string> here;
  for (std::size_t statements = 0; !subjects_.empty() && statements < statements_;) {
    const std::string& subject = *here.insert(subjects_.extract(subjects_.begin())).position;
    const std::size_t before = all.statements();
    for (const Projection* part : parts_) ANNALS_CHECK_OK(all.add(*part, subject, *families_));
    statements += all.statements() - before;
    for (const Projection* part : parts_) {
      if (!part->inherits()) continue;
      for (const std::string& ancestor : families_->ancestors(subject)) ANNALS_CHECK_OK(all.add(*part, ancestor, *families_));
    }
  }
  ANNALS_TRY(Ledger ledger, all.take(*view_.about_, view_.upto_));
  const auto shared = std::make_shared<const Ledger>(std::move(ledger));
  for (std::string& key : shared->keys(projection_, bounds_)) {
    // Of what came along, ancestors' claims and what statements say besides, not all is here.
    if (std::any_of(parts_.begin(), parts_.end(), [&](const Projection* part) { return here.contains(part->subject_of_key(key)); })) ready_.emplace(std::move(key), shared);
  }
  return {};
}

Result<std::optional<EveryKey::Key>> EveryKey::next() {
  while (!subjects_.empty() && (ready_.empty() || *subjects_.begin() <= ready_.begin()->first)) ANNALS_CHECK_OK(read_some());
  if (ready_.empty()) return std::optional<Key>();
  auto first = ready_.extract(ready_.begin());
  return std::optional<Key>({std::move(first.key()), std::move(first.mapped())});
}

}  // namespace annals
