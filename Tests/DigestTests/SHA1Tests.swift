import Digest
import XCTest

final class SHA1Tests: XCTestCase {
  func testSHA1GivesThePublishedDigests() {
    let vectors: [(text: String, digest: String)] = [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (String(repeating: "a", count: 1_000_000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ]
    for vector in vectors {
      XCTAssertEqual(
        SHA1.hexadecimal(of: vector.text), vector.digest,
        "a text of \(vector.text.utf8.count) bytes has the digest of FIPS 180-4's examples")
    }
  }
}
