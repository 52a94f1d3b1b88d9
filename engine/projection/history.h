#pragma once
// The history of a key: what each of its lanes said first, over every P and every V at once, as rectangles of knowing and holding.
//
// As P moves on, claims come (and go) at places of the fold, and mean something else before, within and after the time they tell of. So
// V is cut into columns, each between two moments at which any claim known so far begins, ends or falls due: within a column a claim
// stands in one way. A column keeps the claims in the order of the fold in short runs, with what had grown after each run. A claim that comes is put
// into its run, and the runs behind it are folded again up to where the growth is again what it was. Columns share runs and growths that are
// the same, and each is folded once for all of them.
//
// Cost: for each claim and column the run is looked up, and where the claim changes anything some dozens of steps of the fold are done. So it
// grows with the square of a key's claims, as the rectangles may. Memory: a growth (some kilobytes) for every few dozen claims and for each
// column, and the rectangles.

#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/time.h"
#include "engine/projection/bounds.h"
#include "engine/projection/state.h"

namespace annals {

class Ledger;
class Projection;

// A rectangle of knowledge: what was held, between two moments of knowing, about a stretch of the world's time.
struct HistoryRow {
  Instant known_from{};
  std::optional<Instant> known_to;      // exclusive; absent: still
  std::optional<Instant> valid_from;    // absent: open
  std::optional<Instant> valid_to;      // exclusive; absent: open
  Lane lane = Lane::kStated;
  Entry entry;                          // the lane's head there, as known last
};

// Up to P, by the other bounds, whatever V they have. By known_from, lane, valid_from. Cannot fail. Threads: any, each call for itself.
std::vector<HistoryRow> history_of(const Ledger& ledger, const Projection& projection, std::string_view key, const Bounds& bounds);

}  // namespace annals
