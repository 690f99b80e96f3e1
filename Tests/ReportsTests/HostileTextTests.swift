import Document
import Foundation
import XCTest

@testable import Reports
@testable import TrueupCore

/// Names, tags, values and errors come from outside: wherever they are shown, they mean nothing.
final class HostileTextTests: XCTestCase {
  private static let hostile =
    #"</title></style><script>alert("x")</script><img src=x onerror='y'>"#
    + " ```\n| @everyone #1 [a](javascript:1) <!-- --> &lt; \\N \\\" \u{1B}[2J \u{FFFE} end"

  private static let secret = "s3cr3t-value"

  private static let report: RunReport = {
    let change = Change(
      address: Address(stack: "acme-prod", resource: hostile), type: hostile, id: hostile,
      action: .update, cause: .drift, reason: hostile,
      differences: [
        Examples.difference(
          PropertyPath(["Tags", hostile]), desired: .string(hostile),
          observed: .string("`" + hostile), .update, .drift),
        Examples.difference(
          "/SecretString", desired: .secret(nil), observed: .secret(nil), .update, .drift),
      ], since: 1)
    var stack = Examples.stack("acme", changes: [change])
    stack.account = hostile
    stack.error = hostile
    stack.notChecked = [NotChecked(address: change.address, path: "/A", reason: hostile)]
    var report = Examples.report(.drift, [stack], refusals: ["acme-prod": hostile])
    report.plan.resources = [
      Plan.Resource(
        address: change.address, type: hostile,
        needs: [.init(address: Address(stack: hostile, resource: hostile), because: .reference)])
    ]
    return report
  }()

  private static let runs = [
    PastRun(
      id: hostile, command: hostile, time: 1, seconds: 1, revision: hostile, isDirty: false,
      user: hostile, outcome: hostile,
      changes: [
        HistoryEntry(
          time: 1, run: hostile, stack: hostile, resource: hostile, action: hostile,
          cause: hostile, outcome: hostile, error: hostile, calls: 1, seconds: 1)
      ])
  ]

  private static let elements: Set = [
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2", "h3",
    "p", "div", "span", "strong", "small", "code", "a", "ul", "ol", "li", "details", "summary",
    "table", "thead", "tbody", "tr", "th", "td", "time", "wbr", "svg", "g", "path", "polygon",
    "text",
  ]
  private static let attributes: Set = [
    "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "open", "datetime",
    "data-side", "role", "viewBox", "transform", "points", "d", "x", "y", "fill", "stroke",
    "text-anchor", "font-size", "width", "height", "stroke-dasharray",
  ]

  func testNothingFromOutsideIsMarkupInAPage() throws {
    let graphs = PlanHTML.graphs(Self.report)
    let drawings = try Drawing.read(try Dot.svg(graphs.map(\.source)))
    let pictures = Dictionary(uniqueKeysWithValues: zip(graphs.map(\.stack), drawings))
    let pages = [
      PlanHTML.render(Self.report, at: 2, options: [Self.hostile], runs: Self.runs),
      PlanHTML.render(Self.report, at: 2, pictures: pictures, runs: Self.runs),
      HistoryHTML.render(Self.runs, at: 2),
    ]
    for page in pages {
      for element in try PageElements(page).all {
        XCTAssertTrue(Self.elements.contains(element.name), "unexpected <\(element.name)>")
        for (name, value) in element.attributes {
          XCTAssertTrue(Self.attributes.contains(name), "unexpected \(name) of <\(element.name)>")
          if name == "href" {
            XCTAssertTrue(value.hasPrefix("#"), "\(value) leads out of the page")
          }
        }
      }
    }
  }

  func testAPageLoadsNothing() {
    for page in [
      PlanHTML.render(FleetExample.drift, at: FleetExample.now, runs: FleetExample.runs),
      HistoryHTML.render(FleetExample.runs, at: FleetExample.now),
    ] {
      for word in ["http://", "https://", "src=", "url(", "@import", "<link", "<script"] {
        XCTAssertFalse(page.contains(word), "the page should do without \(word)")
      }
    }
  }

  func testNothingFromOutsideIsMarkupInAComment() throws {
    for text in [PlanMarkdown.render(Self.report), HistoryMarkdown.render(Self.runs)] {
      XCTAssertTrue(text.hasPrefix("<!-- trueup:"), "the marker comes first")
      let bare = withoutCode(text)
      for word in ["<script", "<img", "@everyone", "#1 ", "](javascript", "```"] {
        XCTAssertFalse(bare.contains(word), "\(word) should only stand in code:\n\(bare)")
      }
      XCTAssertEqual(
        bare.components(separatedBy: "<!--").count, 2, "the marker is the only comment:\n\(bare)")
    }
  }

  /// What is left when code spans and fenced blocks are taken out, as CommonMark reads them.
  private func withoutCode(_ text: String) -> String {
    var lines: [String] = []
    var fence: String?
    for line in text.components(separatedBy: "\n") {
      if let open = fence {
        if line == open { fence = nil }
      } else if line.hasPrefix("```"), !line.drop(while: { $0 == "`" }).contains("`") {
        fence = String(line.prefix { $0 == "`" })
      } else {
        lines.append(line)
      }
    }
    XCTAssertNil(fence, "every fenced block should be closed")
    var rest = lines.joined(separator: "\n")[...]
    var bare = ""
    while let character = rest.first {
      guard character == "`" else {
        bare.append(character)
        rest = rest.dropFirst()
        continue
      }
      let run = rest.prefix { $0 == "`" }
      rest = rest.dropFirst(run.count)
      var close = rest.startIndex
      while close < rest.endIndex {
        let found = rest[close...].prefix { $0 == "`" }
        if found.count == run.count { break }
        close = found.isEmpty ? rest.index(after: close) : found.endIndex
      }
      guard close < rest.endIndex else {
        XCTFail("a code span is not closed: \(run)\(rest.prefix(80))")
        return bare
      }
      rest = rest[close...].dropFirst(run.count)
    }
    return bare
  }

  func testAGraphShowsNamesAsTheyAre() throws {
    let svg = try Dot.svg([GraphDOT.render(Self.report)])
    XCTAssertTrue(
      svg.contains(#"&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;"#),
      "the name as text:\n\(svg)")
    XCTAssertTrue(svg.contains(#"&amp;lt; \N \&quot;"#), "neither entities nor escapes:\n\(svg)")
    let mermaid = GraphMermaid.render(Self.report)
    for line in mermaid.split(separator: "\n") where line.contains("[\"") {
      let label = line.split(separator: "[\"", maxSplits: 1)[1].split(separator: "\"]")[0]
      let text = label.replacing("<br/>", with: "")
      XCTAssertFalse(
        text.contains { "\"<>&`\\[]{}|@\u{1B}".contains($0) }, "a label should be inert: \(label)")
    }
  }

  func testSecretsAreInNoReport() throws {
    let value = Value.object(of: [
      "SecretString": .secret(SecretReference(stack: "acme-prod", parameter: Self.secret))
    ])
    var report = Self.report
    report.plan.stacks[0].changes[0].differences = [
      Examples.difference(
        "/Properties", desired: value.redacted, observed: ["SecretString": .secret(nil)],
        .update, .drift)
    ]
    for text in [
      PlanMarkdown.render(report), PlanHTML.render(report, at: 1), GraphDOT.render(report),
      GraphMermaid.render(report),
    ] {
      XCTAssertFalse(text.contains(Self.secret), "a secret leaked:\n\(text)")
      XCTAssertFalse(text.contains("\"secret\""), "a secret's mark should read (secret)")
    }
  }
}
