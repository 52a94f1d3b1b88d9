#pragma once
// What the newest events add to the indexes of ids and of the tree, in memory until files hold it. Internal to engine/log.
//
// An append makes the log's rows durable and nothing else; ids and nodes can always be read from them again. So they stand here, are
// written a stretch at a time as sorted files, and what a stop leaves unwritten is read from the rows at the next opening.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/event/event.h"
#include "engine/proof/proof.h"

namespace annals {

// The ids of positions side by side, and the way from an id to its position. 40 to 48 bytes each. Not for use from two threads at once
// where one of them changes it.
class IdTable {
 public:
  // Of the positions behind `before`.
  explicit IdTable(Position before = {}) : before_(before.value) {}

  void reserve(std::size_t ids);
  // The next position's. Requires: the table has it not.
  void add(const EventId& id);
  std::optional<Position> find(const EventId& id) const;
  // Takes the newest away, so that `size` are left. Costs as much as adding those anew.
  void shrink(std::size_t size);

  Position before() const { return Position{before_}; }
  Position last() const { return Position{before_ + ids_.size()}; }
  std::span<const EventId> ids() const { return ids_; }
  std::size_t size() const { return ids_.size(); }

 private:
  // Ids are SHA-256: their first bytes are a hash already. One that somebody has searched for makes a run longer and nothing else.
  std::size_t slot(const EventId& id) const { return std::hash<Digest>()(id) & (slots_.size() - 1); }
  void place(std::uint32_t index);
  void grow(std::size_t slots);

  std::uint64_t before_;
  std::vector<EventId> ids_;            // in the order of their positions
  std::vector<std::uint32_t> slots_;    // 0: free; else one more than the place in ids_. Never more than half full
};

// A stretch of the log that is indexed in memory: its ids, and the nodes of the tree that its events complete.
struct Segment {
  IdTable ids;
  std::vector<TreeNode> nodes;
};

// Cuts a segment at a position: what lies behind stays in `all`, the rest is returned.
Segment cut_off(Segment& all, Position upto);

}  // namespace annals
