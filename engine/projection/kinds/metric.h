#pragma once
// Numbers said of somebody or something, as series. Key: entity/metric.
//
//   tracks    one per period, scope, basis (level, yoy, qoq, mom) and kind (actual, guidance, forecast, target); a forecast or target
//             also by whose it is: a bank's revision is of its own figure
//   rivals    two actual figures of one period, told for one time
//   steps     a figure that replaces one (350 → 450) keeps the one before: the revision is the signal
//   ways back any figure may follow any other

#include "engine/projection/projection.h"

namespace annals {

class Metric final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;
  std::string subject_of_key(std::string_view key) const override;
  bool tracks_apart() const override { return true; }

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const override;
  bool ends(const Growing& entry, const Said& stated, const PlacedClaim& placed, bool changed) const override;
};

}  // namespace annals
