// Goal: somebody who has neither the store nor the secret key can check what stands in the log, and nobody can fool them.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "engine/base/bytes.h"
#include "tests/cli/annals.h"

using namespace annals::test;
namespace fs = std::filesystem;

namespace {

// A desk with a log of a few events and a key.
struct Desk : Annals {
  std::string key = folder / "desk.key";
  std::string pub;

  Desk() {
    folder.file("a.txt", "晨报\n\n商务部今天宣布批准甲公司出口。乙公司说，交付要等到明年一季度。\n");
    ingest({"a.txt", "--published", "2025-12-09", "--outlet", "港口晨报"});
    pub = folder.file("desk.pub", good({"key", "new", key, "--name", "desk.example/log"}));
  }
  std::string file(const std::string& name, const std::string& bytes) const { return folder.file(name, bytes); }
  json verified(const std::string& proof, std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"verify", "--proof", proof, "--public-key", pub, "--format", "jsonl"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = (*this)(words);
    INFO(ran.out << ran.err);
    REQUIRE((ran.status == 0 || ran.status == 1));
    json out = json::parse(ran.out);
    CHECK(out["holds"].get<bool>() == (ran.status == 0));
    return out;
  }
};

std::string flipped(std::string text, std::size_t at) {
  text[at] = text[at] == 'A' ? 'B' : 'A';
  return text;
}

}  // namespace

