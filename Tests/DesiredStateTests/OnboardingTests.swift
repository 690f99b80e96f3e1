import Document
import TrueupCore
import XCTest

@testable import DesiredState

final class OnboardingTests: XCTestCase {
  private static let fleet = """
    { "project": "cosyworld", "region": "us-east-1",
      "accounts": { "main": { "id": "123456789012" } },
      "pools": { "VpcCidr": { "range": "10.0.0.0/8", "prefix": 16 } } }
    """

  private static let blueprint = """
    {
      "Metadata": { "Trueup": {
        "DisjointCidrs": ["VpcCidr"],
        "Checklist": ["create the database of ${Client} in ${Environment}"] } },
      "Parameters": {
        "Client": { "Type": "String" },
        "Environment": { "Type": "String", "AllowedValues": ["prod", "dev"] },
        "VpcCidr": { "Type": "String", "Description": "The client's own network" },
        "Retention": { "Type": "Number", "Default": 14, "AllowedValues": [14, 30] },
        "Zones": { "Type": "CommaDelimitedList", "Default": "a,b" },
        "BotToken": { "Type": "String", "NoEcho": true, "Description": "Of the chat bot" }
      },
      "Resources": {
        "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": { "Ref": "VpcCidr" } } },
        "Logs": { "Type": "AWS::Logs::LogGroup", "Properties": {
          "RetentionInDays": { "Ref": "Retention" } } }
      }
    }
    """

  /// Networks are larger here than a VPC may be.
  private static let compiler = {
    var compiler = Compiler(catalog: .toys)
    compiler.checksContent = false
    return compiler
  }()

  private func files(
    blueprint: String = blueprint, fleet: String = fleet,
    _ others: [String: String] = [:]
  ) -> DesiredFiles {
    let all = ["fleet.jsonc": fleet, "blueprints/app.jsonc": blueprint].merging(others) { $1 }
    return DesiredFiles(contents: all.mapValues { Array($0.utf8) })
  }

  private func manifest(_ client: String, _ cidr: String) -> [String: String] {
    [
      "clients/\(client)-prod.jsonc": """
      { "client": "\(client)", "environment": "prod", "blueprint": "app",
        "parameters": { "VpcCidr": "\(cidr)" }, "secrets": { "BotToken": { "env": "T" } } }
      """
    ]
  }

  private func propose(
    _ files: DesiredFiles, client: String = "acme", environment: String = "prod",
    blueprint: String = "app", account: String? = nil
  ) throws -> Onboarding.Proposal {
    try Onboarding(
      client: client, environment: environment, blueprint: blueprint, account: account
    ).proposal(for: files, compiler: Self.compiler)
  }

  private func assertRefused(
    _ expected: Onboarding.Refusal, _ reason: String, line: UInt = #line,
    _ propose: () throws -> Onboarding.Proposal
  ) {
    XCTAssertThrowsError(try propose(), reason, line: line) {
      XCTAssertEqual($0 as? Onboarding.Refusal, expected, reason, line: line)
    }
  }

  func testTheManifestSaysWhatTheBlueprintSays() throws {
    let proposal = try propose(files(manifest("zeta", "10.0.0.0/16")))
    XCTAssertEqual(
      proposal.text,
      """
      {
        "client": "acme",
        "environment": "prod",
        "blueprint": "app",
        "account": "main",
        "parameters": {
          // The client's own network
          // The next free /16 of the fleet's pool 10.0.0.0/8.
          "VpcCidr": "10.1.0.0/16",
          // One of 14, 30.
          // The default, which follows the blueprint; give a value to differ from it.
          // "Retention": 14,
          // A list.
          // The default, which follows the blueprint; give a value to differ from it.
          // "Zones": ["a","b"],
        },
        // Read where trueup runs; never in git. Also: { "file": PATH }, or
        // { "generate": LENGTH } for a value that nobody needs to know.
        "secrets": {
          // Of the chat bot
          "BotToken": { "env": "ACME_PROD_BOT_TOKEN" },
        },
      }

      """)
    XCTAssertEqual(proposal.path, "clients/acme-prod.jsonc")
    XCTAssertEqual(proposal.checklist, ["create the database of acme in prod"])
    XCTAssertEqual(proposal.toFill, [])
  }

