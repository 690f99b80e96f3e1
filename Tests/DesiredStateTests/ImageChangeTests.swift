import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// What `trueup deploy --image` writes into manifests.
final class ImageChangeTests: XCTestCase {
  func testAParameterIsWrittenAndEveryOtherCharacterStays() throws {
    let cases: [(reason: String, before: String, after: String?)] = [
      (
        "the value alone changes",
        "{\n  \"client\": \"acme\",\n  \"parameters\": {\n    // pinned, see ops\n    \"Image\": \"web:1\", // now\n  },\n}\n",
        "{\n  \"client\": \"acme\",\n  \"parameters\": {\n    // pinned, see ops\n    \"Image\": \"web:2\", // now\n  },\n}\n"
      ),
      (
        "a new one stands behind the last",
        "{\n  \"parameters\": {\n    \"Count\": 1,\n  },\n}",
        "{\n  \"parameters\": {\n    \"Count\": 1,\n    \"Image\": \"web:2\",\n  },\n}"
      ),
      (
        "the first one", "{ \"client\": \"a\", \"parameters\": {} }",
        "{ \"client\": \"a\", \"parameters\": { \"Image\": \"web:2\" } }"
      ),
      (
        "there were none", "{\n  \"client\": \"a\"\n}\n",
        "{\n  \"client\": \"a\",\n  \"parameters\": { \"Image\": \"web:2\" }\n}\n"
      ),
      ("it says so", "{ \"parameters\": { \"Image\": \"web:2\" } }", nil),
    ]
    for (reason, before, after) in cases {
      XCTAssertEqual(
        try ParameterEdit(parameter: "Image", value: "web:2").written(into: before),
        after ?? before, reason)
    }
    XCTAssertThrowsError(
      try ParameterEdit(parameter: "Image", value: "2").written(into: "{ \"parameters\": [] }"))
  }

  func testATagOrADigestKeepsTheRepository() {
    let cases: [(given: String, current: String?, whole: String)] = [
      ("2", "web:1", "web:2"), ("2", "host:5000/acme/web", "host:5000/acme/web:2"),
      ("2", "host:5000/web@sha256:ab", "host:5000/web:2"), ("2", "web:1@sha256:ab", "web:2"),
      ("sha256:cd", "acme/web:1", "acme/web@sha256:cd"), ("other/web:3", "web:1", "other/web:3"),
      ("v2", "v1", "v2"), ("v2", nil, "v2"), ("sha256:cd", "v1", "sha256:cd"),
    ]
    for (given, current, whole) in cases {
      XCTAssertEqual(
        ImageReference.named(given, instead: current), whole,
        "\(given) instead of \(current ?? "none")")
    }
  }
}
