import Digest
import XCTest

/// The inputs of RFC 6070 with SHA-256, and the first block of RFC 7914, section 11.
final class PBKDF2Tests: XCTestCase {
  func testKnownInputsGiveTheirKnownKeys() {
    let cases: [(password: String, rounds: Int, key: String)] = [
      ("password", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"),
      ("password", 2, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"),
      ("passwd", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
    ]
    for (password, rounds, key) in cases {
      let derived = PBKDF2.derive(Array(password.utf8), salt: Array("salt".utf8), rounds: rounds)
      XCTAssertEqual(
        SHA256.hexadecimal(derived), key, "\(password) after \(rounds) rounds gave another key")
    }
  }
}
