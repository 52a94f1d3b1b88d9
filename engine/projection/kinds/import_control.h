#pragma once
// Whether a place lets a product in, by the receiving side's instruments. Key: product/jurisdiction.
//
//   tracks    one per instrument: ban; procurement (preference for home-made goods); customs (checks); security_review; approval
//             (somebody has yet to agree); subsidy (money only for home-made goods). The head is the strictest in force.
//   values    banned > under_review > discouraged > allowed, strictest first
//   rivals    banned × allowed (both on the track of the ban)
//   ways back any value may follow any other of its track; allowed also ends what was under review on an
//             earlier day
//   steps     none

#include "engine/projection/projection.h"

namespace annals {

class ImportControl final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;
  bool inherits() const override { return true; }
  bool reads_quotes() const override { return true; }   // which instrument it is, where no slot tells

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const override;
  bool ends(const Growing& entry, const Said& stated, const PlacedClaim& placed, bool changed) const override;
  void after_stated(Growth& growth, const Said& said, const PlacedClaim& placed) const override;
  bool ahead_of(const Growing& a, const Growing& b) const override;
};

}  // namespace annals
