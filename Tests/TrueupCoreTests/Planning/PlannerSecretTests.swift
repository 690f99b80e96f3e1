import Document
import XCTest

@testable import TrueupCore

/// Values that AWS keeps to itself, compared by what proves them.
final class PlannerSecretTests: XCTestCase {
  /// Shows of its value `proof of …`, where it has a salt.
  private struct Vault: Kind {
    let type = "Test::Vault"
    let facts = TypeFacts(
      Identity(ref: "VaultId"),
      properties: [
        "/Value": .proven.notResettable("a vault keeps its value")
      ])

    func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
    func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
    func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("a toy carries nothing out") }

    func proof(of property: String, _ value: Document, in observed: Observed) -> Document? {
      observed.tags["salt"] == nil ? nil : value.string.map { .string("proof of \($0)") }
    }
  }

  private static let token = Value.secret(SecretReference(stack: "acme-prod", parameter: "Token"))

  private func plan(
    _ value: Value? = token, source: String? = "a", isGenerated: Bool = false,
    current: String? = "a", applied: String? = "a", salt: Bool = true
  ) throws -> Plan.Stack {
    let address = Address(stack: "acme-prod", resource: "Vault")
    let vault = DesiredResource(
      address: address, type: "Test::Vault", scope: Fleet.scope,
      properties: .object(of: value.map { ["Value": $0] } ?? [:]), tags: [:],
      location: Fleet.location)
    var stack = Fleet.stack("acme", [vault])
    if isGenerated { stack.secretSources["Token"] = .generate(length: 20) }
    var observed = Observed(
      type: "Test::Vault", id: "v", scope: Fleet.scope, properties: .object([:]),
      tags: OwnershipTags.owner(stack.id, resource: "Vault"))
    if let current { observed.properties = ["Value": .string("proof of \(current)")] }
    if salt { observed.tags["salt"] = "s" }
    observed.applied = applied.map { ["Value": .string("proof of \($0)")] } ?? [:]
    let base = Base.Resource(
      type: "Test::Vault", id: "v", scope: Fleet.scope, properties: ["Value": .secret(nil)],
      tags: OwnershipTags.owner(stack.id, resource: "Vault"))
    let planner = Planner(
      catalog: Catalog([Vault()]), desired: Fleet.desired([stack]),
      snapshot: Snapshot(
        resources: [Snapshot.Key(scope: Fleet.scope, type: "Test::Vault"): [observed]]),
      evidence: Evidence(base: Base(resources: [address: base])),
      options: Planner.Options(secret: { _ in source }))
    return try XCTUnwrap(planner.plan().stacks.first)
  }

  func testWhoMovedIsToldByWhatAWSKeepsOfTheLastChange() throws {
    let cases: [(source: String, current: String?, applied: String?, cause: Cause?)] = [
      ("a", "a", "a", nil), ("a", "a", "b", nil), ("b", "a", "a", .pending),
      ("a", "b", "a", .drift), ("c", "b", "a", .conflict), ("b", "a", nil, .unknown),
      ("a", nil, "a", .drift),
    ]
    for (source, current, applied, cause) in cases {
      let stack = try plan(source: source, current: current, applied: applied)
      let what =
        "\(source) at its source, \(current ?? "nothing") in AWS, \(applied ?? "nothing") applied"
      XCTAssertEqual(stack.changes.map(\.cause), cause.map { [$0] } ?? [], what)
      for difference in stack.changes.flatMap(\.differences) {
        XCTAssertEqual(difference.desired, .secret(nil), what)
        XCTAssertEqual(difference.observed, .secret(nil), what)
      }
    }
  }

  func testAValueThatNothingCanProveIsWrittenAgain() throws {
    XCTAssertEqual(try plan(salt: false).changes.map(\.action), [.update])
  }

  func testWithoutItsSourceItIsNotChecked() throws {
    let stack = try plan(source: nil, current: "b")
    XCTAssertEqual(stack.changes, [])
    XCTAssertEqual(stack.notChecked.map(\.reason), ["no source for Token here"])
  }

  func testAGeneratedValueIsMadeOnlyWhereThereIsNone() throws {
    let there = try plan(source: nil, isGenerated: true, current: "b")
    XCTAssertEqual(there.changes, [])
    XCTAssertEqual(there.notChecked, [], "there is nothing to check")
    let missing = try plan(source: nil, isGenerated: true, current: nil)
    XCTAssertEqual(missing.changes.map(\.action), [.update])
  }

  func testALiteralIsHiddenAsWell() throws {
    let stack = try plan(.string("b"))
    XCTAssertEqual(stack.changes.flatMap(\.differences).map(\.desired), [.secret(nil)])
  }

  func testAValueThatIsNoLongerDeclaredIsLeft() throws {
    let stack = try plan(nil)
    XCTAssertEqual(stack.changes, [])
    XCTAssertEqual(stack.notChecked.map(\.reason), ["left as is: a vault keeps its value"])
  }
}
