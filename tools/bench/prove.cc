// Proofs made from the log and checked without it, beside what nobody can do without: reading the event, and checking a signature.
#include <fmt/format.h>

#include "engine/audit/proven.h"
#include "engine/base/ed25519.h"
#include "engine/log/event_log.h"
#include "engine/proof/proof_file.h"
#include "tools/bench/bare.h"
#include "tools/bench/bench.h"
#include "tools/bench/generate.h"

namespace annals::bench {

void bench_prove(const Options& options, Report& report) {
  const ScratchFolder scratch(options.directory);
  SystemClock clock;
  {
    const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kCreateOrOpen, clock));
    constexpr std::uint64_t kBatch = 10'000;
    for (std::uint64_t done = 0; done < options.events; done += kBatch)
      must(log->append(statement_drafts(options.seed, done, std::min(kBatch, options.events - done), options.keys, options.events), OnRepeat::kAnswerFirst));
  }
  const auto log = must(open_rocks_log(scratch.below("annals"), OpenMode::kOpen, clock));
  const std::uint64_t size = log->last().value;
  const SigningKey key = must(SigningKey::make("bench.example/log", KeyKind::kNote, sha256("bench")));
  const std::vector<VerifierKey> known{key.verifier()};
  const std::string checkpoint = sign_checkpoint(key, size, must(log->root(Position{size})));
  const std::string signed_text = checkpoint.substr(0, checkpoint.rfind("\n\n") + 1);
  const std::string signature = ed25519::sign(sha256("bench"), signed_text);
  const Digest root = must(log->root(Position{size}));

  Random random(options.seed);
  std::vector<double> made, paths, whole, files, grown, read, verified;
  std::size_t longest = 0;
  constexpr int kEach = 200;
  for (unsigned round = 0; round < options.rounds; ++round) {
    std::vector<EventProof> proofs;
    std::vector<Digest> leaves;
    std::vector<std::string> texts;
    for (int i = 0; i < kEach; ++i) {
      const std::uint64_t index = random.below(size);
      {
        const Stopwatch watch;
        keep(must(log->get(Position{index + 1})).position.value);
        read.push_back(watch.seconds() * 1e6);
      }
      // As `annals prove` does: the event read, its leaf, the path, the text.
      const Stopwatch watch;
      EventProof proof;
      proof.index = index;
      must(log->read_stored({Position{index}, Position{index + 1}}, [&](const StoredView& event) {
        proof.bytes = {std::string(event.header), event.salt, std::string(event.body), {}};
        return Visit::kStop;
      }));
      leaves.push_back(proof.bytes.leaf());
      proof.path = must(log->tree().inclusion(index, size));
      texts.push_back(InclusionProof{index, leaves.back(), proof.path}.text());
      made.push_back(watch.seconds() * 1e6);
      proof.checkpoint = checkpoint;
      longest = std::max(longest, texts.back().size());
      proofs.push_back(std::move(proof));
    }
    for (int i = 0; i < kEach; ++i) {
      const EventProof& proof = proofs[static_cast<std::size_t>(i)];
      {
        const Stopwatch watch;
        check(verify_inclusion(leaves[static_cast<std::size_t>(i)], proof.index, size, proof.path, root), "the path leads to the root");
        paths.push_back(watch.seconds() * 1e6);
      }
      {
        const Stopwatch watch;
        must(annals::check(must(InclusionProof::parse(texts[static_cast<std::size_t>(i)])), checkpoint, known));
        files.push_back(watch.seconds() * 1e6);
      }
      {
        const Stopwatch watch;
        must(annals::check(proof, known));
        whole.push_back(watch.seconds() * 1e6);
      }
      const Stopwatch watch;
      check(ed25519::verify(known.front().key(), signed_text, signature), "the signature holds");
      verified.push_back(watch.seconds() * 1e6);
    }
    for (int i = 0; i < kEach; ++i) {
      const std::uint64_t from = 1 + random.below(size - 1);
      const Stopwatch watch;
      keep(must(log->tree().consistency(from, size)).size());
      grown.push_back(watch.seconds() * 1e6);
    }
  }
  std::vector<double> each, scanned;
  for (unsigned round = 0; round < std::min(options.rounds, 2U); ++round) {
    {
      const Stopwatch watch;
      const ProvenEvents proven = must(prove_events(*log, size, root, 2));
      check(proven.proven == size, "every event of the log is proven");
      each.push_back(static_cast<double>(size) / watch.seconds());
    }
    const Stopwatch watch;
    std::uint64_t bytes = 0;
    must(log->read_stored({Position{}, Position{size}}, [&](const StoredView& event) { return bytes += event.body.size(), Visit::kContinue; }));
    keep(bytes);
    scanned.push_back(static_cast<double>(size) / watch.seconds());
  }
  const std::string events = fmt::format("{} events", size);
  report.add({"prove", events + ", an event's proof made", spread(made), "the event read", spread(read), "µs"});
  report.add({"prove", events + ", growth's path made", spread(grown), "the event read", spread(read), "µs"});
  report.add({"prove", "its path checked", spread(paths), "one Ed25519 signature checked", spread(verified), "µs"});
  report.add({"prove", fmt::format("a proof file of {} bytes at most and its checkpoint, checked", longest), spread(files), "one Ed25519 signature checked", spread(verified), "µs"});
  report.add({"prove", "the same and the event's bytes, in one file", spread(whole), "one Ed25519 signature checked", spread(verified), "µs"});
  report.add({"prove", events + ", each proof made and checked, 2 threads", spread(each), "the events read, 1 thread", spread(scanned), "events/s"});
}

}  // namespace annals::bench
