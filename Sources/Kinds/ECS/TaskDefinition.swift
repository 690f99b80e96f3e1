import Document
import TrueupCore

/// A task definition. Nothing of it is ever changed: what is declared anew is the next revision of its
/// family. What is live is the newest active revision that is ours; older ones of ours are left over, once no
/// service of ours uses them.
public struct TaskDefinition: ComposedKind {
  public init() {}

  public let type = "AWS::ECS::TaskDefinition"

  public let facts = TypeFacts(
    Identity(
      ref: "TaskDefinitionArn",
      name: NameRule(property: "Family", maximumLength: 255, punctuation: "-_")),
    lifecycle: Lifecycle(makesRevisions: true), properties: properties,
    canonical: canonical)

  static let written = [
    "ContainerDefinitions", "Cpu", "EnableFaultInjection", "EphemeralStorage", "ExecutionRoleArn",
    "Family", "InferenceAccelerators", "IpcMode", "Memory", "NetworkMode", "PidMode",
    "PlacementConstraints", "ProxyConfiguration", "RequiresCompatibilities", "RuntimePlatform",
    "TaskRoleArn", "Volumes",
  ]

  // MARK: Observing

  let listing = Listing(
    Read(Call("ecs", "ListTaskDefinitions", [:])), "taskDefinitions", id: "taskDefinitionArn",
    created: "registeredAt")
  let tagging = ECS.tags { $1 }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [TagSweep.read] + TaskDefinitionRevisions(context, replies).reads
  }

  func items(_ context: ReadContext, _ replies: Replies) -> [Document] {
    TaskDefinitionRevisions(context, replies).items
  }

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    ECSForm.read(item, Self.written + ["TaskDefinitionArn"])
      .merging([Self.usedBy: item[Self.usedBy]]) { $1 }
  }

  /// The services of ours that use a revision, each as `cluster/name`: they are asked before it goes. Not by
  /// their ARNs, since a revision refers to none of them.
  static let usedBy = "UsedBy"

  // MARK: Changing

  let creation = Creation(
    Call(
      "ecs", "RegisterTaskDefinition", [:],
      // A role that was made a moment ago is not known yet.
      transientMessages: ["ClientException": ECS.newRoles]),
    id: ["taskDefinition", "taskDefinitionArn"])
  let deletion = Deletion(Call("ecs", "DeregisterTaskDefinition", [:]), "taskDefinition")

  func created(_ step: Step) throws(CallSequence.Pause) -> [String: Document?] {
    ECSForm.write(facts.properties.writable(step.desired), Self.written)
      .merging(tagging.input(step)) { $1 }
  }

  /// A service that cannot go on with the new revision goes back to the old one, which has to be active then.
  /// So it is deregistered when no service uses it, not even while a deployment is under way.
  /// Source: ECS API, DeregisterTaskDefinition.
  func clear(_ step: Step, _ id: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    let users = step.shown.elements(Self.usedBy).compactMap(\.string)
    let arns = users.map { step.arn("ecs", "service/\($0)") }
    let clusters = Dictionary(grouping: arns) { ECS.parts(ofService: $0)?.cluster ?? "default" }
    for (cluster, services) in clusters.sorted(by: { $0.key < $1.key }) {
      for services in services.sorted().chunks(of: 10) {
        _ = try calls.wait(
          Call(
            "ecs", "DescribeServices",
            ["cluster": .string(cluster), "services": .list(services.map(Document.string))],
            absentCodes: [ECS.clusterNotFound],
            batch: CallBatch("services", by: "serviceArn", in: "services", limit: 10)),
          every: 15, limit: 900, until: "no deployment of \(cluster) uses \(id.lastPart)"
        ) { output in
          for service in output.elements("services") where service["status"] != "INACTIVE" {
            let name = service["serviceName"]?.string ?? "a service"
            if service["taskDefinition"]?.string == id {
              return .failed("\(name) still uses \(id.lastPart): it stays registered")
            }
            if service.usedTaskDefinitions.contains(id) { return .waiting }
          }
          return .ready
        }
      }
    }
  }
}

extension PropertyTable {
  /// The properties with numbers and flags as text where ECS wants text: in maps.
  fileprivate func writable(_ properties: Document) -> Document {
    func texts(_ value: Document, _ path: PropertyPath) -> Document {
      switch value {
      case .object(let members):
        .object(
          Dictionary(
            members.map { ($0.key, texts($0.value, path.appending($0.key))) },
            uniquingKeysWith: { first, _ in first }))
      case .list(let elements): .list(elements.map { texts($0, path.appending("*")) })
      default:
        self[path]?.normalisation == .scalarText
          ? value.scalarText.map(Document.string) ?? value : value
      }
    }
    return texts(properties, PropertyPath())
  }
}
