import Document
import TrueupCore

/// The policies of a log group, each with operations of its own.
enum LogGroupPolicy: CaseIterable {
  case dataProtection, fieldIndexes, resource

  /// The registry property.
  var property: String {
    switch self {
    case .dataProtection: "DataProtectionPolicy"
    case .fieldIndexes: "FieldIndexPolicies"
    case .resource: "ResourcePolicyDocument"
    }
  }

  /// Whether the group, as DescribeLogGroups shows it, can have one: that shows a status for data
  /// protection alone, and none for groups that never had it.
  func mayExist(on group: Document) -> Bool {
    guard self == .dataProtection else { return true }
    let status = group["dataProtectionStatus"]?.string
    return status != nil && status != "DELETED"
  }

  func read(of name: String, _ arn: String) -> Read {
    switch self {
    case .dataProtection:
      Read(
        Call(
          "logs", "GetDataProtectionPolicy", ["logGroupIdentifier": .string(name)],
          absentCodes: ["ResourceNotFoundException"]))
    case .fieldIndexes:
      Read(
        Call(
          "logs", "DescribeIndexPolicies", ["logGroupIdentifiers": [.string(name)]],
          absentCodes: ["ResourceNotFoundException"]))
    case .resource: Read(Self.describeResourcePolicies(arn))
    }
  }

  static func describeResourcePolicies(_ arn: String) -> Call {
    Call(
      "logs", "DescribeResourcePolicies",
      ["resourceArn": .string(arn), "policyScope": "RESOURCE"],
      absentCodes: ["ResourceNotFoundException"])
  }

  /// The registry value that a reply to the read shows; `nil` where there is no policy.
  func value(_ output: Document) -> Document? {
    switch self {
    case .dataProtection: return output["policyDocument"]?.parsedJSON
    case .fieldIndexes:
      // An account-wide policy shows where the group has none of its own.
      let own = (output["indexPolicies"]?.list ?? []).filter { $0["source"]?.string != "ACCOUNT" }
      return own.isEmpty ? nil : .list(own.compactMap { $0["policyDocument"]?.parsedJSON })
    case .resource: return output["resourcePolicies"]?[0]?["policyDocument"]?.parsedJSON
    }
  }
}
