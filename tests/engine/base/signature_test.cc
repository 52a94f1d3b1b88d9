// Goal: base 64 and signatures are the RFCs' own, and nothing that differs from them in a bit is taken.
#include <catch2/catch.hpp>

#include "engine/base/base64.h"
#include "engine/base/base85.h"
#include "engine/base/ed25519.h"

namespace {
using namespace annals;

std::string bytes(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

// RFC 4648 section 10.
TEST_CASE("base 64 has the vectors of its RFC") {
  const std::pair<std::string, std::string> vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(base64(plain) == text);
    CHECK(from_base64(text) == plain);
  }
  CHECK(base64(bytes("fbff00")) == "+/8A");
  CHECK(from_base64("+/8A") == bytes("fbff00"));
}

TEST_CASE("base 64 has one text for each string of bytes") {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", " Zm9v", "Zm9-", "=Zm9", "Z===", "====", "Zg==Zg==", "Zm9v====", "\xe2\x80\x94"}) {
    INFO(text);
    CHECK_FALSE(from_base64(text));
  }
}

// rfc.zeromq.org/spec/32, "Test Case".
TEST_CASE("base 85 has the vector of Z85 and one text for each string of bytes") {
  CHECK(base85(bytes("864fd26fb559f75b")) == "HelloWorld");
  CHECK(from_base85("HelloWorld") == bytes("864fd26fb559f75b"));
  CHECK(base85("").empty());
  CHECK(base85(bytes("00000000ffffffff")) == "00000%nSc0");
  // Five characters say more than four bytes can.
  for (const char* text : {"H", "Hell", "Hello1", "Hel o", "Hel\"o", "%nSc1", "#####", "Hell\xe2"}) {
    INFO(text);
    CHECK_FALSE(from_base85(text));
  }
}

// RFC 8032 section 7.1, tests 1 to 3.
TEST_CASE("signatures have the vectors of their RFC") {
  struct Vector {
    const char* seed;
    const char* key;
    const char* message;
    const char* signature;
  };
  const Vector vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (const Vector& vector : vectors) {
    const Digest seed = Digest::from_hex(vector.seed).value();
    const Digest key = Digest::from_hex(vector.key).value();
    std::string message = bytes(vector.message);
    std::string signature = bytes(vector.signature);
    CHECK(ed25519::public_key(seed) == key);
    CHECK(ed25519::sign(seed, message) == signature);
    CHECK(ed25519::verify(key, message, signature));
    CHECK_FALSE(ed25519::verify(key, message + " ", signature));
    CHECK_FALSE(ed25519::verify(key, message, signature.substr(1)));
    for (std::size_t bit = 0; bit < 8 * signature.size(); ++bit) {
      signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
      CHECK_FALSE(ed25519::verify(key, message, signature));
      signature[bit / 8] = static_cast<char>(signature[bit / 8] ^ (1 << bit % 8));
    }
  }
  // The order of the group added to S gives another text of the same equation; it must not be taken (section 5.1.7).
  std::string twin = bytes(vectors[0].signature);
  const std::string order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  for (unsigned i = 0, carry = 0; i < 32; ++i) {
    carry += static_cast<std::uint8_t>(twin[32 + i]) + static_cast<std::uint8_t>(order[i]);
    twin[32 + i] = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  CHECK_FALSE(ed25519::verify(Digest::from_hex(vectors[0].key).value(), "", twin));
}

// Under a key of small order one signature holds for every message, whoever made it.
TEST_CASE("a key of small order has signed nothing") {
  const Digest identity = Digest::from_hex("0100000000000000000000000000000000000000000000000000000000000000").value();
  const std::string signature = std::string(identity.view()) + std::string(32, '\0');
  CHECK_FALSE(ed25519::verify(identity, "anything", signature));
  CHECK_FALSE(ed25519::verify(Digest{}, "anything", std::string(64, '\0')));
}

}  // namespace
