import Digest
import XCTest

final class SHA256Tests: XCTestCase {
  func testSHA256GivesThePublishedDigests() {
    let vectors: [(message: [UInt8], digest: String)] = [
      ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        [UInt8](repeating: 0x61, count: 1_000_000),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
      ),
    ]
    for vector in vectors {
      XCTAssertEqual(
        SHA256.hexadecimal(SHA256.digest(vector.message)), vector.digest,
        "a message of \(vector.message.count) bytes has the digest of FIPS 180-4's examples")
    }
  }

  func testSHA256PadsEveryLengthAroundABlock() {
    // The digest of the digests of 0...130 zero bytes, as Python's hashlib computes it.
    let digests = (0...130).flatMap { SHA256.digest([UInt8](repeating: 0, count: $0)) }
    XCTAssertEqual(
      SHA256.hexadecimal(SHA256.digest(digests)),
      "d6e99a52e4f306ac462a8669cfa9744fc9ac0cd54f1c1c92b91d2e3257397ead",
      "no length is padded wrongly")
  }

  func testHMACGivesTheVectorsOfRFC4231() {
    let vectors: [(key: [UInt8], message: [UInt8], digest: String)] = [
      (
        [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
    for vector in vectors {
      XCTAssertEqual(
        SHA256.hexadecimal(SHA256.authenticate(vector.message, key: vector.key)), vector.digest,
        "a key of \(vector.key.count) bytes authenticates as RFC 4231 says")
    }
  }
}
