#pragma once
// Money a company raised outside the stock market. Key: company.
//
//   tracks    one per round (or event, where no round is named); a round that was closed stays closed
//   rivals    two sums raised, or two valuations, of one round, told for one time
//   steps     none: rounds stand side by side, the newest first
//   ways back none

#include "engine/projection/projection.h"

namespace annals {

class Financing final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  bool ahead_of(const Growing& a, const Growing& b) const override;
  bool passed_stays() const override { return true; }
};

}  // namespace annals
