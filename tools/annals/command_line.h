#pragma once
// What commands say of their options. It stands between them and CLI11, so that CLI11, which is all headers, is compiled once, in
// command_line.cc, and not again with every command.
//
// The names are those of CLI11, and so is what is not said here: how words are matched, what help looks like, what errors say.
// Commands and their options live as long as the Command that they were added to; variables are written while a line is parsed.

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace annals::cli {

// Each says one thing more of the option and returns it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option* required();
  Option* type_name(const std::string& name);   // what help shows for the value
  Option* capture_default_str();                // help shows what the variable holds now
  Option* delimiter(char between);              // one word holds several values
  Option* allow_extra_args(bool allowed);       // false: a value for each time it is named
  Option* take_all();                           // every value, of every time it is named
  Option* needs(Option* other);
  Option* needs(const std::string& other);      // an option of the same command that is there already
  Option* excludes(Option* other);
  Option* excludes(const std::string& other);

  // What the value must be. Both ends are allowed; help and errors name the type.
  Option* range(int low, int high);
  Option* range(unsigned low, unsigned high);
  Option* range(std::uint64_t low, std::uint64_t high);
  Option* range(double low, double high);
  Option* one_of(std::vector<std::string> values);
  Option* size_value();                         // bytes, with a unit or without: 1048576, 64MiB

 private:
  CLI::Option* option_;
};

class Command {
 public:
  // What parsing came to, and with kUnusable the reason, one line.
  enum class Outcome { kChosen, kHelp, kVersion, kUnusable };
  struct Parsed {
    Outcome outcome = Outcome::kChosen;
    std::string reason;
  };

  // The whole line's; those below it come from add_subcommand().
  Command(const std::string& description, const std::string& name);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  Command* add_subcommand(const std::string& name, const std::string& description);
  void require_subcommand(int count);
  void fallthrough();                           // options of this one may stand behind a subcommand
  void set_help_flag(const std::string& names, const std::string& description = "");
  void set_version_flag(const std::string& names, const std::string& version, const std::string& description);
  void footer(const std::string& text);
  std::string get_footer() const;
  void callback(std::function<void()> work);    // called at the end of parsing, where this command was named

  // Names as "-o,--output"; without dashes it is what stands at that place of the line.
  Option* add_option(const std::string& name, std::string& value, const std::string& description);
  Option* add_option(const std::string& name, std::optional<std::string>& value, const std::string& description);
  Option* add_option(const std::string& name, std::vector<std::string>& value, const std::string& description);
  Option* add_option(const std::string& name, int& value, const std::string& description);
  Option* add_option(const std::string& name, unsigned& value, const std::string& description);
  Option* add_option(const std::string& name, std::uint64_t& value, const std::string& description);
  Option* add_option(const std::string& name, std::optional<std::uint64_t>& value, const std::string& description);
  Option* add_option(const std::string& name, double& value, const std::string& description);
  Option* add_flag(const std::string& name, bool& value, const std::string& description);
  // The value goes to `take`; an error of it makes the line unusable, with `name` before its message.
  Option* add_option_function(const std::string& name, std::function<Status(const std::string&)> take, const std::string& description);

  // `words` are without the program's name.
  Parsed parse(int argc, const char* const* argv);
  Parsed parse(const std::vector<std::string>& words);

  std::string help() const;
  std::string get_name() const;
  // After parsing: the subcommand that was named, the first of several; nullptr: none.
  const Command* chosen() const;
  // After parsing: what an option of this command was given; "": nothing, or there is no such option.
  std::string given(const std::string& name) const;
  std::vector<std::string> subcommand_names() const;
  std::vector<std::string> long_option_names() const;   // with their dashes

 private:
  explicit Command(CLI::App* app);
  Option* keep(CLI::Option* option);

  std::unique_ptr<CLI::App> whole_;             // of the whole line's alone
  CLI::App* app_;
  std::deque<Option> options_;
  std::vector<std::unique_ptr<Command>> subcommands_;
};

}  // namespace annals::cli
