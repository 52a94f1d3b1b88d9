#include "adapters/process/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

extern char** environ;  // NOLINT: POSIX names it so

namespace annals {
namespace {

using Clock = std::chrono::steady_clock;

Error system_error(std::string_view what, int number) { return {ErrorCode::kIo, fmt::format("{}: {}", what, std::strerror(number))}; }

void close_file(int& file) {
  if (file >= 0) ::close(std::exchange(file, -1));
}

}  // namespace

Result<Child> Child::start(const std::string& command) {
  // Its input is a socket: writing to a program that is gone must be an answer, not a signal.
  std::array<int, 2> input{-1, -1};
  std::array<int, 2> output{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) return system_error("cannot make a pipe", errno);
  if (::pipe2(output.data(), O_CLOEXEC) != 0) {
    const int number = errno;
    for (int& file : input) close_file(file);
    return system_error("cannot make a pipe", number);
  }
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::string shell = "sh", flag = "-c", text = command;
  std::array<char*, 4> words{shell.data(), flag.data(), text.data(), nullptr};
  pid_t process = -1;
  const int failed = ::posix_spawn(&process, "/bin/sh", &files, &attributes, words.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  close_file(input[1]);
  close_file(output[1]);
  if (failed != 0) {
    close_file(input[0]);
    close_file(output[0]);
    return system_error("/bin/sh", failed);
  }
  ::fcntl(output[0], F_SETFL, O_NONBLOCK);
  return Child(process, input[0], output[0]);
}

Child::Child(Child&& other) noexcept { *this = std::move(other); }

Child& Child::operator=(Child&& other) noexcept {
  std::swap(process_, other.process_);
  std::swap(input_, other.input_);
  std::swap(output_, other.output_);
  std::swap(unsent_, other.unsent_);
  std::swap(sent_, other.sent_);
  std::swap(heard_, other.heard_);
  std::swap(looked_, other.looked_);
  std::swap(too_long_, other.too_long_);
  return *this;
}

Child::~Child() {
  if (process_ > 0) end(std::chrono::milliseconds(0));
  close_input();
  close_file(output_);
}

void Child::close_input() { close_file(input_); }

void Child::kill_group() const { ::kill(-process_, SIGKILL); }

void Child::say(std::string_view line) {
  if (sent_ > 0) unsent_.erase(0, std::exchange(sent_, 0));
  unsent_.append(line);
  unsent_ += '\n';
}

void Child::flush() {
  while (input_ >= 0 && sent_ < unsent_.size()) {
    const auto done = ::send(input_, unsent_.data() + sent_, unsent_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN && errno != EWOULDBLOCK) close_input();  // it reads no more; its output will tell
      return;
    }
    sent_ += static_cast<std::size_t>(done);
  }
}

Child::Heard Child::hear(std::string& line, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  for (;;) {
    if (const std::size_t end = heard_.find('\n', looked_); end != std::string::npos) {
      line.assign(heard_, 0, end);
      if (line.ends_with('\r')) line.pop_back();
      heard_.erase(0, end + 1);
      looked_ = 0;
      return Heard::kLine;
    }
    looked_ = heard_.size();
    if (heard_.size() > kLineBytesMax) {
      too_long_ = true;
      return Heard::kGone;
    }
    flush();
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() < 0) return Heard::kSilence;
    std::array<pollfd, 2> files{pollfd{output_, POLLIN, 0}, pollfd{sent_ < unsent_.size() ? input_ : -1, POLLOUT, 0}};
    const int ready = ::poll(files.data(), files.size(), static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)) + 1);
    if (ready < 0 && errno != EINTR) return Heard::kGone;
    if (ready <= 0 || files[0].revents == 0) continue;
    std::array<char, 1 << 16> buffer;
    const auto got = ::read(output_, buffer.data(), buffer.size());
    if (got == 0) {
      if (heard_.empty()) return Heard::kGone;
      heard_ += '\n';  // the last line may lack its end
    } else if (got > 0) {
      heard_.append(buffer.data(), static_cast<std::size_t>(got));
    } else if (errno != EAGAIN && errno != EINTR) {
      return Heard::kGone;
    }
  }
}

std::string Child::end(std::chrono::milliseconds patience) {
  if (process_ <= 0) return {};
  close_input();
  const auto deadline = Clock::now() + patience;
  bool killed = false;
  for (;;) {
    // Looked at, not taken away yet: until then its number, which is its group's too, belongs to nobody else.
    siginfo_t info{};
    const int looked = ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOWAIT | (killed ? 0 : WNOHANG));
    if (looked == 0 && info.si_pid == process_) break;
    if (looked != 0 && errno != EINTR) break;
    if (killed) continue;
    if (Clock::now() >= deadline) {
      kill_group();
      killed = true;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  kill_group();  // what it left behind
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (too_long_) return fmt::format("a line of more than {} MiB", kLineBytesMax >> 20);
  if (killed) return "killed: it did not end";
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  if (WEXITSTATUS(status) > 128) return fmt::format("killed by signal {}", WEXITSTATUS(status) - 128);  // as the shell tells it
  if (WEXITSTATUS(status) != 0) return fmt::format("exit status {}", WEXITSTATUS(status));
  return {};
}

}  // namespace annals
