#include "engine/projection/index_tail.h"

#include <algorithm>
#include <iterator>

#include "engine/projection/wording.h"

namespace annals::index_rows {
namespace {

TailPiece joined(const TailPiece& older, TailPiece newer) {
  TailPiece out = older;
  out.events += newer.events;
  for (auto& [subject, statements] : newer.by_subject) {
    auto& all = out.by_subject[subject];
    all.insert(all.end(), std::make_move_iterator(statements.begin()), std::make_move_iterator(statements.end()));
  }
  out.rereadings.insert(out.rereadings.end(), newer.rereadings.begin(), newer.rereadings.end());
  out.brought.merge(newer.brought);
  for (const auto& [key, touch] : newer.touched) out.touched[key].add(touch);
  for (const auto& [projection, newest] : newer.newest) out.newest[projection] = newest;
  out.about = std::max(out.about, newer.about);
  return out;
}

}  // namespace

const StatementExtract& ToldStatement::extract() const {
  std::call_once(once_, [this] {
    const auto& body = std::get<StatementEvent>(event_->body);
    extract_ = {event_->position, event_->id, event_->recorded_at, body.note, body.article, body.interpreter, wording_of(body.statement.text), body.reading.claims, {}};
    for (std::size_t i = 0; i < extract_.claims.size(); ++i) extract_.ordinals.push_back(claim_ordinal(body.reading, i));
    event_.reset();
  });
  return extract_;
}

void Tail::add(TailPiece piece) {
  while (!pieces_.empty() && pieces_.back()->events <= piece.events) {
    piece = joined(*pieces_.back(), std::move(piece));
    pieces_.pop_back();
  }
  pieces_.push_back(std::make_shared<const TailPiece>(std::move(piece)));
}

Touch Tail::touch(std::string_view projection, std::string_view key) const {
  Touch out;
  if (pieces_.empty()) return out;
  const std::pair<std::string, std::string> which(projection, key);
  for (const auto& piece : pieces_)
    if (const auto at = piece->touched.find(which); at != piece->touched.end()) out.add(at->second);
  return out;
}

Position Tail::newest(std::string_view projection) const {
  Position out;
  for (const auto& piece : pieces_)
    if (const auto at = piece->newest.find(projection); at != piece->newest.end()) out = std::max(out, at->second);
  return out;
}

Position Tail::about() const {
  Position out;
  for (const auto& piece : pieces_) out = std::max(out, piece->about);
  return out;
}

void Tail::keys(std::string_view projection, std::string_view prefix, std::set<std::string>& out) const {
  const std::pair<std::string, std::string> from(projection, prefix);
  for (const auto& piece : pieces_)
    for (auto at = piece->touched.lower_bound(from); at != piece->touched.end() && at->first.first == projection && at->first.second.starts_with(prefix); ++at)
      out.insert(at->first.second);
}

void Tail::subjects(std::string_view projection, std::vector<std::string>& out) const {
  const std::pair<std::string, std::string> from(projection, "");
  for (const auto& piece : pieces_)
    for (auto at = piece->by_subject.lower_bound(from); at != piece->by_subject.end() && at->first.first == projection; ++at) out.push_back(at->first.second);
}

void Tail::statements(const Projection& projection, std::string_view subject, const Families& families, Position after, std::map<Position, Told>& out) const {
  if (pieces_.empty()) return;
  for (std::string& spelling : subject_spellings(subject, families)) {
    const std::pair<std::string, std::string> which(projection.name(), std::move(spelling));
    for (const auto& piece : pieces_)
      if (const auto all = piece->by_subject.find(which); all != piece->by_subject.end()) {
        auto at = std::upper_bound(all->second.begin(), all->second.end(), after, [](Position position, const Told& told) { return position < told->position; });
        for (; at != all->second.end(); ++at) out.emplace((*at)->position, *at);
      }
  }
}

std::set<Position> Tail::brought() const {
  std::set<Position> out;
  for (const auto& piece : pieces_) out.insert(piece->brought.begin(), piece->brought.end());
  return out;
}

void Tail::each_rereading(const std::function<void(const Event&)>& visit) const {
  for (const auto& piece : pieces_)
    for (const auto& again : piece->rereadings) visit(*again);
}

}  // namespace annals::index_rows
