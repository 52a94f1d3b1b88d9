#include "tests/support/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace annals::test {
namespace {

std::string new_folder() {
  std::string path = (std::filesystem::temp_directory_path() / "annals-test-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return path;
}

int status_of(int raw) { return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw); }

// The program with its output in files of `folder` and its input from `input`.
int start(const Run& what, const std::string& folder, int input, int other_end) {
  const int pid = fork();
  if (pid < 0) throw std::runtime_error("fork refused");
  if (pid > 0) return pid;
  dup2(input, STDIN_FILENO);
  close(input);
  if (other_end >= 0) close(other_end);
  const int out = open((folder + "/out").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  const int err = open((folder + "/err").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  if (!what.folder.empty() && chdir(what.folder.c_str()) != 0) _exit(126);
  std::vector<std::string> environment = {"LC_ALL=C.UTF-8"};
  for (const char* name : {"PATH", "TMPDIR", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"})
    if (const char* value = std::getenv(name); value != nullptr) environment.push_back(std::string(name) + "=" + value);
  for (const auto& [name, value] : what.environment) environment.push_back(name + "=" + value);
  std::vector<char*> envp;
  for (std::string& each : environment) envp.push_back(each.data());
  envp.push_back(nullptr);
  std::vector<std::string> words = what.command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execve(argv[0], argv.data(), envp.data());
  _exit(127);
}

}  // namespace

Ran run(const Run& what) {
  const std::string folder = new_folder();
  std::ofstream(folder + "/in", std::ios::binary) << what.input;
  const int input = open((folder + "/in").c_str(), O_RDONLY | O_CLOEXEC);
  const int pid = start(what, folder, input, -1);
  close(input);
  int raw = 0;
  waitpid(pid, &raw, 0);
  Ran out{status_of(raw), read_file(folder + "/out"), read_file(folder + "/err")};
  std::filesystem::remove_all(folder);
  return out;
}

Running::Running(const Run& what) : folder_(new_folder()) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pid_ = start(what, folder_, ends[0], ends[1]);
  close(ends[0]);
  input_ = ends[1];
  if (!what.input.empty() && write(input_, what.input.data(), what.input.size()) != static_cast<ssize_t>(what.input.size())) throw std::runtime_error("pipe refused");
}

Running::~Running() {
  if (pid_ > 0) {
    kill();
    wait();
  }
  close_input();
  std::filesystem::remove_all(folder_);
}

void Running::close_input() {
  if (input_ >= 0) close(input_);
  input_ = -1;
}

void Running::kill() {
  if (pid_ > 0) ::kill(pid_, SIGKILL);
}

Ran Running::wait() {
  close_input();
  int raw = 0;
  waitpid(pid_, &raw, 0);
  pid_ = -1;
  return {status_of(raw), read_file(folder_ + "/out"), read_file(folder_ + "/err")};
}

Folder::Folder() : path_(new_folder()) {}
Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::file(const std::string& name, const std::string& bytes) const {
  const std::filesystem::path path = std::filesystem::path(path_) / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
  return path.string();
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace annals::test
