// Goal: a program of somebody else's can be slow, silent, loud or gone, and the engine neither waits for ever nor loses what it said.
#include "adapters/process/child.h"

#include <catch2/catch.hpp>

using namespace annals;
using namespace std::chrono_literals;

namespace {

struct Talk {
  Child child;
  std::string line;
  explicit Talk(const std::string& command) : child(*Child::start(command)) {}
  // The next line, or what came instead.
  std::string next(std::chrono::milliseconds patience = 30s) {
    switch (child.hear(line, patience)) {
      case Child::Heard::kLine: return line;
      case Child::Heard::kSilence: return "(silence)";
      case Child::Heard::kGone: return "(gone)";
    }
    return {};
  }
};

}  // namespace

TEST_CASE("lines go there and back in order and the last one may lack its end") {
  Talk talk("cat; printf 'bye'");
  talk.child.say("one");
  talk.child.say("二");
  CHECK(talk.next() == "one");
  CHECK(talk.next() == "二");
  CHECK(talk.next(50ms) == "(silence)");
  talk.child.say("three");
  CHECK(talk.next() == "three");
  CHECK(talk.child.end(30s).empty());

  Talk last("printf 'one\\r\\ntwo'");
  CHECK(last.next() == "one");
  CHECK(last.next() == "two");
  CHECK(last.next() == "(gone)");
}

TEST_CASE("more than any buffer holds goes through a program that answers while it is told") {
  Talk talk("cat");
  const std::string line(100'000, 'x');
  for (int i = 0; i < 100; ++i) talk.child.say(line + std::to_string(i));
  for (int i = 0; i < 100; ++i) CHECK(talk.next() == line + std::to_string(i));
}

TEST_CASE("how a program ended is told") {
  const auto ended = [](const std::string& command, std::chrono::milliseconds patience = 30s) {
    Talk talk(command);
    return talk.child.end(patience);
  };
  CHECK(ended("exit 0").empty());
  CHECK(ended("exit 3") == "exit status 3");
  CHECK(ended("kill -9 $$") == "killed by signal 9");
  CHECK(ended("exec /no/such/program 2>/dev/null") == "exit status 127");
  CHECK(ended("trap '' TERM; while :; do sleep 60; done", 10ms) == "killed: it did not end");
}

TEST_CASE("a line without end is refused before it fills the memory") {
  Talk talk("exec head -c 20000000 /dev/zero");
  CHECK(talk.next() == "(gone)");
  CHECK(talk.child.end(30s) == "a line of more than 16 MiB");
}

TEST_CASE("telling a program that is gone is an answer and no signal") {
  Talk talk("exit 0");
  CHECK(talk.next() == "(gone)");
  for (int i = 0; i < 10; ++i) talk.child.say("anybody there?");
  CHECK(talk.next() == "(gone)");
}
