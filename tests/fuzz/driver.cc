// A fuzz target without libFuzzer: every seed as it is, then seeded mutations of it, so that the short run under ctest is the same on
// every machine.  driver [--runs N] [--seed S] FILE|FOLDER...
// What brings the target down is kept as crash-input in the current folder.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

namespace {
namespace fs = std::filesystem;

// Read by the signal handler only.
const char* current_data = nullptr;
std::size_t current_size = 0;

extern "C" void keep_crash(int signal) {
  const int file = ::open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0) {
    if (::write(file, current_data, current_size) < 0) _exit(3);
    ::close(file);
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

// The engine's numbers are the same everywhere; the library's distributions are not, hence the remainder.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t next() { return engine_(); }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(next() % limit); }

 private:
  std::mt19937_64 engine_;
};

void run(const std::string& input) {
  current_data = input.data();
  current_size = input.size();
  // A copy of exactly this size on the heap: reading past its end is seen by the address sanitizer.
  const std::vector<std::uint8_t> exact(input.begin(), input.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

std::string mutated(const std::string& seed, const std::string& other, Random& random) {
  static const char* const kPieces[] = {"\n",
                                        "\n\n",
                                        " - ",
                                        "[1]",
                                        "---\n",
                                        "\xE3\x80\x82",
                                        "\xEF\xBC\x8C",
                                        "\"",
                                        "{",
                                        "}",
                                        "\xFF",
                                        "\xF0\x9F",
                                        "2025-02-30",
                                        "99999999999999999999",
                                        "%",
                                        "\xE4\xBA\xBF",
                                        "\xE3\x80\x8C",
                                        "(",
                                        "\0"};
  std::string text = seed;
  for (std::size_t step = 1 + random.below(6); step > 0; --step) {
    const std::size_t at = random.below(text.size() + 1);
    switch (random.below(6)) {
      case 0:
        if (!text.empty()) text[random.below(text.size())] = static_cast<char>(random.next());
        break;
      case 1:
        text.erase(at, 1 + random.below(40));
        break;
      case 2:
        text.insert(at, kPieces[random.below(std::size(kPieces))]);
        break;
      case 3:
        text.insert(at, text.substr(random.below(text.size() + 1), 1 + random.below(80)));
        break;
      case 4:
        text.resize(at);
        break;
      default:
        text.insert(at, other.substr(random.below(other.size() + 1), 1 + random.below(200)));
        break;
    }
  }
  return text;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t runs = 100;
  std::uint64_t seed = 1;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--runs" && i + 1 < argc)
      runs = std::strtoull(argv[++i], nullptr, 10);
    else if (argument == "--seed" && i + 1 < argc)
      seed = std::strtoull(argv[++i], nullptr, 10);
    else if (fs::is_directory(argument))
      for (const auto& entry : fs::recursive_directory_iterator(argument)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    else
      files.emplace_back(argument);
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    std::fprintf(stderr, "expected a file or folder of seeds\n");
    return 2;
  }
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) std::signal(signal, keep_crash);

  std::vector<std::string> seeds = {""};
  for (const fs::path& file : files) seeds.push_back(bytes_of(file));
  Random random(seed);
  std::size_t done = 0;
  for (const std::string& input : seeds) {
    run(input);
    for (std::size_t i = 0; i < runs; ++i) run(mutated(input, seeds[random.below(seeds.size())], random));
    done += runs + 1;
  }
  std::printf("%zu inputs from %zu seeds, seed %llu: no failure\n", done, files.size(),
              static_cast<unsigned long long>(seed));
  return 0;
}
