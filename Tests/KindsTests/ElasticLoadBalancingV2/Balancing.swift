import Document
import TrueupCore

/// ARNs as Elastic Load Balancing makes them, and its answers to reads of several kinds.
enum Balancing {
  private static let prefix = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:"
  static let balancer = prefix + "loadbalancer/app/web/50dc6c495c0c9188"
  static let group = prefix + "targetgroup/tasks/73e2d6bc24d8a067"
  static let listener = prefix + "listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
  static let otherListener = prefix + "listener/app/web/50dc6c495c0c9188/0123456789abcdef"
  static let rule =
    prefix + "listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee"
  static let otherRule =
    prefix + "listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/0123456789abcdef"

  /// What the sweep shows as ours.
  static func sweep(_ arns: String...) -> Reply {
    .success([
      "ResourceTagMappingList": .list(
        arns.map { ["ResourceARN": .string($0), "Tags": .ourTagList] })
    ])
  }

  static func tags(_ call: Call) -> Reply {
    .success([
      "TagDescriptions": .list(
        call.input.elementsOf("ResourceArns").map { ["ResourceArn": $0, "Tags": .ourTagList] })
    ])
  }
}

extension Document {
  func elementsOf(_ member: String) -> [Document] { self[member]?.list ?? [] }
}

extension Step {
  /// The step with what was applied last.
  func applied(_ properties: Document) -> Step {
    var step = self
    step.applied = properties
    return step
  }
}
