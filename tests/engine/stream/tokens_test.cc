// Goal: a token gives the rights that its line says and nobody else's, and a file that is wrong is refused with its line.
#include "engine/stream/tokens.h"

#include <catch2/catch.hpp>

using namespace annals;
using namespace annals::stream;

namespace {

std::string wrong(std::string_view text) {
  const auto tokens = Tokens::parse(text);
  return tokens ? "" : tokens.error().message;
}

}  // namespace

TEST_CASE("a token has the rights of its line") {
  const std::string desk = new_token();
  const std::string wire = new_token();
  CHECK(desk.size() == 64);
  CHECK(desk != wire);
  Rights all;
  all.name = "desk";
  Rights limited;
  limited.name = "wire";
  limited.read = limited.admin = false;
  limited.outlets = {"路透社", "Reuters"};
  const std::string file = "# who may\n\n" + token_line(desk, all) + "\r\n" + token_line(wire, limited) + " # since June";
  CHECK(file.find(desk) == std::string::npos);
  const auto tokens = Tokens::parse(file);
  REQUIRE(tokens.ok());
  CHECK(tokens->size() == 2);
  const auto as_desk = tokens->admit(desk);
  REQUIRE(as_desk.ok());
  CHECK(as_desk->name == "desk");
  CHECK((as_desk->read && as_desk->append && as_desk->admin));
  const auto as_wire = tokens->admit(wire);
  REQUIRE(as_wire.ok());
  CHECK_FALSE(as_wire->read);
  CHECK(as_wire->append);
  CHECK(as_wire->outlets == limited.outlets);
  CHECK_FALSE(tokens->admit(std::nullopt).ok());
  CHECK_FALSE(tokens->admit("").ok());
  CHECK_FALSE(tokens->admit(desk + "0").ok());
  CHECK_FALSE(tokens->admit(new_token()).ok());
}

TEST_CASE("a file of tokens that is wrong is refused with its line") {
  const std::string hash(64, 'a');
  CHECK(wrong("") == "it holds no token");
  CHECK(wrong("# nothing\n") == "it holds no token");
  CHECK(wrong("\ndesk read\n") == "line 2: expected a name, rights and the SHA-256 of a token");
  CHECK(wrong("desk write " + hash) == "line 1: expected rights such as read,append,admin, found 'write'");
  CHECK(wrong("desk read " + hash.substr(1)) == "line 1: expected the SHA-256 of a token, 64 hex digits");
  CHECK(wrong("de/sk read " + hash).find("expected a name of 1 to 64") != std::string::npos);
  CHECK(wrong("a read " + hash + "\na read " + hash) == "line 2: 'a' stands in the file already");
  CHECK(wrong("a read " + hash + " outlets=").find("expected outlets=A,B") != std::string::npos);
  CHECK(wrong("a read " + hash + " projections=weather") == "line 1: projections: there is none named 'weather'");
}
