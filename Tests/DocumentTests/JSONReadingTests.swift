import Document
import XCTest

final class JSONReadingTests: XCTestCase {
  func testReadsEveryKindOfValue() throws {
    let cases: [(text: String, expected: Document)] = [
      ("null", .null), ("true", true), ("false", false), (" \t\r\n1 ", 1),
      ("0", 0), ("-0", 0), ("-12", -12), ("1.0", 1.0), ("1e2", 100.0), ("1E+2", 100.0),
      ("-2.5e-1", -0.25), ("0.1", 0.1), ("1e-400", 0.0),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", 9223372036854775808.0),
      ("-9223372036854775809", -9223372036854775809.0),
      ("\"\"", ""), ("\"a b\"", "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00x""#, "😀x"), (#""\u0000""#, "\0"),
      ("\"é€😀\u{7F}\"", "é€😀\u{7F}"), (#""é\n€""#, "é\n€"),
      ("[]", []), ("[ ]", []), ("[1,[2,[]],{}]", [1, [2, []], [:]]),
      ("{}", [:]), (#"{ "a" : 1 , "b" : { "a" : null } }"#, ["a": 1, "b": ["a": .null]]),
      (#"{"":""}"#, ["": ""]), ("\u{FEFF}{}", [:]),
    ]
    for (text, expected) in cases {
      XCTAssertEqual(try JSON.read(text), expected, "\(text) is read as something else")
      XCTAssertEqual(
        try JSON.readNode(text).document, expected,
        "\(text) is read otherwise with comments allowed")
    }
  }

  func testRefusesWhatIsNotJSONAndSaysWhere() {
    let cases: [(text: String, error: String)] = [
      ("", "1:1: expected a value, found the end of the text"),
      ("\u{FEFF}", "1:1: expected a value, found the end of the text"),
      (" \n ", "2:2: expected a value, found the end of the text"),
      ("[1", "1:3: expected ',' or ']' in the list, found the end of the text"),
      ("[1 2]", "1:4: expected ',' or ']' in the list, found '2'"),
      ("[,]", "1:2: expected a value, found ','"),
      ("[1,,2]", "1:4: expected a value, found ','"),
      ("[", "1:2: expected a value, found the end of the text"),
      ("]", "1:1: expected a value, found ']'"),
      ("{", "1:2: expected a key in double quotes, found the end of the text"),
      ("{a:1}", "1:2: expected a key in double quotes, found 'a'"),
      ("{'a':1}", "1:2: expected a key in double quotes, found '''"),
      (#"{"a" 1}"#, "1:6: expected ':' after the key \"a\", found '1'"),
      (#"{"a":}"#, "1:6: expected a value, found '}'"),
      ("{\"a\":1\n\"b\":2}", "2:1: expected ',' or '}' in the object, found '\"'"),
      ("1 1", "1:3: expected nothing after the value, found '1'"),
      ("{}\u{0}", "1:3: expected nothing after the value, found U+0000"),
      ("\u{A0}1", "1:1: expected a value, found U+00A0"),
      ("nul", "1:1: expected a value, found 'nul'"),
      ("nulls", "1:1: expected a value, found 'nulls'"),
      ("True", "1:1: expected a value, found 'T'"),
      ("NaN", "1:1: expected a value, found 'N'"),
      ("[\"é\", Infinity]", "1:7: expected a value, found 'I'"),
      ("-Infinity", "1:2: expected a digit after '-', found 'I'"),
      ("01", "1:1: a number must not begin with a zero"),
      ("-01", "1:1: a number must not begin with a zero"),
      ("+1", "1:1: expected a value, found '+'"),
      (".5", "1:1: expected a value, found '.'"),
      ("1.", "1:3: expected a digit after the decimal point, found the end of the text"),
      ("1.e1", "1:3: expected a digit after the decimal point, found 'e'"),
      ("1e", "1:3: expected a digit after the exponent's 'e', found the end of the text"),
      ("1e+x", "1:4: expected a digit after the exponent's 'e', found 'x'"),
      ("0x10", "1:2: expected nothing after the value, found 'x'"),
      ("[0, 1e400]", "1:5: the number is too large for a double"),
      ("\"abc", "1:1: the string that begins here has no end"),
      (#""abc\"#, #"1:5: '\' is followed by the end of the text, which is no escape of JSON"#),
      (#""\x""#, #"1:2: '\' is followed by 'x', which is no escape of JSON"#),
      (#""\u12g4""#, #"1:2: '\u' must be followed by four hexadecimal digits"#),
      (#""\u12"#, #"1:2: '\u' must be followed by four hexadecimal digits"#),
      (
        #""é\ud800""#,
        "1:3: the escape of U+D800 is half of a surrogate pair without its other half"
      ),
      (
        #""\ud800\u0041""#,
        "1:2: the escape of U+D800 is half of a surrogate pair without its other half"
      ),
      (
        #""\udc00\ud800""#,
        "1:2: the escape of U+DC00 is half of a surrogate pair without its other half"
      ),
      ("\"a\nb\"", "1:3: a string contains the control character U+000A; write it as an escape"),
      ("\"\\n\t\"", "1:4: a string contains the control character U+0009; write it as an escape"),
      ("\"\0\"", "1:2: a string contains the control character U+0000; write it as an escape"),
      (
        "{\"a\": {\"b\": 1},\n \"c\": 0, \"\\u0061\": 2}",
        "2:10: the key \"a\" occurs twice; the first is at 1:2"
      ),
    ]
    for (text, error) in cases {
      assertRefused(try JSON.read(text), error, text)
      assertRefused(try JSON.readNode(text), Self.ofFiles[text] ?? error, text)
    }
  }

  /// Of files that people write, the bracket is told that nobody closed.
  private static let ofFiles = [
    "[1":
      "1:1: the '[' here has no ']': expected ',' or ']' in the list, found the end of the text",
    "[": "1:1: the '[' here has no ']': expected a value, found the end of the text",
    "{":
      "1:1: the '{' here has no '}': expected a key in double quotes, found the end of the text",
  ]

  func testRefusesInWellFormedTextOnlyWhatIsNoUTF8() {
    let cases: [(bytes: [UInt8], place: String, why: String)] = [
      ([0x80], "1:2", "a continuation byte alone"), ([0xC3], "1:2", "a cut sequence"),
      ([0xC0, 0x80], "1:2", "an overlong sequence"),
      ([0x61, 0xED, 0xA0, 0x80], "1:3", "a surrogate"),
      ([0xC3, 0xA9, 0xF5, 0x80, 0x80, 0x80], "1:3", "beyond U+10FFFF"),
      ([0x5C, 0x6E, 0xFF], "1:4", "no UTF-8 after an escape"),
    ]
    for (bytes, place, why) in cases {
      let text = [0x22] + bytes + [0x22]
      assertRefused(try JSON.read(text), "\(place): the text is not valid UTF-8", why)
      assertRefused(try JSON.readNode(text), "\(place): the text is not valid UTF-8", why)
    }
    assertRefused(
      try JSON.readNode(Array("// a".utf8) + [0xFF] + Array("\n1".utf8)),
      "1:5: the text is not valid UTF-8", "no UTF-8 in a comment")
    assertRefused(
      try JSON.read([0xFF, 0xFE, 0x31, 0]),
      "1:1: expected a value, found a byte that is not UTF-8", "UTF-16")
  }

  func testEveryTruncationOfAStrictTextIsRefused() throws {
    let text = Array(#"{"a":[1.5e3,true,null,"é\u00e9\n"],"b":{"c":{}}}"#.utf8)
    _ = try JSON.read(text)
    for count in 0..<text.count {
      XCTAssertThrowsError(
        try JSON.read(Array(text[..<count])), "the first \(count) bytes are accepted")
    }
  }

  func testLimitsHoldOffHostileTexts() throws {
    let deep = { (depth: Int) in
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    XCTAssertNoThrow(try JSON.read(deep(128)), "a depth of 128 is within the limit")
    assertRefused(
      try JSON.read(deep(129)), "1:129: more than 128 lists and objects stand inside one another",
      "a depth of 129")
    assertRefused(
      try JSON.read(String(repeating: "{\"a\":", count: 100_000)),
      "1:641: more than 128 lists and objects stand inside one another", "objects without end")
    assertRefused(
      try JSON.read("[1]", limits: ReadingLimits(size: 2)),
      "1:1: the text has 3 bytes; at most 2 are read", "a text over the limit")
    XCTAssertEqual(try JSON.read("[[1]]", limits: ReadingLimits(depth: 2, size: 5)), [[1]])
  }

  /// Swift's strings are equal where Unicode calls them equivalent, so one would hide the other.
  func testKeysThatUnicodeCallsEquivalentAreDuplicates() {
    assertRefused(
      try JSON.read("{\"\u{E9}\":1,\"e\u{301}\":2}"),
      "1:8: the key \"e\u{301}\" occurs twice; the first is at 1:2", "é in both forms")
  }

  func testALongNumberIsReadAsADouble() throws {
    let digits = String(repeating: "1", count: 300)
    XCTAssertEqual(try JSON.read(digits).double ?? 0, 1.1111111111111112e299, accuracy: 1e284)
  }
}
