import Document
import XCTest

final class NodeReadingTests: XCTestCase {
  func testCommentsAndTrailingCommasAreAllowed() throws {
    let text = """
      // A comment, then /* another */
      { // one
        "a": [1, /* two * / ** */ 2,], /**/
        "url": "http://x/*y*/", // é
      } /* the
      end */ //
      """
    XCTAssertEqual(try JSON.readNode(text).document, ["a": [1, 2], "url": "http://x/*y*/"])
  }

  func testEveryValueAndKeyHasItsPlace() throws {
    let text = "\u{FEFF}// é\r\n{\r\n  \"b\": [1,\n  \"é😀\", {}],\n\t\"a\": /* é */ null }"
    let node = try JSON.readNode(text)
    guard case .object(let members) = node.content, members.count == 2,
      case .list(let elements) = members[0].value.content, elements.count == 3
    else { return XCTFail("the text is read as \(node)") }
    XCTAssertEqual(node.position, Position(line: 2, column: 1))
    XCTAssertEqual(members.map(\.key), ["b", "a"], "members keep the order of the text")
    XCTAssertEqual(members[0].position, Position(line: 3, column: 3))
    XCTAssertEqual(members[0].value.position, Position(line: 3, column: 8))
    XCTAssertEqual(elements[0].position, Position(line: 3, column: 9))
    XCTAssertEqual(elements[1].position, Position(line: 4, column: 3))
    XCTAssertEqual(elements[2].position, Position(line: 4, column: 9))
    XCTAssertEqual(members[1].position, Position(line: 5, column: 2))
    XCTAssertEqual(members[1].value.position, Position(line: 5, column: 15))
  }

  func testWhatIsWrongInAFileIsSaidWithItsPlace() {
    let cases: [(text: String, error: String)] = [
      ("/* a\n", "1:1: the comment that begins here has no end '*/'"),
      ("[1] /*/", "1:5: the comment that begins here has no end '*/'"),
      ("[1 / 2]", "1:4: expected '//' or '/*', found a single '/'"),
      ("[1] /", "1:5: expected '//' or '/*', found a single '/'"),
      ("# a", "1:1: expected a value, found '#'"),
      ("// only a comment", "1:18: expected a value, found the end of the text"),
      ("{,}", "1:2: expected a key in double quotes, found ','"),
      ("[1,,]", "1:4: expected a value, found ','"),
      (
        "{\n  \"a\": 1,\n  // again\n  \"a\": 2\n}",
        "4:3: the key \"a\" occurs twice; the first is at 2:3"
      ),
      (
        "{\"x\": {\"k\": 1}, \"y\": {\"k\": 1, \"l\": {\"k\": 0}, \"k\": 2}}",
        "1:46: the key \"k\" occurs twice; the first is at 1:23"
      ),
    ]
    for (text, error) in cases { assertRefused(try JSON.readNode(text), error, text) }
  }

  func testStrictReadingRefusesWhatPeopleMayWrite() {
    let cases: [(text: String, error: String)] = [
      ("// a\n1", "1:1: found '/': comments are not allowed in strict JSON"),
      ("[1, /* a */ 2]", "1:5: found '/': comments are not allowed in strict JSON"),
      ("[1, ]", "1:3: a comma stands before the end of the list"),
      ("{\"a\": 1,}", "1:8: a comma stands before the end of the object"),
    ]
    for (text, error) in cases { assertRefused(try JSON.read(text), error, text) }
  }
}
