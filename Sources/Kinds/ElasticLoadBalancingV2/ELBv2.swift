import Document
import TrueupCore

/// What all kinds of Elastic Load Balancing share.
enum ELBv2 {
  static let loadBalancers = Read(
    Call("elbv2", "DescribeLoadBalancers", [:]), pageSize: 400, isEssential: true)
  static let targetGroups = Read(
    Call("elbv2", "DescribeTargetGroups", [:]), pageSize: 400, isEssential: true)

  /// What a call names at most, of resources and of attributes.
  /// Source: Elastic Load Balancing API, DescribeLoadBalancers, DescribeTags.
  static let batch = 20

  /// What is said of a resource that is not there, of whatever type it is.
  static let gone: Set<String> = [
    "LoadBalancerNotFound", "TargetGroupNotFound", "ListenerNotFound", "RuleNotFound",
  ]

  /// A list from which an ARN was deleted a moment ago, or in which it does not show yet, refuses it whole.
  static func describe(_ operation: String, _ member: String, _ arns: [String]) -> Call {
    Call(
      "elbv2", operation, [member: .list(arns.map(Document.string))], absentCodes: gone)
  }

  // MARK: ARNs

  /// The name of a load balancer or a target group in its ARN; the text itself where it is none.
  static func name(in known: String) -> String {
    let parts = known.split(separator: "/")
    return known.hasPrefix("arn:") && parts.count > 2 ? String(parts[parts.count - 2]) : known
  }

  /// What follows on the type in an ARN: `app/acme/50dc6c495c0c9188`.
  static func fullName(_ arn: String) -> String {
    arn.split(separator: "/", maxSplits: 1).last.map(String.init) ?? arn
  }

  /// The load balancer of a listener, which its ARN names.
  static func loadBalancer(ofListener arn: String) -> String {
    parent(of: arn, ":listener/", ":loadbalancer/")
  }

  /// The listener of a rule, which its ARN names.
  static func listener(ofRule arn: String) -> String {
    parent(of: arn, ":listener-rule/", ":listener/")
  }

  private static func parent(of arn: String, _ type: String, _ parentType: String) -> String {
    guard let range = arn.firstRange(of: type), let end = arn.lastIndex(of: "/"),
      end >= range.upperBound
    else { return arn }
    return arn[..<range.lowerBound] + parentType + arn[range.upperBound..<end]
  }
}
