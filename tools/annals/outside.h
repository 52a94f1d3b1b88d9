#pragma once
// Outside interpreters: the protocol, and how it is spoken with a program that may fail in any way.
//
// The program is a command for /bin/sh. It reads statements from standard input and writes readings to standard output, one JSON
// object a line, in UTF-8, flushing after each:
//
//   1. Its first line says who it is:          {"interpreter": "NAME", "version": 3}
//      NAME: letters, digits, '.', '_', '-'; not "annals" or "sheet", which are ours. A program that would answer otherwise than before
//      has another version.
//   2. Each line it is given is a statement:   {"kind": "statement", "id": "…", "position": 12, "note": "…", "article": {…}, "heading": "…",
//      "block": "bullet", "span": [10234, 10391], "text": "…", "previous": "…", "times": […], "quantities": […], "entities": […]}
//      with the fields of `annals export`, `previous` being the statement before it in its article. times, quantities and entities are as our
//      own reader found them: helps that it need not use.
//   3. It answers each line with one line, in the order given:   {"id": "…", "claims": […]}   with claims as `annals export` writes
//      them; [] where the statement claims nothing. All else may be left out: of a claim `modality` (asserted), `attribution` (named where it
//      has speakers, else own), `aspect` (target where planned, forecast or conditional, else holds), and `span` and `quote`: where a quote
//      is given it must stand in the statement, where neither is, the claim is the whole statement's. Entities may be given as a string: an
//      id, or a name that the lexicon knows. Also `speakers`, `modality` and `attribution` of the statement. Or {"id": "…", "error": "why not"}.
//   4. Its input ends when there is nothing more to read; it then ends too.
//
// Up to kAhead statements are on their way at a time. What goes wrong costs a statement its reading and nothing else:
//   no answer in time       the program is killed and started anew for the statements behind it
//   it ends                 likewise; those on their way are asked again one by one, so that the one that ends it is found
//   no JSON, another id, a claim that is not one, a quote that does not stand there      told, and the next is read
//   kFailuresMax times in a row without one answer      it is given up, and what is left is not asked

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/process/child.h"
#include "engine/ingest/outside.h"
#include "engine/language/lexicon.h"
#include "tools/annals/json.h"
#include "tools/annals/program.h"

namespace annals::cli {

class OutsideProgram final : public OutsideReader {
 public:
  static constexpr std::size_t kAhead = 16;
  static constexpr int kFailuresMax = 5;

  // Starts it and waits for its first line. kInvalid: it does not start, or does not say who it is. `complain` is told of everything that
  // goes wrong, one line each.
  static Result<std::unique_ptr<OutsideProgram>> start(std::string command, std::chrono::milliseconds timeout, const Lexicon& lexicon,
                                                       std::function<void(const std::string&)> complain);

  InterpreterId id() const override { return id_; }
  std::vector<std::optional<Reading>> read(std::span<const OutsideStatement> statements) override;
  bool gave_up() const override { return failures_ >= kFailuresMax; }
  // Lets it end, and says so where it does not end well.
  void finish();

 private:
  OutsideProgram(std::string command, std::chrono::milliseconds timeout, const Lexicon& lexicon, std::function<void(const std::string&)> complain)
      : command_(std::move(command)), timeout_(timeout), lexicon_(lexicon), complain_(std::move(complain)) {}
  Result<InterpreterId> greet();
  bool restart();

  std::string command_;
  std::chrono::milliseconds timeout_;
  const Lexicon& lexicon_;
  std::function<void(const std::string&)> complain_;
  InterpreterId id_;
  std::optional<Child> child_;
  int failures_ = 0;   // in a row: ended or silent
};

// The protocol in a few lines, for help.
extern const char* const kOutsideProtocol;
// --interpreter COMMAND and --interpreter-timeout, and the run they ask for.
void add_outside(Command& command, std::string& interpreter, double& timeout);
std::function<void(const std::string&)> complainer(const Program& program);   // the first hundred lines, then how many more
Result<OutsideSummary> run_outside(Program& program, EventLog& log, OutsideProgram& outside, const Lexicon& lexicon, const OutsideOptions& options);
Json outside_json(const InterpreterId& id, const OutsideSummary& summary);
std::string outside_text(const InterpreterId& id, const OutsideSummary& summary);

// The line that a program is given.
std::string outside_question(const OutsideStatement& statement);
// What an answer says. kInvalid: what was expected, what was found.
Result<Reading> outside_reading(const Json& answer, const OutsideStatement& statement, const Lexicon& lexicon);

}  // namespace annals::cli
