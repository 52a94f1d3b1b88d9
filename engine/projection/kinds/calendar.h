#pragma once
// What is scheduled: every scheduled event, and what every other kind expects by a time. Key: who|what, so that a moved date stays
// one entry.
//
//   values    scheduled, done, called off
//   steps     a date that was moved is kept as a step; what was called off can be scheduled anew
//   done      an act of the same who and what that is told as having happened, or a date told of the present or past
//   rivals    none: the newest word of a named or own voice counts; a rumour has an entry of its own beside it
//   ways back called off → scheduled, by a later date or word
//   left out  figures that are forecast (a number is no appointment; see metric)

#include "engine/projection/projection.h"

namespace annals {

class Calendar final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;
  std::string subject_of_key(std::string_view key) const override;
  void fold(Growth& growth, PlacedClaim& placed) const override;
  State finish(Growth growth, std::string_view key) const override;

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
};

}  // namespace annals
