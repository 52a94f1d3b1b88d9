#include "engine/projection/index_gather.h"

namespace annals::index_rows {

Status Gathering::add(const Projection& projection, const std::string& subject, const Families& families) {
  if (!subjects_.emplace(&projection, subject).second) return {};
  ANNALS_CHECK_OK(postings_.read(projection, subject, families));
  tail_.statements(projection, subject, families, Position{}, told_);
  return {};
}

Result<Ledger> Gathering::take(const Ledger& about, Position upto) {
  Ledger out = Ledger::beside(about, upto);
  ANNALS_CHECK_OK(postings_.add_to(out));
  for (const auto& [position, told] : told_) out.add(StatementExtract(told->extract()));
  tail_.each_rereading([&](const Event& again) { out.add(again); });
  told_.clear();
  subjects_.clear();
  return out;
}

}  // namespace annals::index_rows
