import Document
import XCTest

final class JSONWritingTests: XCTestCase {
  func testWritesTheOneCanonicalText() {
    let cases: [(value: Document, expected: String)] = [
      (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (.integer(.min), "\(Int.min)"),
      (1.0, "1.0"), (0.1, "0.1"), (-2.5e-7, "-2.5e-07"), (1e16, "1e+16"),
      (.double(.leastNonzeroMagnitude), "5e-324"),
      (.double(.nan), "\"NaN\""), (.double(-.infinity), "\"-Infinity\""),
      (
        "a/b\"\\\n\r\t\u{8}\u{C}\u{1}\u{1F}\u{7F}é\u{2028}😀",
        "\"a/b\\\"\\\\\\n\\r\\t\\b\\f\\u0001\\u001f\u{7F}é\u{2028}😀\""
      ),
      (.data([0, 255, 16]), "\"AP8Q\""), ([], "[]"), ([:], "{}"), ([1, [], [:]], "[1,[],{}]"),
      (["b": 1, "a": 2, "B": 3, "": 4], #"{"":4,"B":3,"a":2,"b":1}"#),
      // U+FF5E is before U+1F600 in UTF-8, and after it in UTF-16.
      (["😀": 1, "\u{FF5E}": 2, "z": 3], "{\"z\":3,\"\u{FF5E}\":2,\"😀\":1}"),
    ]
    for (value, expected) in cases {
      XCTAssertEqual(value.json(), expected, "\(value) is written otherwise")
    }
  }

  func testIndentsWithoutTrailingSpaces() {
    let value: Document = ["list": [1, ["a": .null]], "empty": [:], "none": []]
    XCTAssertEqual(
      value.json(indent: 2),
      """
      {
        "empty": {},
        "list": [
          1,
          {
            "a": null
          }
        ],
        "none": []
      }
      """)
  }
}

final class Base64Tests: XCTestCase {
  /// RFC 4648, section 10.
  func testVectorsOfTheRFC() {
    let cases = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
      ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ]
    for (plain, encoded) in cases {
      XCTAssertEqual(Base64.encode(Array(plain.utf8)), encoded, "'\(plain)' is encoded otherwise")
      XCTAssertEqual(Base64.decode(encoded), Array(plain.utf8), "'\(encoded)' is decoded otherwise")
    }
    let all = Array(UInt8.min...UInt8.max)
    XCTAssertEqual(Base64.encode(all), Data(all).base64EncodedString())
    XCTAssertEqual(Base64.decode(Data(all).base64EncodedString()), all)
  }

  func testRefusesWhatIsNotBase64() {
    for text in ["Z", "Zg", "Zg=", "Z===", "====", "Zm9v\n", "Zm 9", "Zm-_", "=m9v", "Zg=v", "Zé="]
    {
      XCTAssertNil(Base64.decode(text), "'\(text)' is accepted")
    }
  }
}
