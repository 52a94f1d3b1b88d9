#pragma once
// The share of a product's sales that a government takes. Key: product/destination.
//
//   deal      proposed → required → agreed: steps of one path at one rate; what is told as past still counts as reached
//   effect    in force, not in force, unsaid: apart from the deal (agreed, and never in force for want of a rule), counted apart
//   rivals    two rates of one time; in force × not in force of one time
//   ways back another rate begins a deal anew and keeps the one before, with its span; effect may change any time

#include "engine/projection/projection.h"

namespace annals {

class RevenueShare final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const override;
  bool met(const Growing& stated, const Said& said, const PlacedClaim& placed) const override;
  bool ends(const Growing& entry, const Said& stated, const PlacedClaim& placed, bool changed) const override;
  void after_stated(Growth& growth, const Said& said, const PlacedClaim& placed) const override;
  bool passed_stays() const override { return true; }
  bool forward_begins_anew() const override { return false; }
};

}  // namespace annals
