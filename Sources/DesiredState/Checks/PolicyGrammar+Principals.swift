import Document
import TrueupCore

extension PolicyGrammar {
  private static let principals = ["AWS", "Service", "Federated", "CanonicalUser"]

  /// Source: IAM User Guide, "AWS JSON policy elements: Principal".
  mutating func checkPrincipal(_ principal: LocatedValue) {
    switch principal.content {
    case .leaf(.known):
      if principal.text == "*" { return }
      findings.error(
        "a principal of \(subject) is \"*\", or an object: { \"AWS\": \"123456789012\" }, "
          + "{ \"Service\": \"ec2.amazonaws.com\" }", at: principal.position)
    case .list:
      findings.error(
        "a principal of \(subject) must be an object, not a list", at: principal.position)
    case .object(let members):
      for member in members {
        guard Self.principals.contains(member.key) else {
          findings.error(
            "a principal of \(subject) has no member \(member.key.quoted)"
              + Spelling.suggestion(for: member.key, among: Self.principals), at: member.position)
          continue
        }
        for value in member.value.oneOrMore { check(value, of: member.key) }
      }
    default: return
    }
  }

  private mutating func check(_ value: LocatedValue, of key: String) {
    guard let text = value.text, text != "*" else { return }
    switch key {
    case "AWS":
      if let problem = Self.problem(ofAWS: text) {
        findings.error("principal \(text.quoted) of \(subject) \(problem)", at: value.position)
      }
    case "Service":
      guard text.contains("."), !text.contains(":"), !text.contains("/") else {
        return findings.error(
          "principal \(text.quoted) of \(subject) is no service; one is written "
            + "service.amazonaws.com, such as ec2.amazonaws.com", at: value.position)
      }
      if !Self.isServiceName(text) {
        findings.doubt(
          "principal \(text.quoted) of \(subject) looks like no service; most are written "
            + "service.amazonaws.com", at: value.position)
      }
    default: return
    }
  }

  private static func problem(ofAWS text: String) -> String? {
    if FleetAccount.isID(text) { return nil }
    // The unique id of an identity, as AWS shows one that is gone.
    if text.wholeMatch(of: /A[A-Z0-9]{15,}/) != nil { return nil }
    guard let arn = ARNText(text), arn.parts.first == "arn" else {
      return text.allSatisfy(\.isNumber)
        ? "has \(text.count) digits; accounts have twelve"
        : "is neither an account (twelve digits) nor an ARN"
    }
    if let problem = arn.problem { return problem }
    if text.contains("*") { return "has a wildcard, which stands for everybody or nobody" }
    guard arn.parts.count > 2, ["iam", "sts"].contains(arn.parts[2]) else {
      return "is no ARN of an identity: those are of iam and sts"
    }
    return nil
  }

  /// Source: the DNS suffixes of AWS's partitions, and the few services that have others.
  private static func isServiceName(_ text: String) -> Bool {
    let suffixes =
      Partition.urlSuffixes + ["amazon.com", "aws.internal", "aws.com", "amazonaws.internal"]
    return suffixes.contains { text.hasSuffix("." + $0) }
  }
}