  func testWhatTheOtherClientsAgreeOnIsNotAskedFor() throws {
    let blueprint = Self.blueprint.replacing(
      "\"BotToken\"",
      with: """
        "Image": { "Type": "String" }, "Extra": { "Type": "String", "NoEcho": true, "Default": "" },
        "BotToken"
        """)
    func other(_ client: String, _ environment: String, _ network: Int, image: String)
      -> [String: String]
    {
      [
        "clients/\(client)-\(environment).jsonc": """
        { "client": "\(client)", "environment": "\(environment)", "blueprint": "app",
          "parameters": { "VpcCidr": "10.\(network).0.0/16", "Image": "\(image)" },
          "secrets": { "BotToken": { "env": "T" } } }
        """
      ]
    }
    let two = other("zeta", "prod", 1, image: "1.2").merging(
      other("zeta", "dev", 2, image: "1.3")
    ) { $1 }
    let proposal = try propose(files(blueprint: blueprint, two))
    XCTAssertEqual(proposal.toFill, [])
    XCTAssert(proposal.text.contains("    // As zeta-prod has it.\n    \"Image\": \"1.2\","))
    XCTAssertEqual(proposal.secrets.map(\.parameter), ["BotToken"], "the other may be left out")
    XCTAssert(
      proposal.text.contains(
        "    // It may be left out.\n    // \"Extra\": { \"env\": \"ACME_PROD_EXTRA\" },"),
      proposal.text)
    let three = two.merging(other("nova", "prod", 3, image: "1.1")) { $1 }
    XCTAssertEqual(
      try propose(files(blueprint: blueprint, three)).toFill, ["Image"], "they differ")
  }

  func testTheFirstManifestOfAFleetCanBeWritten() throws {
    XCTAssertEqual(try propose(files()).networks, ["VpcCidr": "10.0.0.0/16"])
  }

  func testManyClientsGetNetworksThatDoNotOverlap() throws {
    var files = files(manifest("zeta", "10.2.0.0/15"))
    for index in 0..<12 {
      let proposal = try propose(files, client: "c\(index)")
      files.contents[proposal.path] = Array(proposal.text.utf8)
    }
    let compilation = Self.compiler.compile(files)
    XCTAssertEqual(compilation.errors.map(\.description), [])
    XCTAssertEqual(compilation.desired?.stacks.count, 13)
  }

  func testAParameterWithoutAValueIsMarked() throws {
    let fleet = Self.fleet.replacing("\"VpcCidr\"", with: "\"Other\"")
    let proposal = try propose(files(fleet: fleet))
    XCTAssertEqual(proposal.toFill, ["VpcCidr"])
    XCTAssert(
      proposal.text.contains(
        """
            // FILL IN: this parameter has no default.
            // "VpcCidr": "",
        """), proposal.text)
  }

  func testNothingInvalidIsProposed() throws {
    assertRefused(.exists(path: "desired-state/clients/zeta-prod.jsonc"), "a manifest is there") {
      try propose(files(manifest("zeta", "10.2.0.0/16")), client: "zeta")
    }
    assertRefused(.noBlueprint(name: "appp", nearest: "app"), "a misspelled blueprint") {
      try propose(files(), blueprint: "appp")
    }
    assertRefused(
      .poolExhausted(parameter: "VpcCidr", range: "10.0.0.0/8"), "the pool is used up"
    ) { try propose(files(manifest("zeta", "10.0.0.0/8"))) }
    let cases: [(reason: String, message: String, DesiredFiles, String, account: String?)] = [
      (
        "an environment that the blueprint does not allow", "Environment is \"test\"; it must be",
        files(), "test", nil
      ),
      (
        "an account that the fleet does not have", "has no account \"mian\"", files(), "prod",
        "mian"
      ),
      (
        "a fleet in error", "VpcCidr must be a network", files(manifest("zeta", "here")), "prod",
        nil
      ),
      (
        "a blueprint that cannot be read", "expected", files(blueprint: "{ \"Resources\" }"),
        "prod", nil
      ),
    ]
    for (reason, message, files, environment, account) in cases {
      XCTAssertThrowsError(
        try propose(files, environment: environment, account: account), reason
      ) { error in
        guard case .invalid(let diagnostics)? = error as? Onboarding.Refusal else {
          return XCTFail("\(reason): \(error)")
        }
        XCTAssert(
          diagnostics.contains { $0.message.contains(message) }, "\(reason): \(diagnostics)")
      }
    }
  }

