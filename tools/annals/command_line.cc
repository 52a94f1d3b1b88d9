#include "tools/annals/command_line.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace annals::cli {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Exceptions of CLI11 end here, but for those that say that the options themselves are wrong.
template <typename Parse>
Command::Parsed parsed(const Parse& parse) {
  try {
    parse();
  } catch (const CLI::CallForHelp&) {
    return {Command::Outcome::kHelp, {}};
  } catch (const CLI::CallForVersion&) {
    return {Command::Outcome::kVersion, {}};
  } catch (const CLI::ParseError& error) {
    return {Command::Outcome::kUnusable, first_line(error.what())};
  }
  return {};
}

}  // namespace

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::type_name(const std::string& name) {
  option_->type_name(name);
  return this;
}

Option* Option::capture_default_str() {
  option_->capture_default_str();
  return this;
}

Option* Option::delimiter(char between) {
  option_->delimiter(between);
  return this;
}

Option* Option::allow_extra_args(bool allowed) {
  option_->allow_extra_args(allowed);
  return this;
}

Option* Option::take_all() {
  option_->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  return this;
}

Option* Option::needs(Option* other) {
  option_->needs(other->option_);
  return this;
}

Option* Option::needs(const std::string& other) {
  option_->needs(other);
  return this;
}

Option* Option::excludes(Option* other) {
  option_->excludes(other->option_);
  return this;
}

Option* Option::excludes(const std::string& other) {
  option_->excludes(other);
  return this;
}

Option* Option::range(int low, int high) {
  option_->check(CLI::Range(low, high));
  return this;
}

Option* Option::range(unsigned low, unsigned high) {
  option_->check(CLI::Range(low, high));
  return this;
}

Option* Option::range(std::uint64_t low, std::uint64_t high) {
  option_->check(CLI::Range(low, high));
  return this;
}

Option* Option::range(double low, double high) {
  option_->check(CLI::Range(low, high));
  return this;
}

Option* Option::one_of(std::vector<std::string> values) {
  option_->check(CLI::IsMember(std::move(values)));
  return this;
}

Option* Option::size_value() {
  option_->transform(CLI::AsSizeValue(false));
  return this;
}

Command::Command(const std::string& description, const std::string& name) : whole_(std::make_unique<CLI::App>(description, name)), app_(whole_.get()) {}

Command::Command(CLI::App* app) : app_(app) {}

Command::~Command() = default;

Option* Command::keep(CLI::Option* option) { return &options_.emplace_back(option); }

Command* Command::add_subcommand(const std::string& name, const std::string& description) {
  subcommands_.push_back(std::unique_ptr<Command>(new Command(app_->add_subcommand(name, description))));
  return subcommands_.back().get();
}

void Command::require_subcommand(int count) { app_->require_subcommand(count); }

void Command::fallthrough() { app_->fallthrough(); }

void Command::set_help_flag(const std::string& names, const std::string& description) { app_->set_help_flag(names, description); }

void Command::set_version_flag(const std::string& names, const std::string& version, const std::string& description) { app_->set_version_flag(names, version, description); }

void Command::footer(const std::string& text) { app_->footer(text); }

std::string Command::get_footer() const { return app_->get_footer(); }

void Command::callback(std::function<void()> work) { app_->callback(std::move(work)); }

Option* Command::add_option(const std::string& name, std::string& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, std::optional<std::string>& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, std::vector<std::string>& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, int& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, unsigned& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, std::uint64_t& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, std::optional<std::uint64_t>& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_option(const std::string& name, double& value, const std::string& description) { return keep(app_->add_option(name, value, description)); }

Option* Command::add_flag(const std::string& name, bool& value, const std::string& description) { return keep(app_->add_flag(name, value, description)); }

Option* Command::add_option_function(const std::string& name, std::function<Status(const std::string&)> take, const std::string& description) {
  const auto taken = [name, take = std::move(take)](const std::string& value) {
    if (const Status status = take(value); !status) throw CLI::ValidationError(name, status.error().message);
  };
  return keep(app_->add_option_function<std::string>(name, taken, description));
}

Command::Parsed Command::parse(int argc, const char* const* argv) {
  return parsed([&] { app_->parse(argc, argv); });
}

Command::Parsed Command::parse(const std::vector<std::string>& words) {
  return parsed([&] { app_->parse(std::vector<std::string>(words.rbegin(), words.rend())); });  // CLI11 takes them from behind
}

std::string Command::help() const { return app_->help(); }

std::string Command::get_name() const { return app_->get_name(); }

const Command* Command::chosen() const {
  const std::vector<CLI::App*> named = app_->get_subcommands();
  for (const auto& each : subcommands_) {
    if (!named.empty() && each->app_ == named.front()) return each.get();
  }
  return nullptr;
}

std::string Command::given(const std::string& name) const {
  const CLI::App& app = *app_;
  const CLI::Option* const option = app.get_option_no_throw(name);
  return option != nullptr && !option->empty() ? option->as<std::string>() : "";
}

std::vector<std::string> Command::subcommand_names() const {
  std::vector<std::string> out;
  for (const auto& each : subcommands_) out.push_back(each->get_name());
  return out;
}

std::vector<std::string> Command::long_option_names() const {
  std::vector<std::string> out;
  const CLI::App& app = *app_;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  return out;
}

}  // namespace annals::cli
