// Every projection there is. Adding one is a row here, a file pair in kinds/, and a folder in tests/golden/projections/.
#include <algorithm>

#include "engine/projection/kinds/calendar.h"
#include "engine/projection/kinds/export_control.h"
#include "engine/projection/kinds/financing.h"
#include "engine/projection/kinds/import_control.h"
#include "engine/projection/kinds/ipo.h"
#include "engine/projection/kinds/market_access.h"
#include "engine/projection/kinds/metric.h"
#include "engine/projection/kinds/product.h"
#include "engine/projection/kinds/revenue_share.h"
#include "engine/projection/projection.h"

namespace annals {
namespace {

std::vector<std::unique_ptr<const Projection>> make_projections() {
  std::vector<std::unique_ptr<const Projection>> all;
  all.push_back(std::make_unique<ExportControl>());
  all.push_back(std::make_unique<ImportControl>());
  all.push_back(std::make_unique<MarketAccess>());
  all.push_back(std::make_unique<RevenueShare>());
  all.push_back(std::make_unique<Ipo>());
  all.push_back(std::make_unique<Financing>());
  all.push_back(std::make_unique<Product>());
  all.push_back(std::make_unique<Metric>());
  all.push_back(std::make_unique<Calendar>());
  return all;
}

}  // namespace

std::span<const std::unique_ptr<const Projection>> projections() {
  static const auto kAll = make_projections();
  return kAll;
}

const Projection* find_projection(std::string_view name) {
  const auto all = projections();
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each->name() == name; });
  return at == all.end() ? nullptr : at->get();
}

std::vector<const Projection*> base_projections(const Projection& projection) {
  std::vector<const Projection*> out;
  if (projection.parts().empty()) out.push_back(&projection);
  for (const std::string_view part : projection.parts()) out.push_back(find_projection(part));
  return out;
}

std::vector<std::pair<std::string, std::string>> subjects_of(const Claim& claim) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& each : projections())
    if (std::string subject = each->subject(claim); !subject.empty()) out.emplace_back(each->name(), std::move(subject));
  return out;
}

std::vector<ProjectionHelp> projection_help() {
  std::vector<ProjectionHelp> out;
  for (const auto& each : projections()) out.push_back(each->help());
  return out;
}

const ProjectionHelp* find_projection_help(std::string_view name) {
  const Projection* projection = find_projection(name);
  return projection == nullptr ? nullptr : &projection->help();
}

}  // namespace annals