  func testPoolsAreChecked() {
    let cases = [
      (#"{ "range": "10.0.0.0/8" }"#, "needs \"prefix\""),
      (#"{ "range": "ten", "prefix": 16 }"#, "must be a network such as 10.0.0.0/8"),
      (#"{ "range": "10.0.0.0/8", "prefix": 4 }"#, "must be from 8 to 32, not 4"),
    ]
    for (pool, message) in cases {
      let fleet = Self.fleet.replacing(#"{ "range": "10.0.0.0/8", "prefix": 16 }"#, with: pool)
      let found = Compiler(catalog: .toys).compile(
        files(fleet: fleet, manifest("zeta", "10.0.0.0/16"))
      ).errors
      XCTAssert(found.contains { $0.message.contains(message) }, "\(pool): \(found)")
    }
  }

  func testVariablesAreNamedAsEnvironmentsHaveThem() {
    let cases = [
      ("BotToken", "BOT_TOKEN"), ("OpenRouterAPIKey", "OPEN_ROUTER_API_KEY"), ("Token", "TOKEN"),
      ("eu-west", "EU_WEST"), ("A1B", "A1_B"), ("acme", "ACME"),
    ]
    for (name, variable) in cases {
      XCTAssertEqual(ManifestText.variablePart(name), variable)
    }
  }

  func testOffboardingSaysWhatIsKept() throws {
    let stateful = Catalog([
      ToyKind(
        type: "AWS::S3::Bucket",
        facts: TypeFacts(
          Identity(ref: "B"),
          lifecycle: Lifecycle(holdsData: true))),
      ToyKind(
        type: "AWS::ElastiCache::ReplicationGroup",
        facts: TypeFacts(
          Identity(ref: "Id"), lifecycle: Lifecycle(holdsData: true, canSnapshot: true))),
      ToyKind(
        type: "AWS::EC2::VPC",
        facts: TypeFacts(
          Identity(ref: "VpcId"))),
    ])
    func resource(_ id: String, _ type: String, _ policy: RemovalPolicy?) -> DesiredResource {
      DesiredResource(
        address: Address(stack: "acme-prod", resource: id), type: type,
        scope: Scope(account: "1", region: nil), properties: .object(of: [:]),
        deletionPolicy: policy,
        location: SourceLocation(file: "b", position: Position(line: 1, column: 1)))
    }
    let stack = DesiredStack(
      id: StackID(project: "p", client: "acme", environment: "prod"), account: "1",
      region: "us-east-1",
      resources: [
        resource("Cache", "AWS::ElastiCache::ReplicationGroup", .snapshot),
        resource("Data", "AWS::S3::Bucket", nil), resource("Kept", "AWS::EC2::VPC", .retain),
        resource("Scratch", "AWS::S3::Bucket", .delete), resource("Vpc", "AWS::EC2::VPC", nil),
      ], manifest: SourceLocation(file: "m", position: Position(line: 1, column: 1)))
    func kept(_ data: DataDisposal) -> [String] {
      Offboarding(stack, data: data, catalog: stateful).kept.map(\.address.resource)
    }
    XCTAssertEqual(kept(.retain), ["Data", "Kept"], "the cache leaves a snapshot")
    XCTAssertEqual(kept(.snapshot), ["Data", "Kept"])
    XCTAssertEqual(kept(.delete), ["Kept"])
  }
}
