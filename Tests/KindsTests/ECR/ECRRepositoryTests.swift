import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::ECR::Repository`.
final class ECRRepositoryTests: XCTestCase {
  private let repository = Repository()
  private static let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/"
  private static let rules: Document =
    .string(
      #"{"rules":[{"rulePriority":2,"action":{"type":"expire"}},{"rulePriority":1,"#
        + #""description":"what nobody has tagged for a while and nobody needs"}]}"#)

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "DescribeRepositories":
      .success([
        "repositories": .list(
          ["ours", "others"].map { name in
            [
              "repositoryName": .string(name), "repositoryArn": .string(arn + name),
              "repositoryUri": .string("111122223333.dkr.ecr.eu-west-1.amazonaws.com/\(name)"),
              "imageTagMutability": "IMMUTABLE", "createdAt": 1_700_000_000,
              "imageTagMutabilityExclusionFilters": [
                ["filterType": "WILDCARD", "filter": "latest"]
              ],
              "imageScanningConfiguration": ["scanOnPush": true],
              "encryptionConfiguration": ["encryptionType": "AES256"],
            ]
          })
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "ours"), "Tags": .ourTagList]]
      ])
    case "GetLifecyclePolicy":
      .success(["lifecyclePolicyText": rules, "registryId": "111122223333"])
    case "GetRepositoryPolicy": .success(["policyText": #"{"Statement":[]}"#])
    default: .success([:])
    }
  }

  func testPoliciesOfOursAloneAreRead() throws {
    let observation = ObservationRehearsal(
      repository, .rehearsal(properties: ["LifecyclePolicy", "RepositoryPolicyText"]),
      answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "DescribeRepositories {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"GetLifecyclePolicy {"repositoryName":"ours"}"#,
        #"GetRepositoryPolicy {"repositoryName":"ours"}"#,
      ])
    let ours = try XCTUnwrap(observation["ours"])
    XCTAssertEqual(ours.tags, Step.ourTags)
    XCTAssertEqual(ours.properties["ImageScanningConfiguration"]?["ScanOnPush"], true)
    XCTAssertEqual(ours.createdAt, 1_700_000_000)
    XCTAssertEqual(observation["others"]?.unread["/LifecyclePolicy"]?.isEmpty, false)
    XCTAssertEqual(try uncovered(repository, shown: observation.observed), [])
    let refused = ObservationRehearsal(
      repository, .rehearsal(properties: ["LifecyclePolicy"])
    ) { $0.operation == "GetLifecyclePolicy" ? denied($0) : Self.answer($0) }
    XCTAssertEqual(
      refused["ours"]?.unread["/LifecyclePolicy"], "GetLifecyclePolicy is not allowed")
  }

  func testTagsThatTheSweepDoesNotShowYetAreReadOfItself() throws {
    let observation = ObservationRehearsal(
      repository, .rehearsal(candidates: ["others": []])
    ) { call in
      call.operation == "ListTagsForResource"
        ? .success(["tags": .ourTagList]) : Self.answer(call)
    }
    XCTAssert(
      observation.lines.contains(#"ListTagsForResource {"resourceArn":"\#(Self.arn)others"}"#),
      "\(observation.lines)")
    XCTAssertEqual(observation["others"]?.tags, Step.ourTags)
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testRulesAreComparedByTheirPriorities() {
    func normal(_ text: Document) -> Document {
      repository.facts.normal(["LifecyclePolicy": ["LifecyclePolicyText": text]])
    }
    XCTAssertEqual(
      normal(#"{"rules":[{"rulePriority":2},{"rulePriority":1}]}"#),
      normal(#"{ "rules": [{"rulePriority":1}, {"rulePriority":2}] }"#))
    XCTAssertNotEqual(normal(Self.rules), normal(#"{"rules":[{"rulePriority":1}]}"#))
  }

  func testCreatesWithItsPoliciesAndResetsWhatIsNoLongerDeclared() throws {
    let desired: Document = [
      "RepositoryName": "repo", "ImageTagMutability": "IMMUTABLE",
      "LifecyclePolicy": ["LifecyclePolicyText": Self.rules],
      "RepositoryPolicyText": ["Statement": []],
    ]
    let created = Rehearsal(repository, .creating(desired))
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateRepository", "PutLifecyclePolicy", "SetRepositoryPolicy"])
    XCTAssertEqual(created.calls[0].input["tags"]?.list?.count, 2)
    XCTAssertEqual(try modelProblems(created.calls), [])
    let reset = Rehearsal(
      repository,
      .updating(
        "repo", from: desired, to: ["RepositoryName": "repo"],
        changed: [
          "ImageTagMutability", "ImageScanningConfiguration", "LifecyclePolicy",
          "RepositoryPolicyText",
        ]))
    XCTAssertEqual(
      reset.calls.map(\.operation),
      [
        "PutImageTagMutability", "PutImageScanningConfiguration", "DeleteLifecyclePolicy",
        "DeleteRepositoryPolicy",
      ])
    XCTAssertEqual(reset.calls[0].input["imageTagMutability"], "MUTABLE")
    XCTAssertEqual(try modelProblems(reset.calls), [])
  }
}
