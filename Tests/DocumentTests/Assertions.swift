import Document
import XCTest

/// Fails unless reading was refused with this error, written `line:column: message`.
func assertRefused<Value>(
  _ read: @autoclosure () throws -> Value, _ expected: String, _ what: String,
  file: StaticString = #filePath, line: UInt = #line
) {
  XCTAssertThrowsError(try read(), "accepted: \(what)", file: file, line: line) { error in
    XCTAssertEqual(
      "\(error)", expected, "the error of this text is another: \(what)", file: file, line: line)
  }
}
