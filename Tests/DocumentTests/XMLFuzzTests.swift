import Document
import XCTest

final class XMLFuzzTests: XCTestCase {
  private let alphabet = Array("<>/=\"'&;#x![]-?ab: \n\r\t\u{1}é😀".utf8) + [0xFF, 0xC0]

  func testReadsWellFormedTextAsFoundationDoes() throws {
    var random = SeededGenerator(state: 4)
    for _ in 0..<2_000 {
      let text = "<?xml version=\"1.0\"?>\n" + randomElement(&random, depth: 4)
      guard let theirs = foundationTree(of: Array(text.utf8)) else {
        XCTFail("Foundation refuses \(text)")
        continue
      }
      XCTAssertEqual(try XMLElement.read(text), theirs, "\(text) is another tree for Foundation")
    }
  }

  func testRandomMutationsNeverCrashAndWhatIsAcceptedFoundationReadsAlike() {
    var random = SeededGenerator(state: 5)
    var accepted = 0
    var refused = 0
    for _ in 0..<20_000 {
      let text = random.mutate(
        Array(randomElement(&random, depth: 3).utf8), alphabet: alphabet)
      let shown = String(decoding: text, as: UTF8.self)
      // Foundation's parser crashes on some malformed text and on an instruction without data, and
      // leaves line ends in CDATA as they are: it sees only what ours accepts, without those.
      guard let ours = try? XMLElement.read(text) else {
        refused += 1
        continue
      }
      let hasSection = shown.contains("CDATA")
      guard !shown.contains("<?"), !(hasSection && text.contains(0x0D)) else { continue }
      accepted += 1
      XCTAssertEqual(ours, foundationTree(of: text), "\(shown) is another tree for Foundation")
    }
    XCTAssertGreaterThan(accepted, 500, "too few mutations are still XML to prove anything")
    XCTAssertGreaterThan(refused, 2_000, "too few mutations break XML to prove anything")
  }

  private func randomElement(_ random: inout SeededGenerator, depth: Int) -> String {
    let name = random.pick(["a", "item", "b-1", "é", "x:b"])
    let attributes = ["k", "x:type", "z"].shuffled(using: &random)
      .prefix(Int.random(in: 0..<3, using: &random))
      .map { " \($0)=\"\(randomText(&random))\"" }.joined()
    var content = ""
    for _ in 0..<Int.random(in: 0..<5, using: &random) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0...2: content += randomText(&random)
      case 3: content += "<!-- \(random.pick(["", "x", "é - "])) -->"
      case 4: content += "<![CDATA[\(random.pick(["", "<b>&amp;", "]] >é"]))]]>"
      case 5: content += "<?p \(random.pick(["", "?", "<é>"]))?>"
      default: if depth > 0 { content += randomElement(&random, depth: depth - 1) }
      }
    }
    let space = " xmlns:x=\"urn:x\""
    return content.isEmpty
      ? "<\(name)\(space)\(attributes)/>" : "<\(name)\(space)\(attributes)>\(content)</\(name)>"
  }

  private func randomText(_ random: inout SeededGenerator) -> String {
    let parts = [
      "a", " ", "\n", "\t", "\r\n", "é", "😀", "&lt;", "&amp;", "&#10;", "&#x1F600;", ">",
    ]
    return (0..<Int.random(in: 0..<5, using: &random)).map { _ in random.pick(parts) }.joined()
  }
}
