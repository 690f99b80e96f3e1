import Document
import TrueupCore

/// A repository of container images.
public struct Repository: ComposedKind {
  public init() {}

  public let type = "AWS::ECR::Repository"

  public let facts = TypeFacts(
    Identity(
      ref: "RepositoryName",
      name: NameRule(
        property: "RepositoryName", maximumLength: 256, lowercase: true, punctuation: "-_./"),
      foretold: [
        "Arn": { "arn:\($0.partition):ecr:\($0.region):\($0.account):repository/\($0.name)" },
        "RepositoryUri": { "\($0.account).dkr.ecr.\($0.region).\($0.urlSuffix)/\($0.name)" },
      ]),
    lifecycle: Lifecycle(holdsData: true),
    properties: [
      // Source: ECR API, CreateRepository.
      "/ImageTagMutability": .defaultsTo("MUTABLE"),
      "/ImageScanningConfiguration/ScanOnPush": .defaultsTo(false),
      "/EncryptionConfiguration/EncryptionType": .defaultsTo("AES256"),
      "/LifecyclePolicy": .losing(.change),
      "/LifecyclePolicy/LifecyclePolicyText": .normal(.json),
      "/RepositoryPolicyText": .normal(.policyDocument).losing(.policy),
      "/EmptyOnDelete": .notReadable("it says how the repository is deleted, and ECR keeps it not"),
    ],
    canonical: { properties in
      // Rules are told apart by their priorities, in whatever order they are written.
      properties.changing("LifecyclePolicy/LifecyclePolicyText") { text in
        text.parsedJSON.changing("rules") { rules in
          let sorted = rules.list?.sorted {
            ($0["rulePriority"]?.integer ?? 0) < ($1["rulePriority"]?.integer ?? 0)
          }
          return sorted.map(Document.list) ?? rules
        }
      }
    })

  // MARK: Observing

