#pragma once
// The milestones of a product's life, reached and expected. Key: product.
//
//   steps     announced → taped_out → sampling → mass_production → launched → shipping: one path; milestones may be skipped, and
//             what is told as past still counts as reached
//   rivals    cancelled × any milestone of the same time
//   marks     delayed marks the product and takes nothing back
//   ways back none on the path; cancelled ends it, a new act after it begins it anew
//   targets   a milestone expected by a time; another time for the same milestone moves it

#include "engine/projection/projection.h"

namespace annals {

class Product final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const override;
  bool ends(const Growing& entry, const Said& stated, const PlacedClaim& placed, bool changed) const override;
  bool ahead_of(const Growing& a, const Growing& b) const override;
  bool passed_stays() const override { return true; }
};

}  // namespace annals
