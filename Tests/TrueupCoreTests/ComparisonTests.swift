import Document
import XCTest

@testable import TrueupCore

final class ComparisonTests: XCTestCase {
  private let comparison = Comparison(
    table: [
      "/Set": .set,
      "/Keyed": .keyed("Key"),
      "/Keyed/*/Inner": .set,
      "/Pair": .keyed("A", "B"),
      "/Enabled": .defaultsTo(false),
      "/Nested/Size": .defaultsTo(8),
    ])

  private func paths(_ desired: Document, _ observed: Document) -> [String] {
    comparison.findings(desired, observed).map(\.path.description)
  }

  func testWhatIsDeclaredIsCompared() {
    let table: [(desired: Document, observed: Document, paths: [String], reason: String)] = [
      (["A": 1], ["A": 1, "B": 2], [], "what is not declared is not managed"),
      (["A": 1], ["A": 2], ["/A"], "a value differs"),
      (["A": 1], [:], ["/A"], "a value is missing"),
      (["A": 1], ["A": 1.0], [], "numbers are equal whatever their spelling"),
      (["A": "1"], ["A": 1], ["/A"], "a text is no number"),
      (["A": true], ["A": "true"], ["/A"], "a text is no boolean"),
      (["N": ["X": 1, "Y": 2]], ["N": ["X": 1, "Y": 3]], ["/N/Y"], "the place is told exactly"),
      (["N": ["X": 1]], [:], ["/N/X"], "a missing object is all of its members"),
      (["N": ["X": 1]], ["N": "text"], ["/N"], "another shape differs as a whole"),
      (["N": [1]], ["N": ["X": 1]], ["/N"], "an object is no list"),
      (["Enabled": false], [:], [], "the default need not be shown"),
      (["Enabled": true], [:], ["/Enabled"], "another than the default must be shown"),
      (["Nested": ["Size": 8]], [:], [], "a default within a missing object"),
      (["Nested": ["Size": 8]], ["Nested": ["Size": 9]], ["/Nested/Size"], "a default that moved"),
    ]
    for (desired, observed, expected, reason) in table {
      XCTAssertEqual(paths(desired, observed), expected, reason)
    }
  }

  func testListsAreComparedAsTheyAreAnnotated() {
    let table: [(desired: Document, observed: Document, paths: [String], reason: String)] = [
      (["L": [1, 2]], ["L": [1, 2]], [], "ordered lists in order"),
      (["L": [1, 2]], ["L": [2, 1]], ["/L/0", "/L/1"], "ordered lists out of order"),
      (["L": [1]], ["L": [1, 2]], ["/L"], "ordered lists of different length"),
      (["L": []], [:], [], "an empty list and nothing are the same"),
      (["Set": [1, 2]], ["Set": [2, 1]], [], "sets have no order"),
      (["Set": [1, 1]], ["Set": [1, 2]], ["/Set"], "an element counts once"),
      (["Set": [1]], ["Set": [1, 2]], ["/Set"], "an extra element in a set"),
      (["Set": []], ["Set": [2]], ["/Set"], "a set that should be empty"),
      (
        ["Set": [["X": 1]]], ["Set": [["X": 1, "Note": "AWS's own"]]], [],
        "members of an element that are not declared are not managed"
      ),
      (
        ["Keyed": [["Key": "a", "V": 1], ["Key": "b", "V": 2]]],
        ["Keyed": [["Key": "b", "V": 2], ["Key": "a", "V": 1]]], [], "keyed lists have no order"
      ),
      (
        ["Keyed": [["Key": "a", "V": 1]]], ["Keyed": [["Key": "a", "V": 2]]], ["/Keyed/a/V"],
        "an element is told by its key"
      ),
      (
        ["Keyed": [["Key": "a"]]], ["Keyed": [["Key": "b"]]], ["/Keyed/a", "/Keyed/b"],
        "one is missing, one is too many"
      ),
      (["Keyed": [["Key": "a"]]], [:], ["/Keyed/a"], "all are missing"),
      (
        ["Keyed": [["Key": "a", "Inner": [1, 2]]]], ["Keyed": [["Key": "a", "Inner": [2, 1]]]],
        [], "facts reach into elements by *"
      ),
      (
        ["Pair": [["A": 1, "B": 2, "V": 1]]], ["Pair": [["A": 1, "B": 2, "V": 2]]],
        ["/Pair/1,2/V"], "keys may have several members"
      ),
    ]
    for (desired, observed, expected, reason) in table {
      XCTAssertEqual(paths(desired, observed), expected, reason)
    }
  }

