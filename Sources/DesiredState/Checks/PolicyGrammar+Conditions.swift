import Document
import TrueupCore

extension PolicyGrammar {
  /// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
  private static let operators = [
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase",
    "StringLike", "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan",
    "NumericLessThanEquals", "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals",
    "DateNotEquals", "DateLessThan", "DateLessThanEquals", "DateGreaterThan",
    "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress", "NotIpAddress", "ArnEquals",
    "ArnLike", "ArnNotEquals", "ArnNotLike", "Null",
  ]

  /// Keys of all services. Source: IAM User Guide, "AWS global condition context keys".
  private static let globalKeys = [
    "aws:AssumedRoot", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
    "aws:CurrentTime", "aws:Ec2InstanceSourcePrivateIPv4", "aws:Ec2InstanceSourceVpc",
    "aws:EpochTime", "aws:FederatedProvider", "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent", "aws:PrincipalAccount", "aws:PrincipalArn",
    "aws:PrincipalIsAWSService", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:PrincipalType",
    "aws:referer", "aws:RequestedRegion", "aws:ResourceAccount", "aws:ResourceOrgID",
    "aws:ResourceOrgPaths", "aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn",
    "aws:SourceIdentity", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceVpc",
    "aws:SourceVpcArn", "aws:SourceVpce", "aws:TagKeys", "aws:TokenIssueTime", "aws:UserAgent",
    "aws:userid", "aws:username", "aws:ViaAWSService", "aws:VpcSourceIp",
  ]

  mutating func checkCondition(_ condition: LocatedValue) {
    switch condition.content {
    case .object(let members):
      for member in members { checkOperator(member) }
    case .list, .leaf(.known):
      findings.error("a condition of \(subject) must be an object", at: condition.position)
    default: return
    }
  }

  private mutating func checkOperator(_ member: LocatedValue.Member) {
    var name = member.key
    for prefix in ["forallvalues:", "foranyvalue:"] where name.lowercased().hasPrefix(prefix) {
      name = String(name.dropFirst(prefix.count))
    }
    if name.lowercased().hasSuffix("ifexists") { name = String(name.dropLast(8)) }
    guard let known = Self.operators.first(where: { $0.lowercased() == name.lowercased() }) else {
      return findings.error(
        "a condition of \(subject) has no operator \(member.key.quoted)"
          + Spelling.suggestion(for: name, among: Self.operators), at: member.position)
    }
    switch member.value.content {
    case .object(let keys):
      for key in keys { checkKey(key, known) }
    case .list, .leaf(.known):
      findings.error(
        "\(member.key) of \(subject) must be an object of condition keys with their values",
        at: member.value.position)
    default: return
    }
  }

  private mutating func checkKey(_ member: LocatedValue.Member, _ operation: String) {
    let key = member.key
    if !key.contains(":") {
      findings.error(
        "condition key \(key.quoted) of \(subject) names no service; one is written service:key, such "
          + "as aws:SourceArn", at: member.position)
    } else if key.lowercased().hasPrefix("aws:"), !key.contains("/"),
      !Self.globalKeys.contains(where: { $0.lowercased() == key.lowercased() }),
      let nearest = Spelling.nearest(to: key, among: Self.globalKeys)
    {
      findings.doubt(
        "condition key \(key.quoted) of \(subject) is not known; did you mean \"\(nearest)\"?",
        at: member.position)
    }
    for value in member.value.oneOrMore {
      if case .object = value.content {
        findings.error("the value of \(key) in \(subject) must be a string", at: value.position)
        continue
      }
      guard let text = value.text, !text.contains("${"),
        let wanted = Self.wanted(text, by: operation)
      else { continue }
      findings.error(
        "\(operation) in \(subject) wants \(wanted), not \(text.quoted)", at: value.position)
    }
  }

  /// What an operator wants instead of this text; `nil` where the text is right.
  private static func wanted(_ text: String, by operation: String) -> String? {
    switch operation {
    case "Bool", "Null":
      ["true", "false"].contains(text.lowercased()) ? nil : "true or false"
    case _ where operation.hasPrefix("Numeric"): Double(text) != nil ? nil : "a number"
    case _ where operation.hasPrefix("Date"):
      text.wholeMatch(of: /\d+|\d{4}(-\d{2}(-\d{2}(T[0-9:.]+(Z|[+-]\d{2}:?\d{2})?)?)?)?/) != nil
        ? nil : "a date such as 2027-01-31T00:00:00Z"
    case "IpAddress", "NotIpAddress":
      Network(text) != nil ? nil : "an address or a range such as 203.0.113.0/24"
    case _ where operation.hasPrefix("Arn"): ARNText(text) != nil ? nil : "an ARN"
    default: nil
    }
  }
}
