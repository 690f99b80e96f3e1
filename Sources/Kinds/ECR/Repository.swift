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
      guard let policy = properties["LifecyclePolicy"],
        let text = policy["LifecyclePolicyText"]?.parsedJSON, let rules = text["rules"]?.list
      else { return properties }
      let sorted = rules.sorted {
        ($0["rulePriority"]?.integer ?? 0) < ($1["rulePriority"]?.integer ?? 0)
      }
      let whole = policy.setting("LifecyclePolicyText", text.setting("rules", .list(sorted)))
      return properties.merging(["LifecyclePolicy": whole])
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
    let filters = item["imageTagMutabilityExclusionFilters"]?.list
    return [
      "Arn": item["repositoryArn"], "RepositoryUri": item["repositoryUri"],
      "ImageTagMutability": item["imageTagMutability"],
      "ImageTagMutabilityExclusionFilters": filters.map { filters in
        .list(
          filters.map {
            .members([Self.filter + "Type": $0["filterType"], Self.filter + "Value": $0["filter"]])
          })
      },
      "ImageScanningConfiguration": item["imageScanningConfiguration"]
        .map { .members($0.properties(named: ["ScanOnPush"])) },
      "EncryptionConfiguration": item["encryptionConfiguration"]
        .map { .members($0.properties(named: ["EncryptionType", "KmsKey"])) },
    ]
  }

  private static let filter = "ImageTagMutabilityExclusionFilter"

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
    var members = mutability(step).merging(tagging.input(step)) { $1 }
    members["repositoryName"] = .string(try step.name("RepositoryName"))
    members["imageScanningConfiguration"] = step.desired["ImageScanningConfiguration"]
      .map { .members($0.decapitalized(["ScanOnPush"])) }
    members["encryptionConfiguration"] = step.desired["EncryptionConfiguration"]
      .map { .members($0.decapitalized(["EncryptionType", "KmsKey"])) }
    return members
  }

  private func mutability(_ step: Step) -> [String: Document?] {
    let filters = step.desired["ImageTagMutabilityExclusionFilters"]?.list?.map { filter in
      Document.members([
        "filterType": filter[Self.filter + "Type"], "filter": filter[Self.filter + "Value"],
      ])
    }
    return [
      "imageTagMutability": step.desired["ImageTagMutability"],
      "imageTagMutabilityExclusionFilters": filters.map(Document.list),
    ]
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
    if !changed.isDisjoint(with: ["ImageTagMutability", Self.filter + "s"]) {
      var members = mutability(step)
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