  let listing = Listing(
    Read(Call("ecr", "DescribeRepositories", [:]), pageSize: 1000, isEssential: true),
    "repositories", id: "repositoryName", created: "createdAt")
  let details = [
    Detail(["LifecyclePolicy"]) { _, name in
      Read(Repository.policyCall("GetLifecyclePolicy", name))
    } values: {
      ["LifecyclePolicy": .members($0.properties(named: ["LifecyclePolicyText", "RegistryId"]))]
    },
    Detail(["RepositoryPolicyText"]) { _, name in
      Read(Repository.policyCall("GetRepositoryPolicy", name))
    } values: {
      ["RepositoryPolicyText": $0["policyText"]?.parsedJSON]
    },
  ]
  let tagging = SweptTags(
    TagCalls(
      Call("ecr", "TagResource", [:]), Call("ecr", "UntagResource", [:]),
      members: ("tags", "tagKeys"), created: "tags"
    ) { ["resourceArn": .string($0.arn("ecr", "repository/\($1)"))] }, in: "tags"
  ) { item, _ in
    item["repositoryArn"]?.string ?? ""
  } own: { _, arn in
    Read(
      Call(
        "ecr", "ListTagsForResource", ["resourceArn": .string(arn)],
        absentCodes: ["RepositoryNotFoundException"]))
  }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    Self.names.registry(item).members(named: [
      "Arn", "RepositoryUri", "ImageTagMutability", "ImageTagMutabilityExclusionFilters",
      "ImageScanningConfiguration", "EncryptionConfiguration",
    ])
  }

  static let names: MemberNames = [
    "Arn": "repositoryArn", "RepositoryUri": "repositoryUri",
    "ImageTagMutability": "imageTagMutability",
    "ImageTagMutabilityExclusionFilters": "imageTagMutabilityExclusionFilters",
    "ImageTagMutabilityExclusionFilters/*/ImageTagMutabilityExclusionFilterType": "filterType",
    "ImageTagMutabilityExclusionFilters/*/ImageTagMutabilityExclusionFilterValue": "filter",
    "ImageScanningConfiguration": "imageScanningConfiguration",
    "ImageScanningConfiguration/ScanOnPush": "scanOnPush",
    "EncryptionConfiguration": "encryptionConfiguration",
    "EncryptionConfiguration/EncryptionType": "encryptionType",
    "EncryptionConfiguration/KmsKey": "kmsKey",
  ]

  // MARK: Changing

  let creation = Creation(Call("ecr", "CreateRepository", [:]))
  let deletion = Deletion(
    Call("ecr", "DeleteRepository", [:], absentCodes: ["RepositoryNotFoundException"]),
    "repositoryName")

  private static func policyCall(_ operation: String, _ name: String) -> Call {
    Call(
      "ecr", operation, ["repositoryName": .string(name)],
      absentCodes: [
        "RepositoryNotFoundException", "LifecyclePolicyNotFoundException",
        "RepositoryPolicyNotFoundException",
      ])
  }

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    members(of: step, Self.mutability + ["ImageScanningConfiguration", "EncryptionConfiguration"])
      .merging(tagging.input(step)) { $1 }
      .merging(["repositoryName": .string(try step.name("RepositoryName"))]) { $1 }
  }

  private static let mutability = ["ImageTagMutability", "ImageTagMutabilityExclusionFilters"]

  private func members(of step: Step, _ properties: [String]) -> [String: Document?] {
    Self.names.api(.members(step.desired.members(named: properties))).object ?? [:]
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("RepositoryName")
    _ = try creation.make(step, try created(step), &calls)
    let policies = ["LifecyclePolicy", "RepositoryPolicyText"].filter { step.desired[$0] != nil }
    try calls.make(changes(step, name, Set(policies)))
    return done(step, name)
  }

  func changes(_ step: Step, _ name: String) throws(CallSequence.Pause) -> [Call] {
    changes(step, name, step.changed)
  }

  private func changes(_ step: Step, _ name: String, _ changed: Set<String>) -> [Call] {
    func put(_ operation: String, _ members: [String: Document?]) -> Call {
      Call("ecr", operation, .members(members.merging(["repositoryName": .string(name)]) { $1 }))
    }
    var calls: [Call] = []
    if !changed.isDisjoint(with: Self.mutability) {
      var members = members(of: step, Self.mutability)
      members["imageTagMutability"] = step.desired["ImageTagMutability"] ?? "MUTABLE"
      calls.append(put("PutImageTagMutability", members))
    }
    if changed.contains("ImageScanningConfiguration") {
      let scans = step.desired["ImageScanningConfiguration"]?["ScanOnPush"] ?? false
      calls.append(
        put(
          "PutImageScanningConfiguration", ["imageScanningConfiguration": ["scanOnPush": scans]]))
    }
    if changed.contains("LifecyclePolicy") {
      let policy = step.desired["LifecyclePolicy"]
      calls.append(
        policy?["LifecyclePolicyText"].map { text in
          put(
            "PutLifecyclePolicy",
            ["lifecyclePolicyText": text, "registryId": policy?["RegistryId"]])
        } ?? Self.policyCall("DeleteLifecyclePolicy", name))
    }
    if changed.contains("RepositoryPolicyText") {
      var call = Self.policyCall("DeleteRepositoryPolicy", name)
      if let text = step.desired["RepositoryPolicyText"]?.jsonText {
        call = put("SetRepositoryPolicy", ["policyText": text])
        // A role that was made a moment ago is not known yet.
        call.transientCodes = ["InvalidParameterException"]
      }
      calls.append(call)
    }
    return calls
  }

  /// Images go along only where the blueprint says so; else ECR deletes no repository that has some.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    var call = deletion.call(name)
    if step.applied?["EmptyOnDelete"] == true {
      call.input = call.input.merging(["force": true])
    }
    try calls.make(call)
    return .done(id: name, attributes: [:])
  }
}
