import Document
import Foundation
import XCTest

final class JSONFuzzTests: XCTestCase {
  /// Bytes that matter to the grammar, and some that are no UTF-8 where they come to stand.
  private let alphabet =
    Array("{}[]:,\"\\/0123456789-+.eEtrufalsn \n\t*'a\u{1}é😀".utf8) + [0xFF, 0xC0]

  func testEveryValueIsReadBackAsItWasWritten() throws {
    var random = SeededGenerator(state: 1)
    for _ in 0..<2_000 {
      let value = randomValue(&random, depth: 4)
      XCTAssertEqual(try JSON.read(value.json()), value, "written as \(value.json())")
      let indented = value.json(indent: 2)
      XCTAssertEqual(try JSON.readNode(indented).document, value, "written as \(indented)")
    }
  }

  func testAcceptsAndRefusesWhatFoundationDoesAndReadsTheSameValues() {
    var random = SeededGenerator(state: 2)
    var accepted = 0
    var refused = 0
    for _ in 0..<20_000 {
      let text = random.mutate(
        Array(randomValue(&random, depth: 3).json().utf8), alphabet: alphabet)
      let theirs = try? JSONSerialization.jsonObject(
        with: Data(text), options: [.fragmentsAllowed])
      let shown = String(decoding: text, as: UTF8.self)
      do {
        let ours = try JSON.read(text)
        accepted += 1
        guard let theirs else {
          XCTFail("accepted, but Foundation refuses: \(shown)")
          continue
        }
        XCTAssertTrue(isSame(ours, theirs), "\(shown) is \(ours), but \(theirs) for Foundation")
      } catch {
        refused += 1
        XCTAssertTrue(
          theirs == nil || isKnownDifference(error),
          "refused (\(error)), but Foundation accepts: \(shown)")
      }
    }
    XCTAssertGreaterThan(accepted, 2_000, "too few mutations are still JSON to prove anything")
    XCTAssertGreaterThan(refused, 2_000, "too few mutations break JSON to prove anything")
  }

  func testReadingWithCommentsAcceptsWhateverStrictReadingDoes() {
    var random = SeededGenerator(state: 3)
    for _ in 0..<5_000 {
      let text = random.mutate(
        Array(randomValue(&random, depth: 3).json(indent: 1).utf8), alphabet: alphabet)
      let strict = Result { try JSON.read(text) }
      let relaxed = Result { try JSON.readNode(text) }
      if case .success(let value) = strict {
        XCTAssertEqual(
          try relaxed.get().document, value, String(decoding: text, as: UTF8.self))
      }
    }
  }

  /// Foundation keeps the last of duplicate keys, reads numbers beyond a double, and accepts a
  /// comma before the end of a list.
  private func isKnownDifference(_ error: ReadingError) -> Bool {
    error.message.contains("occurs twice") || error.message.contains("too large for a double")
      || error.message == "a comma stands before the end of the list"
  }

  private func isSame(_ ours: Document, _ theirs: Any) -> Bool {
    switch ours {
    case .null: return theirs is NSNull
    case .bool(let value): return theirs as? Bool == value
    case .integer(let value): return theirs as? Int == value
    case .double(let value):
      // Foundation reads long numbers as decimals, whose conversion to a double rounds twice.
      guard let theirs = (theirs as? NSNumber)?.doubleValue else { return false }
      return abs(theirs - value) <= abs(value) * 1e-14
    case .string(let value): return theirs as? String == value
    case .data, .unknown, .secret: return false
    case .list(let elements):
      guard let theirs = theirs as? [Any], theirs.count == elements.count else { return false }
      return zip(elements, theirs).allSatisfy(isSame)
    case .object(let members):
      guard let theirs = theirs as? [String: Any], theirs.count == members.count else {
        return false
      }
      return members.allSatisfy { key, value in theirs[key].map { isSame(value, $0) } ?? false }
    }
  }

  private func randomValue(_ random: inout SeededGenerator, depth: Int) -> Document {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 5), using: &random) {
    case 0: return random.pick([.null, true, false])
    case 1: return .integer(random.pick([0, 1, -1, .max, .min, 1_234_567]))
    case 2: return .double(Double(bitPattern: random.next() & 0xBFEF_FFFF_FFFF_FFFF))
    case 3, 4: return .string(randomString(&random))
    case 5, 6:
      return .list(
        (0..<Int.random(in: 0..<4, using: &random)).map { _ in
          randomValue(&random, depth: depth - 1)
        })
    default:
      let members = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
        (randomString(&random), randomValue(&random, depth: depth - 1))
      }
      return .object(Dictionary(members, uniquingKeysWith: { $1 }))
    }
  }

  private func randomString(_ random: inout SeededGenerator) -> String {
    let parts = ["a", "B", "é", "😀", "\n", "\\", "\"", "/", "\0", "\u{2028}", "key", " "]
    return (0..<Int.random(in: 0..<6, using: &random)).map { _ in random.pick(parts) }.joined()
  }
}
