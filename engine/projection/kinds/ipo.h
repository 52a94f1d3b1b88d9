#pragma once
// How far a company has come on its way to the stock market. Key: company.
//
//   tracks    one per venue (a listing in Shanghai and one in Hong Kong are two ways); told without a venue: the furthest of them
//   steps     considering → preparing → tutoring → filed → accepted → inquiry → approved → registered → priced → subscription →
//             listed: one path; stages may be skipped; what is told as past still counts as reached
//   rivals    withdrawn or terminated × any stage of the same time
//   ways back none on the path: an article that calls a company filed does not bring it back from subscription. withdrawn and
//             terminated end it; after them a new act (filed again) begins it anew
//   targets   a stage expected by a time: ahead, met when that stage or a later one is stated, overdue when its time has passed

#include "engine/projection/projection.h"

namespace annals {

class Ipo final : public Projection {
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
  bool loose_tracks() const override { return true; }
};

}  // namespace annals
