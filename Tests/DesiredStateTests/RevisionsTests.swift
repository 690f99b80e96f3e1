import TrueupCore
import XCTest

@testable import DesiredState

/// Single stacks at earlier revisions.
final class RevisionsTests: XCTestCase {
  private static let unknown = String(repeating: "0", count: 40)

  private static func manifest(
    _ client: String, range: String, blueprint: String = #""network""#
  ) -> String {
    """
    { "client": "\(client)", "environment": "prod", "blueprint": \(blueprint),
      "parameters": { "Range": "\(range)" } }
    """
  }

  private static func network(_ id: String = "Vpc", _ sections: String = "") -> String {
    """
    { "Metadata": { "Trueup": { "Unique": ["Range"], "DisjointCidrs": ["Range"] } },
      "Parameters": { "Range": { "Type": "String" } }, \(sections)
      "Resources": { "\(id)": { "Type": "AWS::EC2::VPC",
        "Properties": { "CidrBlock": { "Ref": "Range" } } } } }
    """
  }

  private static func exporting(_ id: String = "Vpc") -> String {
    network(
      id,
      #""Outputs": { "Vpc": { "Value": { "Ref": "\#(id)" }, "Export": { "Name": "vpc" } } },"#)
  }

  private static func user(_ value: String) -> String {
    """
    { "Parameters": { "Range": { "Type": "String" } },
      "Resources": { "Subnet": { "Type": "AWS::EC2::Subnet", "Properties": {
        "CidrBlock": { "Ref": "Range" }, "VpcId": \(value) } } } }
    """
  }

  private func revisions(_ repository: GitDirectory, _ directory: String = "state") -> Revisions {
    Revisions(directory: "\(repository.path)/\(directory)", compiler: Compiler(catalog: .toys))
  }

  private func start(_ repository: GitDirectory) throws -> String {
    try repository.commit([
      "state/fleet.jsonc": Fixture.fleet, "state/blueprints/network.jsonc": Self.network(),
      "state/clients/acme-prod.jsonc": Self.manifest("acme", range: "10.0.0.0/16"),
      "state/clients/beta-prod.jsonc": Self.manifest("beta", range: "10.1.0.0/16"),
    ])
  }

  /// `acme-prod/Vpc=10.0.0.0/16`, or the errors.
  private func summary(
    _ revisions: Revisions, _ stacks: Set<String>, at revision: String
  ) throws -> String {
    let compilation = try revisions.compile(stacks, at: revision)
    guard let desired = compilation.desired else {
      return compilation.errors.map(\.message).joined(separator: "; ")
    }
    return desired.stacks.flatMap(\.resources).map { resource in
      let values = resource.properties.members?.sorted { $0.key < $1.key }.map {
        $0.value.document?.string ?? $0.value.references.map(\.reference.text).joined()
      }
      return "\(resource.address)=\(values?.joined(separator: ",") ?? "")"
    }.joined(separator: " ")
  }

  private func assertThrows(
    _ revisions: Revisions, at revision: String, line: UInt = #line,
    _ isExpected: (DesiredStateError) -> Bool
  ) {
    XCTAssertThrowsError(try revisions.compile(["acme-prod"], at: revision), line: line) { error in
      let isAsExpected = (error as? DesiredStateError).map(isExpected) ?? false
      XCTAssertTrue(isAsExpected, "\(error)", line: line)
    }
  }

  func testStacksAreCompiledAsTheyWereWhateverElseIsWrong() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    let second = try repository.commit([
      "state/clients/acme-prod.jsonc": Self.manifest("acme", range: "10.1.0.0/16"),
      "state/clients/beta-prod.jsonc": Self.manifest("beta", range: "10.1.0.0/16"),
      "state/clients/gamma-prod.jsonc": "{ nonsense",
      "state/blueprints/other.jsonc": "{ nonsense",
    ])
    try repository.commit(["state/clients/acme-prod.jsonc": nil])
    let revisions = revisions(repository)
    for (stacks, revision, expected) in [
      (["acme-prod"], first, "acme-prod/Vpc=10.0.0.0/16"),
      (["beta-prod", "acme-prod"], first, "acme-prod/Vpc=10.0.0.0/16 beta-prod/Vpc=10.1.0.0/16"),
      // They overlap, which is a matter of the fleet and not of what was applied.
      (["beta-prod", "acme-prod"], second, "acme-prod/Vpc=10.1.0.0/16 beta-prod/Vpc=10.1.0.0/16"),
      (["delta-prod", "beta-prod"], second, "beta-prod/Vpc=10.1.0.0/16"),
      (["delta-prod"], second, ""),
      (["gamma-prod"], second, "expected a key in double quotes, found 'n'"),
      (["../fleet", "acme-prod\n", ""], second, ""),
    ] {
      XCTAssertEqual(try summary(revisions, Set(stacks), at: revision), expected, "\(stacks)")
    }
  }

