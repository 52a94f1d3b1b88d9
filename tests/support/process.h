#pragma once
// Runs a program as a person would and keeps what it said.

#include <string>
#include <utility>
#include <vector>

namespace annals::test {

struct Ran {
  int status = -1;      // of exit; 128 + signal where it was killed
  std::string out;
  std::string err;
};

struct Run {
  std::vector<std::string> command;                             // the program first, found by its path
  std::string input;
  std::string folder;                                           // working folder; empty: the test's own
  std::vector<std::pair<std::string, std::string>> environment; // beside a bare PATH and a UTF-8 locale
};
Ran run(const Run& what);

// Runs beside the test until it goes away.
class Running {
 public:
  // Standard input stays open until close_input(): a program that reads it waits.
  explicit Running(const Run& what);
  ~Running();
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  void close_input();
  void kill();                         // SIGKILL
  Ran wait();

 private:
  int pid_ = -1;
  int input_ = -1;
  std::string folder_;                 // of the output files
};

// A folder of its own below the system's temporary one, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  std::string file(const std::string& name, const std::string& bytes) const;   // writes it; its path
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string read_file(const std::string& path);

}  // namespace annals::test
