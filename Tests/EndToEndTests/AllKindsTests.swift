import Foundation
import XCTest

/// A stack of every kind: replaced where AWS cannot change it, and taken away, each thing before what it
/// lies in.
final class AllKindsTests: EndToEndTestCase {
  func testEveryKindIsReplacedAndGoesInAnOrderThatAWSAccepts() throws {
    continueAfterFailure = true
    let workspace = try workspace(of: 1)
    try converge(workspace)
    try workspace.write("desired-state/blueprints/base.jsonc", try Self.blueprint(2))
    try workspace.commit("Another generation")
    let planned = try report(workspace, "plan", exits: 2)
    for conformance in try Conformance.all() {
      let change = planned.change(conformance.stack["name"].string ?? "")
      let becomes = conformance.stack["becomes"].string
      XCTAssertEqual(
        change?.action, becomes == "nothing" ? nil : becomes,
        "\(conformance.type): \(change?.json["reason"].string ?? "")")
    }
    let allowed = ["apply", "--yes", "--allow-deletes", "100", "--allow-replaces", "100"]
    let refused = try workspace.start(allowed).finish()
    XCTAssertEqual(refused.code, 3, "what holds data is replaced: \(refused.everything)")
    let data = planned.changes.filter { $0.json["losesData"].bool == true }.map(\.resource)
    XCTAssertGreaterThan(data.count, 3, "\(data)")
    let replaced = try workspace.start(
      allowed + data.flatMap { ["--allow-data-loss", "acme-prod/\($0)"] }
    ).finish()
    XCTAssertEqual(replaced.code, 0, replaced.everything)
    // The new gateway takes the address of the old one, so that routes lead nowhere meanwhile.
    try assertOrder(replaced.everything, besides: "Nat")
    try assertInSync(workspace)

    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"client\"",
      "\"destroy\": { \"data\": \"delete\" }, \"client\"")
    try workspace.commit("Let acme go")
    let destroyed = try workspace.trueup(
      "apply", "--yes", "--allow-deletes", "100", "--allow-replaces", "100")
    XCTAssertEqual(destroyed.code, 0, destroyed.everything)
    try assertOrder(destroyed.everything)
    let left = try endpoint.aws(
      "resourcegroupstaggingapi", "get_resources", ["TagFilters": [["Key": "trueup:stack"]]])
    let arns = left["ResourceTagMappingList"].array.compactMap { $0["ResourceARN"].string }
    let remains = try Conformance.all().flatMap { $0.remains?.parts ?? [] }
    XCTAssertEqual(
      arns.filter { arn in !remains.contains { arn.contains($0) } }, [],
      "only what AWS shows for some time after it was deleted is left")
    XCTAssertEqual(try report(workspace, "plan", exits: 0).changes.map(\.resource), [])
  }

  /// Of what refers to another resource, the old goes before the other's old one.
  private func assertOrder(_ output: String, besides first: String? = nil) throws {
    let lines = output.split(separator: "\n").map(String.init)
    func line(_ resource: String, _ word: String) -> Int? {
      lines.firstIndex { $0.contains(" acme-prod/\(resource) \(word)") }
    }
    var checked = 0
    for (resource, text) in try Self.references(try Self.blueprint(1)) {
      // A policy that names roles is named by them as well: each is detached before it goes.
      for needed in text where needed != first && resource != "Managed" {
        guard let gone = line(resource, "deleted"), let begun = line(needed, "deleting") else {
          continue
        }
        XCTAssertLessThan(gone, begun, "\(resource) goes before \(needed):\n\(output)")
        checked += 1
      }
    }
    XCTAssertGreaterThan(checked, 15, "the output tells what was deleted:\n\(output)")
  }

  /// The resources that each one refers to.
  private static func references(_ blueprint: String) throws -> [String: Set<String>] {
    let resources = try JSON(parsing: blueprint)["Resources"]
    var references: [String: Set<String>] = [:]
    for name in resources.keys {
      let text = resources[name].description
      references[name] = Set(
        resources.keys.filter { other in
          other != name
            && (text.contains("\"Ref\":\"\(other)\"") || text.contains("[\"\(other)\","))
        })
    }
    return references
  }

  private func workspace(of generation: Int) throws -> Workspace {
    let workspace = try Workspace(try endpoint)
    try workspace.write("desired-state/blueprints/base.jsonc", try Self.blueprint(generation))
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("Every kind")
    return workspace
  }

  /// The resource of each type, as its file has it.
  ///
  /// - Parameter generation: whatever is create-only depends on it.
  private static func blueprint(_ generation: Int) throws -> String {
    var resources: [String: Any] = [:]
    for conformance in try Conformance.all() {
      let stack = conformance.stack
      let later = generation > 1 ? stack["second"] : JSON(nil)
      var resource = stack["more"].value as? [String: Any] ?? [:]
      resource["Type"] = conformance.type
      resource["Properties"] = later.value ?? stack["first"].value
      resources[stack["name"].string ?? ""] = resource
    }
    return JSON(["Resources": resources]).description
  }
}