  func testWithoutStacksTheFleetIsTold() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    let second = try repository.commit([
      "state/fleet.jsonc": Fixture.fleet.replacing("cosyworld", with: "otherworld")
    ])
    let revisions = revisions(repository)
    XCTAssertEqual(try revisions.compile([], at: first).desired?.project, "cosyworld")
    XCTAssertEqual(try revisions.compile([], at: second).desired?.project, "otherworld")
    XCTAssertEqual(try revisions.compile([], at: second).desired?.stacks, [])
  }

  func testOnlyCommitsThatGitHasAreKnown() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    let revisions = revisions(repository)
    for revision in [
      Self.unknown, "main", "HEAD", String(first.prefix(12)), "", "\(first)\n", "\(first)~0",
      String(repeating: "0", count: 64),
    ] {
      assertThrows(revisions, at: revision) {
        if case .unknownRevision(revision, _) = $0 { true } else { false }
      }
    }
    let blob = try repository.git("rev-parse", "HEAD:state/fleet.jsonc")
    assertThrows(revisions, at: blob) { if case .unknownRevision = $0 { true } else { false } }
    XCTAssertEqual(
      try summary(revisions, ["acme-prod"], at: first), "acme-prod/Vpc=10.0.0.0/16",
      "what is not there leaves the reader as it was")
  }

  func testOutsideOfARepository() throws {
    let directory = FileManager.default.temporaryDirectory.path + "/none-\(UUID().uuidString)"
    let revisions = Revisions(directory: directory, compiler: Compiler(catalog: .toys))
    assertThrows(revisions, at: Self.unknown) { $0 == .notInRepository(directory: directory) }
    XCTAssertFalse(revisions.isAncestor(Self.unknown, of: Self.unknown))
  }

  func testRevisionsHaveThePinsThatTheyHad() throws {
    let repository = try GitDirectory()
    _ = try start(repository)
    try repository.git("tag", "v1")
    try repository.commit(["state/blueprints/network.jsonc": Self.network("Net")])
    try repository.git("tag", "v2")
    func pinned(_ revision: String) throws -> String {
      try repository.commit([
        "state/clients/acme-prod.jsonc": Self.manifest(
          "acme", range: "10.0.0.0/16",
          blueprint: #"{ "name": "network", "revision": "\#(revision)" }"#)
      ])
    }
    let (old, new, lost) = (try pinned("v1"), try pinned("v2"), try pinned("v9"))
    try repository.commit(["state/blueprints/network.jsonc": Self.network("Last")])
    let revisions = revisions(repository)
    XCTAssertEqual(try summary(revisions, ["acme-prod"], at: old), "acme-prod/Vpc=10.0.0.0/16")
    XCTAssertEqual(try summary(revisions, ["acme-prod"], at: new), "acme-prod/Net=10.0.0.0/16")
    XCTAssertEqual(
      try summary(revisions, ["acme-prod"], at: lost),
      "git knows no revision v9: there is no such commit; git fetch may bring it")
    XCTAssertEqual(try summary(revisions, ["beta-prod"], at: lost), "beta-prod/Net=10.1.0.0/16")
  }

  func testValuesOfOtherStacksAreFound() throws {
    let repository = try GitDirectory()
    _ = try start(repository)
    let importing = try repository.commit([
      "state/blueprints/exporting.jsonc": Self.exporting(),
      "state/blueprints/user.jsonc": Self.user(#"{ "Fn::ImportValue": "vpc" }"#),
      "state/clients/acme-prod.jsonc": Self.manifest(
        "acme", range: "10.0.1.0/24", blueprint: #""user""#),
      "state/clients/shared-prod.jsonc": Self.manifest(
        "shared", range: "10.9.0.0/16", blueprint: #""exporting""#),
      "state/clients/broken-prod.jsonc": "{ nonsense",
      "state/clients/worse-prod.jsonc": Self.manifest(
        "worse", range: "10.8.0.0/16", blueprint: #""none""#),
    ])
    let asking = try repository.commit([
      "state/blueprints/user.jsonc": Self.user(
        #"{ "Fn::GetStackOutput": { "StackName": "shared-prod", "OutputName": "Vpc" } }"#)
    ])
    let renamed = try repository.commit([
      "state/blueprints/exporting.jsonc": Self.exporting("Net")
    ])
    let broken = try repository.commit([
      "state/clients/shared-prod.jsonc": Self.manifest(
        "shared", range: "10.9.0.0/16", blueprint: #""none""#)
    ])
    let misread = try repository.commit([
      "state/clients/shared-prod.jsonc": Self.manifest(
        "shared", range: "10.9.0.0/16", blueprint: #""exporting", "parameters2": 1"#)
    ])
    let revisions = revisions(repository)
    let expected = "acme-prod/Subnet=10.0.1.0/24,shared-prod/Vpc"
    XCTAssertEqual(try summary(revisions, ["acme-prod"], at: importing), expected)
    XCTAssertEqual(try summary(revisions, ["acme-prod"], at: asking), expected)
    XCTAssertEqual(
      try summary(revisions, ["acme-prod"], at: renamed),
      "acme-prod/Subnet=10.0.1.0/24,shared-prod/Net", "although its own files are the same")
    XCTAssertEqual(
      try summary(revisions, ["acme-prod"], at: broken), #"the fleet has no stack "shared-prod""#)
    XCTAssertEqual(
      try summary(revisions, ["acme-prod"], at: misread),
      #"the manifest has no member "parameters2"; did you mean "parameters"?"#,
      "what is wrong with a stack that values are taken from counts")
  }

  func testOnlyWhatWasDifferentThenIsCompiledAgain() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    func commit(_ path: String, _ text: String) throws -> String {
      let revision = try repository.commit([path: text])
      try repository.git("revert", "--no-edit", "HEAD")
      return revision
    }
    let manifest = try commit(
      "state/clients/acme-prod.jsonc", Self.manifest("acme", range: "10.3.0.0/16"))
    let other = try commit(
      "state/clients/beta-prod.jsonc", Self.manifest("beta", range: "10.3.0.0/16"))
    let blueprint = try commit("state/blueprints/network.jsonc", Self.network("Net"))
    let fleet = try commit(
      "state/fleet.jsonc", Fixture.fleet.replacing("us-east-1", with: "eu-west-1"))
    let importing = try commit("state/blueprints/network.jsonc", Self.exporting())
    let files = try DesiredFiles.read(directory: "\(repository.path)/state")
    var marked = try XCTUnwrap(Compiler(catalog: .toys).compile(files).desired)
    for index in marked.stacks.indices { marked.stacks[index].isSuspended = true }
    let revisions = Revisions(
      directory: "\(repository.path)/state", compiler: Compiler(catalog: .toys),
      current: (files, marked))
    for (revision, isKnown) in [
      (manifest, false), (first, true), (other, true), (blueprint, false), (fleet, false),
      (importing, false), (first, true),
    ] {
      let desired = try XCTUnwrap(try revisions.compile(["acme-prod"], at: revision).desired)
      XCTAssertEqual(desired.stacks.map(\.isSuspended), [isKnown], revision)
    }
    XCTAssertEqual(
      try summary(revisions, ["acme-prod", "beta-prod"], at: other),
      "acme-prod/Vpc=10.0.0.0/16 beta-prod/Vpc=10.3.0.0/16")
  }

  func testDirectoriesOfOneRepositoryAreTwoFleets() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    let second = try repository.commit([
      "other/fleet.jsonc": Fixture.fleet.replacing("cosyworld", with: "otherworld"),
      "other/blueprints/network.jsonc": Self.network("Net"),
      "other/clients/acme-prod.jsonc": Self.manifest("acme", range: "10.5.0.0/16"),
    ])
    let (ours, other) = (revisions(repository), revisions(repository, "other"))
    XCTAssertEqual(try summary(ours, ["acme-prod"], at: second), "acme-prod/Vpc=10.0.0.0/16")
    XCTAssertEqual(try summary(other, ["acme-prod"], at: second), "acme-prod/Net=10.5.0.0/16")
    assertThrows(other, at: first) {
      $0 == .notAtRevision(path: "\(repository.path)/other", revision: first)
    }
  }

  func testTheRootOfARepositoryCanBeADesiredState() throws {
    let repository = try GitDirectory()
    let first = try repository.commit([
      "fleet.jsonc": Fixture.fleet, "blueprints/network.jsonc": Self.network(),
      "clients/acme-prod.jsonc": Self.manifest("acme", range: "10.0.0.0/16"),
    ])
    XCTAssertEqual(
      try summary(revisions(repository, ""), ["acme-prod"], at: first),
      "acme-prod/Vpc=10.0.0.0/16")
  }

  func testLinksAreNoManifests() throws {
    let repository = try GitDirectory()
    _ = try start(repository)
    try repository.write("elsewhere.jsonc", Self.manifest("acme", range: "10.7.0.0/16"))
    let link = "\(repository.path)/state/clients/acme-prod.jsonc"
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: "../../elsewhere.jsonc")
    let second = try repository.commit()
    XCTAssertEqual(try summary(revisions(repository), ["acme-prod"], at: second), "")
    do {
      _ = try DesiredFiles.read(directory: "\(repository.path)/state", revision: second)
      XCTFail("a whole desired state with a link is not what the commit says")
    } catch {
      XCTAssert(
        error.description.contains("state/clients/acme-prod.jsonc is a symbolic link"),
        error.description)
    }
  }

  func testAncestry() throws {
    let repository = try GitDirectory()
    let first = try start(repository)
    let second = try repository.commit()
    try repository.git("checkout", "-q", "-b", "side", first)
    let side = try repository.commit(["state/clients/acme-prod.jsonc": nil])
    let revisions = revisions(repository)
    for (ancestor, descendant, expected) in [
      (first, first, true), (first, second, true), (second, first, false), (first, side, true),
      (second, side, false), (side, second, false), (Self.unknown, second, false),
      (first, Self.unknown, false), (Self.unknown, Self.unknown, false), ("main", "main", false),
    ] {
      XCTAssertEqual(
        revisions.isAncestor(ancestor, of: descendant), expected, "\(ancestor) \(descendant)")
    }
  }

  func testTreesAreReadWithIDsOfEitherLength() {
    for length in [20, 32] {
      let id = [UInt8](repeating: 0x20, count: length - 2) + [0, 0xAB]
      let bytes = Array("40000 clients".utf8) + [0] + id + Array("100644 x y".utf8) + [0] + id
      let tree = GitTree(bytes, idDigits: length * 2)
      let text = String(repeating: "20", count: length - 2) + "00ab"
      XCTAssertEqual(
        tree.entries(),
        [
          "clients": GitTree.Entry(mode: "40000", id: text),
          "x y": GitTree.Entry(mode: "100644", id: text),
        ])
      XCTAssertEqual(tree.entries(["x y", "z"]).keys.sorted(), ["x y"])
      XCTAssertEqual(tree["x y"]?.isFile, true)
      XCTAssertNil(tree["x"])
      XCTAssertEqual(GitTree(Array(bytes.dropLast()), idDigits: length * 2).entries().count, 1)
    }
  }
}
