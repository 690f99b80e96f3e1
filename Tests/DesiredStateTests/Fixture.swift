import Document
import TrueupCore
import XCTest

@testable import DesiredState

/// A kind that only has annotations: all that a compilation looks at.
struct ToyKind: Kind {
  let type: String
  let facts: TypeFacts

  func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [] }
  func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] { [] }
  func next(_ step: Step, _ replies: [Reply]) -> Next { .failed("a toy") }
}

extension Catalog {
  static let toys = Catalog([
    ToyKind(
      type: "AWS::EC2::VPC",
      facts: TypeFacts(
        Identity(ref: "VpcId"))),
    ToyKind(
      type: "AWS::EC2::Subnet",
      facts: TypeFacts(
        Identity(ref: "SubnetId", unique: [UniqueKey("VpcId", "CidrBlock")]),
        properties: [
          "/CidrBlock": .normal(.cidr)
        ])),
    ToyKind(
      type: "AWS::EC2::VPCCidrBlock",
      facts: TypeFacts(
        Identity(ref: "Id"),
        ownership: .inside([Parent("VpcId", "AWS::EC2::VPC")], gives: ["Ipv6CidrBlocks"]))),
    ToyKind(
      type: "AWS::EC2::SecurityGroup",
      facts: TypeFacts(
        Identity(ref: "GroupId"))),
    ToyKind(
      type: "AWS::IAM::Role",
      facts: TypeFacts(
        Identity(ref: "RoleName"),
        placement: .global, ownership: .byTagsIgnoringCase)),
    ToyKind(
      type: "AWS::Logs::LogGroup",
      facts: TypeFacts(
        Identity(ref: "LogGroupName", name: NameRule(property: "LogGroupName", maximumLength: 512)))
    ),
    ToyKind(
      type: "AWS::CloudWatch::Alarm",
      facts: TypeFacts(
        Identity(ref: "AlarmName"))),
    ToyKind(
      type: "AWS::CertificateManager::Certificate",
      facts: TypeFacts(
        Identity(ref: "Id"),
        placement: .regional.withValidationAccount)),
    ToyKind(
      type: "AWS::SNS::Subscription",
      facts: TypeFacts(
        Identity(ref: "Arn"),
        placement: .byProperty("Region"))),
    ToyKind(
      type: "AWS::S3::Bucket",
      facts: TypeFacts(
        Identity(ref: "BucketName"),
        properties: [
          "/ReplicationConfiguration": .unsupported("buckets are not replicated by this tool"),
          "/LifecycleConfiguration/Rules/*/Transition": .unsupported("use Transitions"),
        ])),
  ])
}

/// A desired state of one or more stacks, written in a test.
struct Fixture {
  var files: DesiredFiles
  var facts: [Fact: Document] = [:]
  var isStrict = false

  static let fleet = """
    { "project": "cosyworld", "region": "us-east-1",
      "accounts": { "main": { "id": "123456789012" } } }
    """

  static let manifest = """
    { "client": "acme", "environment": "prod", "blueprint": "base" }
    """

  /// The files by path; fleet and manifest are given where the test says nothing of them.
  init(_ contents: [String: String]) {
    var all = ["fleet.jsonc": Self.fleet]
    if !contents.keys.contains(where: { $0.hasPrefix("clients/") }) {
      all["clients/acme-prod.jsonc"] = Self.manifest
    }
    all.merge(contents) { _, own in own }
    files = DesiredFiles(contents: all.mapValues { Array($0.utf8) })
  }

  /// One blueprint, `base`.
  init(_ blueprint: String, parameters: String = "{}", secrets: String = "{}") {
    self.init([
      "blueprints/base.jsonc": blueprint,
      "clients/acme-prod.jsonc": """
      { "client": "acme", "environment": "prod", "blueprint": "base",
        "parameters": \(parameters), "secrets": \(secrets) }
      """,
    ])
  }

  /// A blueprint of one log group, whose name is the expression; everything else in `sections`.
  init(
    expression: String, sections: String = "", parameters: String = "{}", secrets: String = "{}"
  ) {
    self.init(
      """
      { "Transform": "AWS::LanguageExtensions",\(sections.isEmpty ? "" : sections + ",")
        "Resources": {
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.0.0.0/16" } },
          "It": { "Type": "AWS::IAM::Role", "Properties": { "AssumeRolePolicyDocument":
      { "It": \(expression) } } } } }
      """, parameters: parameters, secrets: secrets)
  }

  func compile() -> Compilation {
    Compiler(catalog: .toys, facts: facts, isStrict: isStrict).compile(files)
  }

  /// All that was found, without `desired-state/`.
  var findings: String {
    compile().diagnostics.map(\.description).joined(separator: "\n")
      .replacing("desired-state/", with: "")
  }

  /// The value of `expression`; fails where there is an error.
  func value(file: StaticString = #filePath, line: UInt = #line) -> Value? {
    let compilation = compile()
    XCTAssertEqual(compilation.errors.map(\.description), [], file: file, line: line)
    let role = compilation.desired?.stacks.first?.resources.first { $0.address.resource == "It" }
    return role?.properties["AssumeRolePolicyDocument"]?["It"]
  }
}

/// Fails unless the fixture gives exactly these findings.
func assertFindings(
  _ fixture: Fixture, _ expected: String, _ reason: String = "", file: StaticString = #filePath,
  line: UInt = #line
) {
  XCTAssertEqual(fixture.findings, expected, reason, file: file, line: line)
}
