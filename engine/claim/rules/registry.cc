#include "engine/claim/rules/registry.h"

#include "engine/claim/rules/export_control.h"
#include "engine/claim/rules/financing.h"
#include "engine/claim/rules/import_control.h"
#include "engine/claim/rules/ipo_milestone.h"
#include "engine/claim/rules/metric.h"
#include "engine/claim/rules/product_milestone.h"
#include "engine/claim/rules/revenue_share.h"
#include "engine/claim/rules/scheduled_event.h"

namespace annals {

std::vector<std::unique_ptr<Rule>> make_rules() {
  std::vector<std::unique_ptr<Rule>> rules;
  rules.push_back(make_export_control_rule());
  rules.push_back(make_import_control_rule());
  rules.push_back(make_revenue_share_rule());
  rules.push_back(make_ipo_milestone_rule());
  rules.push_back(make_financing_rule());
  rules.push_back(make_metric_rule());
  rules.push_back(make_product_milestone_rule());
  rules.push_back(make_scheduled_event_rule());
  return rules;
}

}  // namespace annals
