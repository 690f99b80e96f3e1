import Document
import XCTest

@testable import TrueupCore

final class StackSnapshotTests: XCTestCase {
  private let scope = Scope(account: "123456789012", region: "us-east-1")

  private var stack: StackSnapshot {
    StackSnapshot(
      id: StackID(project: "fleet", client: "acme", environment: "prod"),
      account: "123456789012", region: "us-east-1",
      resources: [
        StackSnapshot.Resource(
          logicalID: "Net", type: "Test::Net", id: "net-2", scope: scope,
          properties: ["Cidr": "10.0.0.0/16", "Note": .null, "Password": StackSnapshot.secret],
          tags: ["trueup:stack": "fleet/acme-prod", "Token": StackSnapshot.secret],
          unread: ["/Rules"], createdAt: 12.5, transition: "deleting"),
        StackSnapshot.Resource(
          logicalID: nil, type: "Test::Role", id: "r",
          scope: Scope(account: "123456789012", region: nil), createdAt: 7),
      ],
      facts: [
        .availabilityZones(account: "123456789012", region: "us-east-1"): ["a", "b"],
        .parameter(name: "/ami", isList: false, account: "123456789012", region: "us-east-1"):
          "ami-1",
      ])
  }

  func testASnapshotReadsBackAsItWasWritten() throws {
    var read = try StackSnapshot(try JSON.read(stack.document.json(indent: 2)))
    read.resources.sort { $0.id < $1.id }
    XCTAssertEqual(read, stack)
  }

  func testTheOrderOfResourcesDoesNotShow() {
    var turned = stack
    turned.resources.reverse()
    XCTAssertEqual(turned.document.json(indent: 2), stack.document.json(indent: 2))
  }

  func testWhatIsNoSnapshotIsRefused() {
    let cases: [(Document, SnapshotError)] = [
      ([:], .malformed(member: "formatVersion")),
      (["formatVersion": 9], .unsupportedVersion(9)),
      (["formatVersion": 1, "project": "p"], .malformed(member: "client")),
    ]
    for (document, expected) in cases {
      XCTAssertThrowsError(try StackSnapshot(document)) {
        XCTAssertEqual($0 as? SnapshotError, expected)
      }
    }
  }

  func testSecretsAndWhatWasNotReadAreNotCompared() throws {
    let world = Snapshot([stack, stack], catalog: Catalog([]))
    let found = world.resources(ofType: "Test::Net", in: scope)
    XCTAssertEqual(found.count, 1, "a resource that two files hold is one")
    let net = try XCTUnwrap(found.first)
    XCTAssertEqual(net.properties, ["Cidr": "10.0.0.0/16"])
    XCTAssertEqual(net.tags, ["trueup:stack": "fleet/acme-prod", "Token": "(secret)"])
    XCTAssertEqual(Set(net.unread.keys), ["/Rules", "/Password"])
    XCTAssertEqual(world.facts.count, 2)
  }
}
