import Foundation
import XCTest

/// One type through its life: applied with every property, changed by hand, reset and destroyed.
class ConformanceFlow: EndToEndTestCase {
  /// Runs the flows of every so-and-so-many-th type, the longest first; `CONFORMANCE=AWS::EC2::VPC` runs
  /// that type alone.
  func checkTypes(_ shard: Int, of count: Int) throws {
    continueAfterFailure = true
    let wanted = ProcessInfo.processInfo.environment["CONFORMANCE"]
    var loads = [Int](repeating: 0, count: count)
    for conformance in try Conformance.all().sorted(by: { ($1.size, $0.type) < ($0.size, $1.type) })
    {
      let lightest = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      loads[lightest] += conformance.size + 2_000
      guard lightest == shard, wanted == nil || wanted == conformance.type else { continue }
      do {
        try endpoint.control("POST reset")
        try endpoint.configure(["verify": true])
        try TypeFlow(self, conformance).run()
      } catch {
        XCTFail("\(conformance.type): \(error)")
      }
      XCTAssertEqual(try endpoint.violations(), [], conformance.type)
    }
  }
}

/// The flow of one type.
private final class TypeFlow {
  let test: EndToEndTestCase
  let conformance: Conformance
  let workspace: Workspace
  var values: FoundValues

  init(_ test: EndToEndTestCase, _ conformance: Conformance) throws {
    self.test = test
    self.conformance = conformance
    workspace = try Workspace(try test.endpoint)
    values = FoundValues { try test.physicalID($0) }
  }

  func run() throws {
    for call in conformance.before { try make(call) }
    let resources = try values.filled(conformance.resources)
    try step("apply") {
      try write(resources)
      let validated = try workspace.trueup("validate")
      XCTAssertEqual(validated.code, 0, place("validate", validated.everything))
      try apply()
      try assertInSync("with a journal")
      try assertInSyncWithoutJournal()
    }
    if !conformance.drift.isEmpty { try step("change") { try change() } }
    if !conformance.reset.isEmpty { try step("reset") { try reset(resources) } }
    if let closing = try values.filled(conformance.closing) as? [String: Any] {
      try step("close") {
        try write((resources as? [String: Any] ?? [:]).merging(closing) { $1 })
        try apply()
      }
    }
    try step("destroy") { try destroy() }
  }

  private func step(_ name: String, _ body: () throws -> Void) throws {
    print("\(conformance.type): \(name)")
    do { try body() } catch { throw HarnessError("\(name): \(error)") }
  }

  private func place(_ step: String, _ text: String) -> String {
    "\(conformance.type), \(step): \(text)"
  }

  // MARK: Calls of others

  private func make(_ call: Conformance.Call) throws {
    let input = try values.filled(call.input) as? [String: Any] ?? [:]
    let reply = try test.endpoint.aws(call.service, call.operation, input, find: call.find)
    for name in call.find.keys { try values.add(name, reply[name].value) }
  }

  // MARK: Steps

