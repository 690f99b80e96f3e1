import Document
import XCTest

/// Unknowns and secrets come back from JSON as what they are, and so does what merely looks like one.
final class StoredTreeTests: XCTestCase {
  func testMarksAndWhatLooksLikeThemComeBackAsTheyWere() throws {
    let trees: [Document] = [
      .unknown("acme-prod/Vpc"), .secret(nil), .secret("{{resolve:secretsmanager:s}}"),
      ["unknown": "x"], ["secret": true], ["secret": "s"], ["literal": ["unknown": "x"]],
      ["literal": 1], ["unknown": "x", "other": 1], ["unknown": 1], ["a": ["secret": true]],
      [["secret": true], .secret(nil), ["literal": ["literal": .unknown("y")]]],
    ]
    for tree in trees {
      XCTAssertEqual(
        Document(stored: try JSON.read(tree.stored.json())), tree, "\(tree.stored.json())")
    }
  }

  func testJSONShowsMarksAsObjects() {
    XCTAssertEqual(Document.unknown("a/B").json(), #"{"unknown":"a/B"}"#)
    XCTAssertEqual(Document.secret(nil).json(), #"{"secret":true}"#)
    XCTAssertEqual(Document.secret("s").json(), #"{"secret":"s"}"#)
  }
}
