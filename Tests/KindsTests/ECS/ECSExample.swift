import Document
import TrueupCore

/// What ECS shows in the tests of its kinds.
enum ECSExample {
  static let prefix = "arn:aws:ecs:eu-west-1:111122223333:"
  static let cluster = prefix + "cluster/main"
  static let service = prefix + "service/main/web"
  static let deployment = prefix + "service-deployment/main/web/new"

  static func revision(_ number: Int, of family: String = "bot") -> String {
    "\(prefix)task-definition/\(family):\(number)"
  }

  static let ourTags: Document = [
    ["key": "trueup:stack", "value": "cosyworld/acme-prod"],
    ["key": "trueup:resource", "value": "Thing"],
  ]

  /// The tag sweep, with these ARNs as ours.
  static func sweep(_ arns: [String]) -> Reply {
    .success([
      "ResourceTagMappingList": .list(
        arns.map { ["ResourceARN": .string($0), "Tags": .ourTagList] })
    ])
  }

  static func context(
    _ type: String, candidates: [String: Set<String>], properties: Set<String> = [],
    clusters: Set<String> = ["main"], services: Set<String> = []
  ) -> ReadContext {
    var context = ReadContext.rehearsal(candidates: candidates, properties: properties)
    context.names = ["AWS::ECS::Cluster": clusters, "AWS::ECS::Service": services]
    context.names[type, default: []].formUnion(candidates.keys)
    context.types = [type, "AWS::ECS::Service"]
    return context
  }
}
