#pragma once
// What stands between a maker and its buyers at a place now: export_control, import_control and revenue_share joined. Key:
// product/destination.
//
//   tracks    exporter, importer, share: the heads of the three, each in the lane it has there
//   summary   exporter (banned; licence required; announced, in force not yet; in force; …), importer, share, shippable
//   shippable no     a ban on either side, or a licence requirement without licences
//             not yet the exporter has announced but it is not in force, or the importer is reviewing
//             yes    the exporter's rule is in force (licences granted where they are needed) and the importer lets it in
//             unsaid where the exporting side says nothing
//   rivals, steps, ways back: those of the three

#include "engine/projection/projection.h"

namespace annals {

class MarketAccess final : public Projection {
 public:
  const ProjectionHelp& help() const override;
  std::string subject(const Claim&) const override { return {}; }
  std::string key(const Claim&, const Names&) const override { return {}; }
  std::span<const std::string_view> parts() const override;
  State join(std::string_view key, std::span<const State> parts) const override;

 protected:
  Said say(const Claim&, const PlacedClaim&) const override { return {}; }
  Relation relation(const Growing&, const Said&, const PlacedClaim&) const override { return Relation::kSame; }
};

}  // namespace annals
