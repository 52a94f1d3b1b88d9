#pragma once
// Whether a product may be shipped to a place, by the exporting side's rule. Key: product/destination.
//
//   values    banned; license_required; allowed, with its steps: announced → in force → licences pending → granted;
//             under_discussion only where no rule is known
//   rivals    banned × allowed in any of its steps; licences pending × granted
//   steps     announced, in force, licences pending, granted are steps of one path, the rule allowed: it keeps its beginning. A
//             vaguer word on the path (allowed, where licences are pending) corroborates and takes nothing back.
//   together  a licence requirement told of the same day as a permission, or as holding under one, is its condition, not another rule
//   marks     under_discussion marks a rule and never replaces it
//   ways back licences pending after granted, on a later day; a ban or a new licence requirement that begins on a later day (a ban
//             that ends a permission has the step revoked)

#include "engine/projection/projection.h"

namespace annals {

class ExportControl final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim& claim) const override;
  std::string key(const Claim& claim, const Names& names) const override;
  bool inherits() const override { return true; }

 protected:
  Said say(const Claim& claim, const PlacedClaim& placed) const override;
  Relation relation(const Growing& now, const Said& said, const PlacedClaim& placed) const override;
  void merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation relation) const override;
  void announce(Growing& ahead) const override;
  bool forward_begins_anew() const override { return false; }
};

}  // namespace annals