  private func write(_ resources: Any) throws {
    let text = JSON(resources).description
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(String(text.dropFirst().dropLast())))
    try workspace.write("desired-state/clients/acme-prod.jsonc", Fixtures.manifest("acme"))
    try workspace.commit("A step")
  }

  private func apply() throws {
    let applied = try workspace.start(["apply", "--yes", "--format", "json"]).finish()
    XCTAssertEqual(applied.code, 0, place("apply", applied.everything))
  }

  private func assertInSync(_ step: String) throws {
    let planned = try workspace.trueup("plan", "--format", "json")
    XCTAssert(
      try planned.code == 0 && Report(planned).changes.isEmpty, place(step, planned.everything))
  }

  private func assertInSyncWithoutJournal() throws {
    let aside = workspace.root.appendingPathComponent("aside")
    let journal = workspace.root.appendingPathComponent(".trueup")
    try FileManager.default.moveItem(at: journal, to: aside)
    try assertInSync("without a journal")
    // A plan may have made one, or not.
    try? FileManager.default.removeItem(at: journal)
    try FileManager.default.moveItem(at: aside, to: journal)
  }

  /// Makes the changes, and asserts that exactly these are told, and put right.
  private func change() throws {
    for call in conformance.drift.flatMap(\.before) { try make(call) }
    for call in conformance.drift.flatMap(\.changes).map(\.call) { try make(call) }
    var seen = try workspace.trueup("drift", "--format", "json")
    // What somebody has started is let go to its end.
    for _ in 0..<20 where try Report(seen).changes.contains(where: { $0.action == "stalled" }) {
      usleep(300_000)
      seen = try workspace.trueup("drift", "--format", "json")
    }
    XCTAssertEqual(seen.code, 2, place("drift", seen.everything))
    let changes = try Report(seen).changes
    XCTAssertEqual(
      changes.map(\.resource).sorted(), conformance.drift.map(\.resource).sorted(),
      place("what differs", seen.everything))
    for drift in conformance.drift {
      let change = changes.first { $0.resource == drift.resource }
      XCTAssertEqual(change?.cause, "drift", place(drift.resource, seen.everything))
      XCTAssertEqual(change?.action, "update", place(drift.resource, seen.everything))
      let properties = (change?.paths ?? []).compactMap {
        $0.split(separator: "/").first.map(String.init)
      }
      // The tags of a type may be a property of another name.
      let told = drift.changes.flatMap(\.told).map {
        $0.hasSuffix("Tags") && !properties.contains($0) ? "Tags" : $0
      }
      XCTAssertEqual(
        Set(properties).sorted(), Set(told).sorted(), place(drift.resource, seen.everything))
    }
    try assertAllChanged(
      conformance.drift.filter { conformance.own.contains($0.resource) }
        .flatMap { $0.changes.flatMap(\.told) })
    try apply()
    try assertInSync("after the changes were put right")
  }

  /// Asserts that no property that can be changed was forgotten.
  private func assertAllChanged(_ told: [String]) throws {
    let kind = try Self.kind(conformance.type, workspace)
    let fixed =
      ["unsupported", "notReadable"].flatMap { kind[$0].array }
      .compactMap { $0["path"].string } + kind["replacedBy"].array.compactMap(\.string)
    let mutable = try Registry().properties(of: conformance.type).filter { path in
      path.split(separator: "/").count == 1 && !fixed.contains(path)
    }
    let tried = Set(told.map { "/" + $0 })
    XCTAssertEqual(
      mutable.subtracting(tried).subtracting(conformance.notChanged.keys).sorted(), [],
      place("changes", "properties that can be changed and were not"))
    XCTAssertEqual(
      conformance.notChanged.keys.filter { !mutable.contains($0) || tried.contains($0) }, [],
      place("changes", "properties that need no reason"))
  }

  /// Takes out of the resources what can be changed and is not required, by the registry or by AWS itself.
  private func reset(_ resources: Any) throws {
    var bare = resources as? [String: Any] ?? [:]
    let kind = try Self.kind(conformance.type, workspace)
    let required = try Registry().required(conformance.type)
    let fixed = kind["replacedBy"].array.compactMap(\.string)
    var taken: [String: Set<String>] = [:]
    for name in conformance.reset {
      guard var resource = bare[name] as? [String: Any],
        let properties = resource["Properties"] as? [String: Any]
      else { throw HarnessError("there is no resource \(name) with properties") }
      let kept = properties.filter { property, _ in
        fixed.contains("/" + property) || required.contains(property)
          || conformance.essential.contains(property)
      }
      taken[name] = Set(properties.keys).subtracting(kept.keys)
      resource["Properties"] = kept
      bare[name] = resource
    }
    try write(bare)
    let planned = try workspace.trueup("plan", "--format", "json")
    let report = try Report(planned)
    XCTAssertEqual(
      report.changes.map(\.resource).sorted(), conformance.reset.sorted(),
      place("what is reset", planned.everything))
    for name in conformance.reset {
      let change = report.change(name)
      XCTAssertEqual(change?.action, "update", place(name, planned.everything))
      XCTAssertEqual(change?.cause, "pending", place(name, planned.everything))
      let left = report.json["stacks"][0]["notChecked"].array
        .filter { $0["address"].string == "acme-prod/" + name }.compactMap { $0["path"].string }
      let told = Set(
        ((change?.paths ?? []) + left).compactMap {
          $0.split(separator: "/").first.map(String.init)
        })
      let expected = (taken[name] ?? []).filter {
        conformance.silent["\(name)/\($0)"] == nil && !told.contains($0)
          // The tags of a type may be a property of another name.
          && !(told.contains("Tags") && $0.hasSuffix("Tags"))
      }
      XCTAssertEqual(
        expected.sorted(), [], place("reset of \(name), taken out and not told", planned.everything)
      )
    }
    try apply()
    try assertInSync("after the reset")
  }

  /// Destroys the stack, and asserts that nothing of it is left.
  private func destroy() throws {
    try workspace.edit(
      "desired-state/clients/acme-prod.jsonc", "\"client\"",
      "\"destroy\": { \"data\": \"delete\" }, \"client\"")
    try workspace.commit("Let acme go")
    let destroyed = try workspace.start(
      ["apply", "--yes", "--allow-deletes", "100", "--allow-replaces", "100"]
    ).finish()
    XCTAssertEqual(destroyed.code, 0, place("destroy", destroyed.everything))
    let left = try test.endpoint.aws(
      "resourcegroupstaggingapi", "get_resources", ["TagFilters": [["Key": "trueup:stack"]]])
    let remains = conformance.remains.map(\.parts) ?? []
    XCTAssertEqual(
      left["ResourceTagMappingList"].array.compactMap { $0["ResourceARN"].string }.filter { arn in
        !remains.contains { arn.contains($0) }
      }, [], place("destroy", "what is left"))
    let planned = try workspace.trueup("plan", "--format", "json")
    XCTAssertEqual(
      try Report(planned).changes.map(\.resource), [], place("the end", planned.everything))
  }

  private static func kind(_ type: String, _ workspace: Workspace) throws -> JSON {
    let kinds = try JSON(parsing: workspace.trueup("kinds", "--format", "json").output)["kinds"]
    guard let kind = kinds.array.first(where: { $0["type"].string == type }) else {
      throw HarnessError("the catalog has no \(type)")
    }
    return kind
  }
}
