#pragma once
// A program of somebody else's, run as a child: lines go to its standard input, lines come from its standard output; what it says on
// standard error goes where ours goes. It is a process group of its own, so that whatever it starts ends with it.
//
// Not for use from several threads. The end of the Child is the end of the program.

#include <chrono>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals {

class Child {
 public:
  // Runs `command` with /bin/sh. kIo: the system's words. A command that cannot be found starts and is gone at once.
  static Result<Child> start(const std::string& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();   // kills

  // A line for the program, sent while hear() waits: nothing blocks, however slowly the program reads.
  void say(std::string_view line);

  enum class Heard : std::uint8_t {
    kLine,      // `line` has it, without its end
    kSilence,   // nothing whole within the time given
    kGone,      // it closed its output, or wrote a line of more than kLineBytesMax; end() tells more
  };
  static constexpr std::size_t kLineBytesMax = 16u << 20;
  Heard hear(std::string& line, std::chrono::milliseconds patience);

  // Closes its input, waits up to `patience` for it to go, then kills it. How it went: "", "exit status 3", "killed by signal 11",
  // "a line of more than 16 MiB", "killed: it did not end".
  std::string end(std::chrono::milliseconds patience);

 private:
  Child(int process, int input, int output) : process_(process), input_(input), output_(output) {}
  void close_input();
  void flush();
  void kill_group() const;

  int process_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string unsent_;
  std::size_t sent_ = 0;       // of unsent_
  std::string heard_;
  std::size_t looked_ = 0;     // of heard_, where no line ends
  bool too_long_ = false;
};

}  // namespace annals
