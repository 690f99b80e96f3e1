import XCTest

/// A client comes and goes.
final class OnboardingTests: EndToEndTestCase {
  private let manifest = "desired-state/clients/nova-dev.jsonc"

  private func examples() throws -> Workspace {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    return workspace
  }

  func testANewClientConvergesAndIsRemovedWithinItsBudget() throws {
    let workspace = try examples()
    let onboarded = try workspace.trueup("onboard", "nova", "dev", "--blueprint", "base")
    XCTAssertEqual(onboarded.code, 0, onboarded.everything)
    XCTAssert(onboarded.output.contains("Wrote \(manifest)"), onboarded.output)
    XCTAssert(onboarded.output.contains("trueup plan --client nova --environment dev"))
    try workspace.commit("Onboard nova-dev")
    let planned = try report(workspace, "plan", "--client", "nova", exits: 2)
    XCTAssertEqual(Set(planned.changes.map(\.action)), ["create"])
    try converge(workspace)

    let text = try workspace.read(manifest)
    XCTAssert(text.contains("\"$schema\": \"../.schemas/manifest.json\""), text)
    let off = try workspace.trueup("offboard", "nova", "dev", "--format", "json")
    XCTAssertEqual(off.code, 0, off.everything)
    let said = try JSON(parsing: off.output)
    let edited = try workspace.read(manifest)
    XCTAssertEqual(
      edited.replacingOccurrences(
        of: "  \"destroy\": { \"data\": \"retain\", \"resources\": 7 },\n", with: ""), text)
    try workspace.edit(manifest, "\"resources\": 7", "\"resources\": 6")
    try workspace.commit("Offboard nova-dev, with one too few")
    let refused = try workspace.trueup("apply", "--yes", "--client", "nova")
    XCTAssertEqual(refused.code, 3, "the deletions are over the limit: \(refused.everything)")
    try workspace.edit(manifest, "\"resources\": 6", "\"resources\": 7")
    try workspace.commit("Offboard nova-dev")
    let removal = try report(workspace, "apply", "--yes", "--client", "nova", exits: 0)
    XCTAssertEqual(
      removal.changes.filter { $0.action == "delete" }.map(\.resource).sorted(),
      said["deleted"].array.compactMap { $0["resource"].string }.sorted(),
      "what offboard foretold is what is deleted")
    XCTAssertEqual(
      removal.changes.filter { $0.action == "update" }.map(\.resource).sorted(),
      said["kept"].array.compactMap { $0["resource"].string }.sorted())
    try assertInSync(workspace)
  }

  func testNothingIsOverwrittenAndNothingInvalidIsWritten() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    let cases: [(reason: String, code: Int, message: String, arguments: [String])] = [
      ("a manifest is there", 3, "is there already", ["zeta", "dev", "--blueprint", "base"]),
      ("no blueprint is named", 1, "--blueprint NAME", ["nova", "dev"]),
      ("it is misspelled", 1, "did you mean \"base\"", ["nova", "dev", "--blueprint", "bse"]),
      ("its environment is unknown", 1, "must be one of", ["nova", "qa", "--blueprint", "base"]),
    ]
    for (reason, code, message, arguments) in cases {
      let finished = try workspace.start(["onboard"] + arguments).finish()
      XCTAssertEqual(finished.code, code, "\(reason): \(finished.everything)")
      XCTAssert(finished.errors.contains(message), "\(reason): \(finished.errors)")
    }
    XCTAssertThrowsError(try workspace.read("desired-state/clients/nova-qa.jsonc"))
    let unknown = try workspace.trueup("offboard", "zeto", "dev")
    XCTAssertEqual(unknown.code, 1)
    XCTAssert(unknown.errors.contains("did you mean \"zeta-dev\""), unknown.errors)
  }
}