TEST_CASE("a key is readable by its owner alone and never written over") {
  const Desk desk;
  struct stat about {};
  REQUIRE(stat(desk.key.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  const std::string before = read_file(desk.key);
  const Ran again = desk({"key", "new", desk.key, "--name", "desk.example/log"});
  CHECK(again.status == 2);
  is_one_line_with(again, {"desk.key", "not written over"});
  CHECK(read_file(desk.key) == before);
  CHECK(desk.good({"key", "show", desk.key}) == read_file(desk.pub));

  REQUIRE(chmod(desk.key.c_str(), 0640) == 0);
  const Ran open = desk({"checkpoint", "--key", desk.key});
  CHECK(open.status == 2);
  is_one_line_with(open, {"others than its owner"});
  CHECK(desk({"key", "new", desk.folder / "x.key", "--name", "two words"}).status == 2);
  CHECK_FALSE(fs::exists(desk.folder / "x.key"));
}

TEST_CASE("an event is proven in one file to somebody who has the public key alone") {
  const Desk desk;
  const json event = desk.statement("交付");
  const std::string position = std::to_string(event["position"].get<int>());
  const std::string proof = desk.good({"prove", position, "--key", desk.key, "--in-one"});
  fs::remove_all(desk.store);

  const json told = desk.verified(desk.file("p", proof));
  CHECK(told["holds"]);
  CHECK(told["proves"] == "event");
  CHECK(told["position"] == event["position"]);
  CHECK(told["event"]["text"] == event["text"]);
  CHECK(told["event"]["id"] == event["id"]);
  CHECK(told["origin"] == "desk.example/log");
  CHECK(told["signed_by"][0]["name"] == "desk.example/log");
  const Ran people = desk({"verify", "--proof", desk.folder / "p", "--public-key", desk.pub});
  CHECK_THAT(people.out, Catch::Contains("holds       event " + position) && Catch::Contains("港口晨报") && Catch::Contains("交付要等到明年一季度"));

  // Another event's words, another place, another key: none holds.
  CHECK_FALSE(desk.verified(desk.file("p", flipped(proof, proof.find("extra ") + 300)))["holds"]);
  CHECK_FALSE(desk.verified(desk.file("p", flipped(proof, proof.find("\nindex ") + 12)))["holds"]);
  CHECK_FALSE(desk.verified(desk.file("p", proof.substr(0, proof.size() - 10)))["holds"]);
  const std::string other = desk.good({"key", "new", desk.folder / "other.key", "--name", "desk.example/log"});
  const Ran stranger = desk({"verify", "--proof", desk.file("p", proof), "--public-key", desk.file("other.pub", other)});
  CHECK(stranger.status == 1);
  CHECK_THAT(stranger.out, Catch::Contains("no known key has signed it"));
}

TEST_CASE("a proof of 1 KiB at most goes with the checkpoint that was handed out and shows no word") {
  const Desk desk;
  const json event = desk.statement("交付");
  const std::string position = std::to_string(event["position"].get<int>());
  const std::string checkpoint = desk.file("checkpoint", desk.good({"checkpoint", "--key", desk.key}));
  const std::string words = desk.folder / "event";
  const std::string proof = desk.file("p", desk.good({"prove", position, "--checkpoint", checkpoint, "--event", words}));
  const std::string hidden = desk.folder / "hidden";
  CHECK(desk.good({"prove", position, "--checkpoint", checkpoint, "--event", hidden, "--without-text"}) == read_file(proof));
  const Ran signed_now = desk({"prove", position, "--key", desk.key});
  CHECK(signed_now.out == read_file(proof));
  CHECK_THAT(signed_now.err, Catch::Contains("desk.key.checkpoint"));
  CHECK(read_file(proof).size() <= 1024);
  fs::remove_all(desk.store);

  const json alone = desk.verified(proof, {"--checkpoint", checkpoint});
  CHECK(alone["holds"]);
  CHECK(alone["position"] == event["position"]);
  CHECK_FALSE(alone.contains("event"));
  const json shown = desk.verified(proof, {"--checkpoint", checkpoint, "--event", words});
  CHECK(shown["event"]["text"] == event["text"]);
  CHECK(shown["leaf"] == alone["leaf"]);
  const json bare = desk.verified(proof, {"--checkpoint", checkpoint, "--event", hidden});
  CHECK(bare["event"]["id"] == event["id"]);
  CHECK_FALSE(bare["event"].contains("text"));

  // Without the checkpoint there is nothing to check it against; altered, or beside another event's bytes, it does not hold.
  CHECK(desk({"verify", "--proof", proof, "--public-key", desk.pub}).status == 2);
  CHECK_FALSE(desk.verified(desk.file("q", flipped(read_file(proof), 30)), {"--checkpoint", checkpoint})["holds"]);
  CHECK_FALSE(desk.verified(proof, {"--checkpoint", desk.file("c", flipped(read_file(checkpoint), 25))})["holds"]);
  const json other = desk.verified(proof, {"--checkpoint", checkpoint, "--event", desk.file("e", flipped(read_file(words), 300))});
  CHECK_FALSE(other["holds"]);
  CHECK_THAT(other["because"].get<std::string>(), Catch::Contains("another event than the one that is proven"));
}

TEST_CASE("every event of a log is proven in one go") {
  const Desk desk;
  const json told = json::parse(desk.good({"prove", "--all", "--format", "jsonl"}));
  CHECK(told["proven"] == told["events"]);
  CHECK(told["events"] == json::parse(desk.good({"verify", "--format", "jsonl"}))["events"]);
  CHECK(told["refused"].empty());
  CHECK_THAT(desk.good({"prove", "--all", "--key", desk.key}), Catch::Contains("each one's proof was made and checked"));
  CHECK(desk({"prove", "--all", "1", "--key", desk.key}).status == 2);
  CHECK(desk({"prove"}).status == 2);
}

TEST_CASE("a proof without the text shows none of it") {
  const Desk desk;
  const json event = desk.statement("批准");
  const std::string position = std::to_string(event["position"].get<int>());
  const std::string whole = desk.good({"prove", position, "--key", desk.key, "--in-one"});
  const std::string bare = desk.good({"prove", position, "--key", desk.key, "--in-one", "--without-text"});
  CHECK(bare.size() < whole.size());
  const json told = desk.verified(desk.file("p", bare));
  CHECK(told["holds"]);
  CHECK(told["event"]["id"] == event["id"]);
  CHECK_FALSE(told["event"].contains("text"));
  CHECK(told["leaf"] == desk.verified(desk.file("q", whole))["leaf"]);
}

TEST_CASE("a log that grew is proven to begin as it did") {
  const Desk desk;
  const std::string old = desk.file("old", desk.good({"checkpoint", "--key", desk.key}));
  const std::string size = std::to_string(desk.verified(old)["size"].get<int>());
  desk.file("b.txt", "晚報\n\n丙公司今日遞交上市申請。\n");
  desk.ingest({"b.txt", "--published", "2025-12-10"});
  const std::string proof = desk.good({"prove", "--from", size, "--key", desk.key});
  const std::string file = desk.file("p", proof);
  const json told = desk.verified(file, {"--checkpoint", old});
  CHECK(told["holds"]);
  CHECK(told["proves"] == "growth");
  CHECK(told["old_size"].get<int>() < told["size"].get<int>());
  CHECK(desk.verified(file, {"--root", told["old_root"].get<std::string>()})["holds"]);
  CHECK_FALSE(desk.verified(file, {"--root", std::string(64, 'a')})["holds"]);
  CHECK(desk({"verify", "--proof", file, "--public-key", desk.pub}).status == 2);
  // The event of the older checkpoint stands against the newer one too, and an older checkpoint serves for a proof.
  CHECK(desk.verified(desk.file("q", desk.good({"prove", "1", "--checkpoint", old})), {"--checkpoint", old})["size"].get<int>() == std::stoi(size));
  CHECK(desk({"prove", std::to_string(std::stoi(size) + 1), "--checkpoint", old}).status == 2);
}

TEST_CASE("a log that is not the one signed before is not signed") {
  const Desk desk;
  desk.good({"checkpoint", "--key", desk.key});
  fs::remove_all(desk.store);
  desk.file("c.txt", "另一份笔记\n\n丁公司今天宣布停产。\n");
  desk.ingest({"c.txt"});
  const Ran shorter = desk({"checkpoint", "--key", desk.key});
  CHECK(shorter.status == 3);
  is_one_line_with(shorter, {"not the one that desk.example/log signed before"});
  for (int i = 0; i < 6; ++i) {
    desk.file("d.txt", "又一份\n\n丁公司第" + std::to_string(i) + "次宣布停产。\n");
    desk.ingest({"d.txt"});
  }
  const Ran other = desk({"prove", "1", "--key", desk.key});
  CHECK(other.status == 3);
  is_one_line_with(other, {"another root"});
}

TEST_CASE("a witness counts where it is known and asked for") {
  const Desk desk;
  const std::string note = desk.good({"checkpoint", "--key", desk.key});
  const std::string file = desk.file("c", note);
  CHECK(desk.verified(file)["holds"]);
  const json missing = desk.verified(file, {"--witnesses", "1"});
  CHECK_FALSE(missing["holds"]);
  CHECK(missing["because"] == "expected 1 known witnesses, found 0");
}

TEST_CASE("tiles hold the tree and the entries as a client computes them") {
  const Desk desk;
  const std::string out = desk.folder / "public";
  desk.good({"tiles", out, "--key", desk.key, "--entries"});
  const json told = desk.verified(out + "/checkpoint");
  CHECK(told["holds"]);
  const std::string size = std::to_string(told["size"].get<int>());
  const std::string leaves = read_file(out + "/tile/0/000.p/" + size);
  CHECK(leaves.size() == 32 * told["size"].get<std::size_t>());
  const std::string entries = read_file(out + "/tile/entries/000.p/" + size);
  // No word of the note goes along.
  CHECK(entries.find("商务部") == std::string::npos);
  // Each entry's hash is the leaf of the same place: leaf = SHA-256(0x00 ‖ entry), as for any client of such a log.
  std::size_t at = 0;
  for (std::size_t i = 0; i < told["size"].get<std::size_t>(); ++i) {
    REQUIRE(at + 2 <= entries.size());
    const std::size_t length = static_cast<std::uint8_t>(entries[at]) * 256U + static_cast<std::uint8_t>(entries[at + 1]);
    CHECK(annals::sha256(std::string(1, '\0') + entries.substr(at + 2, length)).view() == leaves.substr(32 * i, 32));
    at += 2 + length;
  }
  CHECK(at == entries.size());
  CHECK_THAT(desk.good({"tiles", out, "--key", desk.key}), Catch::Contains("0 tiles written"));
}
