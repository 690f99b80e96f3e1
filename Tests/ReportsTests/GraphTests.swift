import Document
import Foundation
import XCTest

@testable import Reports
@testable import TrueupCore

final class GraphTests: XCTestCase {
  private func graph(_ edges: [(String, String)]) -> ResourceGraph {
    let names = Set(edges.flatMap { [$0.0, $0.1] }).sorted()
    var report = Examples.report(.plan, [Examples.stack("acme")])
    report.plan.resources = names.map { name in
      Plan.Resource(
        address: Examples.address("acme-prod/\(name)"), type: "AWS::EC2::VPC",
        needs: edges.filter { $0.0 == name }.map {
          .init(address: Examples.address("acme-prod/\($0.1)"), because: .reference)
        })
    }
    return ResourceGraph(report)
  }

  private func pairs(_ graph: ResourceGraph) -> [String] {
    graph.edges.map { "\($0.from.resource)>\($0.to.resource)" }
  }

  func testAPictureLeavesOutWhatFollowsFromOtherReferences() {
    let whole = graph([("C", "B"), ("B", "A"), ("C", "A"), ("D", "A"), ("D", "C")])
    XCTAssertEqual(pairs(whole.reduced), ["B>A", "C>B", "D>C"])
  }

  func testACircleIsDrawnAndEndsNoWalk() {
    let circle = graph([("A", "B"), ("B", "C"), ("C", "A")])
    XCTAssertEqual(pairs(circle.reduced), ["A>B", "B>C", "C>A"])
    XCTAssertEqual(
      ReferenceTree(circle).nodes.count, 3, "every resource of a circle stands in the tree once")
  }

  func testATreeHoldsEveryResourceOnceAndSaysWhatElseItNeeds() {
    let whole = ResourceGraph(FleetExample.drift, stacks: ["beta-prod"])
    let tree = ReferenceTree(whole)
    XCTAssertEqual(tree.nodes.sorted(), whole.nodes.map(\.address).sorted())
    let markup = tree.markup.text
    XCTAssertTrue(
      markup.contains("and needs "), "a resource with several needs should name them:\n\(markup)")
  }

  func testAResourceOfAnotherStackIsNamedWithItsStack() {
    let change = Examples.change("web-prod/Store", "EC2::Subnet", .update, .pending)
    var report = Examples.report(
      .plan, [Examples.stack("web", changes: [change]), Examples.stack("core")])
    report.plan.resources = [
      Plan.Resource(address: Examples.address("core-prod/Net"), type: "AWS::EC2::VPC"),
      Plan.Resource(
        address: Examples.address("web-prod/Store"), type: "AWS::EC2::Subnet",
        needs: [
          .init(address: Examples.address("core-prod/Net"), because: .reference, path: "/VpcId")
        ]),
    ]
    XCTAssertTrue(
      GraphDOT.picture(of: "web-prod", in: report).contains(
        #""core-prod/Net" [label="core-prod/Net", class="same", "#),
      "a picture of one stack should name what lies in another by its address")
    XCTAssertTrue(
      GraphDOT.render(report).contains(
        #""web-prod/Store" -> "core-prod/Net" [tooltip="/VpcId"];"#),
      "the whole graph should hold the edge between the stacks")
  }

  func testADeletionPointsFromWhatHasToGoFirst() {
    let subnet = Examples.change(
      "acme-prod/Subnet", "EC2::Subnet", .delete, .removed,
      after: [.init(address: Examples.address("acme-prod/Host"), because: .deletion)])
    let host = Examples.change("acme-prod/Host", "EC2::Instance", .delete, .removed)
    let graph = ResourceGraph(
      Examples.report(.plan, [Examples.stack("acme", changes: [subnet, host])]))
    XCTAssertEqual(pairs(graph), ["Host>Subnet"])
  }

  func testGraphvizDrawsTheGraphsAndThePageHoldsThem() throws {
    _ = try Dot.svg([GraphDOT.render(FleetExample.plan), GraphDOT.render(Examples.nothingToDo)])
    let graphs = PlanHTML.graphs(FleetExample.drift)
    XCTAssertEqual(
      graphs.map(\.stack), ["acme-prod", "beta-prod"], "nothing differs in zeta-prod")
    let drawings = try Drawing.read(try Dot.svg(graphs.map(\.source)))
    XCTAssertEqual(drawings.count, 2, "a drawing per stack in which something differs")
    let page = PlanHTML.render(
      FleetExample.drift, at: FleetExample.now,
      pictures: Dictionary(uniqueKeysWithValues: zip(graphs.map(\.stack), drawings)),
      runs: FleetExample.runs)
    let elements = try PageElements(page)
    XCTAssertEqual(elements.all.count { $0.name == "svg" }, 2)
    let nodes = elements.all.filter {
      $0.name == "g" && ($0.attributes["class"] ?? "").hasPrefix("node")
    }
    XCTAssertEqual(nodes.count, 25, "what differs and its neighbours are drawn")
    XCTAssertFalse(
      elements.all.contains {
        $0.attributes["class"] == "graph" && $0.attributes["open"] != nil
      }, "graphs are folded")
    XCTAssertEqual(nodes.count { $0.attributes["class"] == "node update" }, 6)
    try writeForTheEye(page, "fleet-drift.html")
  }

  func testOnlyShapesAndTextAreTakenOverFromADrawing() throws {
    let drawing = try Drawing.read(
      """
      <?xml version="1.0"?><!DOCTYPE svg PUBLIC "x" "y">
      <svg viewBox="0 0 1 1" onload="alert(1)" xmlns:xlink="http://www.w3.org/1999/xlink">
      <script>alert(2)</script><style>@import "http://example.org"</style>
      <a xlink:href="javascript:alert(3)"><text>link</text></a>
      <image xlink:href="http://example.org/x.png"/><text x="1" onclick="alert(4)">a &lt;b&gt;</text>
      </svg>
      """)
    XCTAssertEqual(
      drawing.map(\.markup),
      ["<svg role=\"img\" viewBox=\"0 0 1 1\"><text x=\"1\">a &lt;b&gt;</text>\n</svg>\n"])
    XCTAssertThrowsError(try Drawing.read("<svg><g></svg>"), "what is no XML is refused")
  }

  /// With `TRUEUP_RECORD=1`: keeps a page that depends on Graphviz's version, and so is no golden, for
  /// a look in a browser.
  private func writeForTheEye(_ page: String, _ name: String) throws {
    guard ProcessInfo.processInfo.environment["TRUEUP_RECORD"] == "1" else { return }
    let directory = URL(filePath: ".build/reports")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try page.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
  }
}

extension ReferenceTree {
  fileprivate var nodes: [Address] {
    func all(_ branches: [Branch]) -> [Address] {
      branches.flatMap { [$0.node.address] + all($0.branches) }
    }
    return all(branches)
  }
}
