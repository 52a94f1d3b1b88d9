#include "engine/log/tail.h"

#include <algorithm>
#include <bit>

namespace annals {

void IdTable::reserve(std::size_t ids) {
  ids_.reserve(ids);
  const std::size_t wanted = std::bit_ceil(std::max<std::size_t>(16, 2 * ids));
  if (wanted > slots_.size()) grow(wanted);
}

void IdTable::place(std::uint32_t index) {
  std::size_t at = slot(ids_[index]);
  while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
  slots_[at] = index + 1;
}

void IdTable::grow(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::uint32_t i = 0; i < ids_.size(); ++i) place(i);
}

void IdTable::add(const EventId& id) {
  if (2 * (ids_.size() + 1) > slots_.size()) grow(std::max<std::size_t>(16, 2 * slots_.size()));
  ids_.push_back(id);
  place(static_cast<std::uint32_t>(ids_.size() - 1));
}

std::optional<Position> IdTable::find(const EventId& id) const {
  if (slots_.empty()) return std::nullopt;
  for (std::size_t at = slot(id); slots_[at] != 0; at = (at + 1) & (slots_.size() - 1))
    if (ids_[slots_[at] - 1] == id) return Position{before_ + slots_[at]};
  return std::nullopt;
}

void IdTable::shrink(std::size_t size) {
  if (size >= ids_.size()) return;
  ids_.resize(size);
  grow(slots_.size());
}

Segment cut_off(Segment& all, Position upto) {
  check(all.ids.before() <= upto && upto <= all.ids.last(), "a segment is cut inside");
  Segment rest{IdTable(upto), {}};
  const auto ids = all.ids.ids().subspan(upto.value - all.ids.before().value);
  for (const EventId& id : ids) rest.ids.add(id);
  all.ids.shrink(upto.value - all.ids.before().value);
  const auto behind = std::stable_partition(all.nodes.begin(), all.nodes.end(), [&](const TreeNode& node) { return (node.index + 1) << node.level <= upto.value; });
  rest.nodes.assign(behind, all.nodes.end());
  all.nodes.erase(behind, all.nodes.end());
  std::swap(all, rest);
  return rest;
}

}  // namespace annals