  func testWhatWasAppliedAndIsNoLongerDesiredIsRemoved() {
    let table: [(base: Document, desired: Document, observed: Document, paths: [String])] = [
      (["A": 1, "B": 2], ["A": 1], ["A": 1, "B": 2], ["/B"]),
      (["A": 1, "B": 2], ["A": 1], ["A": 1], []),
      (["N": ["X": 1, "Y": 1]], ["N": ["X": 1]], ["N": ["X": 1, "Y": 1]], ["/N/Y"]),
      (["Enabled": true], [:], ["Enabled": false], []),
      (["L": [1]], [:], ["L": []], []),
      (["N": ["X": 1]], [:], ["N": [:]], []),
      ([:], [:], ["A": 1], []),
      (
        ["Keyed": [["Key": "a", "X": 1, "Y": 1], ["Key": "b"]]], ["Keyed": [["Key": "a", "X": 1]]],
        ["Keyed": [["Key": "b"], ["Key": "a", "X": 1, "Y": 2]]], ["/Keyed/a/Y"]
      ),
    ]
    for (base, desired, observed, expected) in table {
      XCTAssertEqual(
        comparison.removals(base: base, desired: desired, observed: observed)
          .map(\.path.description), expected,
        "from \(base.json()) to \(desired.json()), while AWS has \(observed.json())")
    }
  }

  func testPathsRunThroughKeysAndIndices() {
    let document: Document = ["Keyed": [["Key": "a", "V": 1]], "L": ["x", "y"]]
    XCTAssertEqual(comparison.value(at: "/Keyed/a/V", in: document), 1)
    XCTAssertEqual(comparison.value(at: "/L/1", in: document), "y")
    XCTAssertNil(comparison.value(at: "/L/2", in: document))
    XCTAssertNil(comparison.value(at: "/Keyed/b", in: document))
    XCTAssertNil(comparison.value(at: "/L/1/Deeper", in: document))
  }

  func testAStarStandsForEachElementAndMember() {
    let document: Document = [
      "Keyed": [["Key": "a", "Inner": [1]], ["Key": "b"]], "List": [["A": 1], ["A": 2]],
      "Map": ["x": 1, "y": 2],
    ]
    func places(_ pattern: PropertyPath) -> [String] {
      comparison.places(of: pattern, in: document).map(\.description)
    }
    XCTAssertEqual(places("/Keyed/*/Inner"), ["/Keyed/a/Inner", "/Keyed/b/Inner"])
    XCTAssertEqual(places("/List/*/A"), ["/List/0/A", "/List/1/A"])
    XCTAssertEqual(places("/Map/*"), ["/Map/x", "/Map/y"])
    XCTAssertEqual(places("/Map/x"), ["/Map/x"])
    XCTAssertEqual(places("/Nothing/*"), [])
  }

  func testAVersionIsSatisfiedByWhatBeginsWithIt() {
    let comparison = Comparison(table: ["/Version": .version])
    for (desired, observed, isSame) in [
      ("14", "14.9", true), ("14.9", "14.9", true), ("14.9", "14.10", false), ("1", "14", false),
      ("6.x", "6.2.6", true), ("7.1.0", "7.1", false), ("aurora", "aurora", true),
      ("aurora", "7.1", false),
    ] {
      XCTAssertEqual(
        comparison.satisfies(
          ["Version": .string(observed)], ["Version": .string(desired)], at: PropertyPath()),
        isSame, "\(observed) for \(desired)")
    }
    XCTAssertEqual(
      comparison.satisfies(["Version": "14.9"], ["Version": 14], at: PropertyPath()), true)
  }

  func testVersionsAreOrderedByTheirNumbers() throws {
    func version(_ text: String) throws -> Version { try XCTUnwrap(Version(text)) }
    XCTAssertLessThan(try version("9.6"), try version("10"))
    XCTAssertLessThan(try version("7.0.5"), try version("7.1"))
    XCTAssertFalse(try version("7") < version("7.1"), "neither comes before the other")
    XCTAssertFalse(try version("7.1") < version("7"))
    XCTAssertNil(Version("latest"))
    XCTAssertNil(Version("7.a"))
    XCTAssertNil(Version(""))
  }

  func testASetHoldsEachElementOnce() {
    let table: PropertyTable = ["/Set": .set, "/Set/*": .normal(.cidr)]
    let normal = table.normal(["Set": ["10.0.0.0/24", "10.0.0.9/24"], "List": ["a", "a"]])
    XCTAssertEqual(normal, ["Set": ["10.0.0.0/24"], "List": ["a", "a"]])
  }

  func testAPolicySaysNoMoreThanItSays() {
    let table: PropertyTable = ["/Policy": .normal(.policyDocument)]
    let comparison = Comparison(table: table)
    func paths(_ desired: Document, _ observed: Document) -> [PropertyPath] {
      func policy(_ statement: Document) -> Document {
        table.normal(["Policy": ["Statement": statement]])
      }
      return comparison.findings(policy(desired), policy(observed)).map(\.path)
    }
    let allow: Document = ["Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"]
    guard case .object(var members) = allow else { return XCTFail("no object") }
    members["Condition"] = ["Bool": ["aws:SecureTransport": true]]
    let narrowed = Document.object(members)
    XCTAssertEqual(paths(allow, allow), [])
    XCTAssertEqual(paths(allow, narrowed), ["/Policy"], "a condition that nobody declares")
    XCTAssertEqual(
      paths(narrowed, allow), ["/Policy/Statement/0/Condition/bool/aws:securetransport"])
  }
}
