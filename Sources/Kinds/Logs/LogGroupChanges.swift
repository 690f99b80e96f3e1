import Document
import TrueupCore

/// The calls that bring a log group's properties and tags to what a step says.
struct LogGroupChanges {
  let name: String
  let step: Step

  /// Without the `:*` at the end.
  private var arn: String { step.arn("logs", "log-group:\(name)") }

  /// A call that waits while another change of the group is under way.
  static func call(
    _ operation: String, _ input: [String: Document?] = [:], absent: Set<String> = []
  ) -> Call {
    Call(
      "logs", operation, .members(input), absentCodes: absent,
      transientCodes: ["OperationAbortedException"])
  }

  /// Makes the calls for some properties, in a fixed order. One that is not desired is reset.
  ///
  /// - Parameter isNew: the group was just created, and has what AWS gives a new one.
  func make(
    _ properties: Set<String>, isNew: Bool, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    for property in Self.order where properties.contains(property) {
      let value = step.desired[property]
      switch property {
      case "KmsKeyId":
        try calls.make(
          value == nil
            ? Self.call("DisassociateKmsKey", ["logGroupName": .string(name)])
            : Self.call("AssociateKmsKey", ["logGroupName": .string(name), "kmsKeyId": value]))
      case "RetentionInDays":
        try calls.make(
          value == nil
            ? Self.call("DeleteRetentionPolicy", ["logGroupName": .string(name)])
            : Self.call(
              "PutRetentionPolicy", ["logGroupName": .string(name), "retentionInDays": value]))
      case "DataProtectionPolicy":
        try calls.make(
          write(
            value?.jsonText, put: "PutDataProtectionPolicy", delete: "DeleteDataProtectionPolicy"))
      case "FieldIndexPolicies":
        let policies = value?.list ?? []
        guard policies.count <= 1 else {
          throw .failed(
            "\(step.address) declares \(policies.count) field index policies; a log group has one")
        }
        if !isNew || !policies.isEmpty {
          try calls.make(
            write(policies.first?.jsonText, put: "PutIndexPolicy", delete: "DeleteIndexPolicy"))
        }
      case "ResourcePolicyDocument":
        try putResourcePolicy(value, isNew: isNew, &calls)
      case "BearerTokenAuthenticationEnabled":
        if isNew, value != true { continue }
        try calls.make(
          flag("PutBearerTokenAuthentication", "bearerTokenAuthenticationEnabled", value))
      case "DeletionProtectionEnabled":
        try calls.make(flag("PutLogGroupDeletionProtection", "deletionProtectionEnabled", value))
      default: continue
      }
    }
  }

  private static let order = [
    "KmsKeyId", "RetentionInDays", "DataProtectionPolicy", "FieldIndexPolicies",
    "ResourcePolicyDocument", "BearerTokenAuthenticationEnabled", "DeletionProtectionEnabled",
  ]

  private func write(
    _ document: Document?, put: String, delete: String
  ) -> Call {
    let group: [String: Document?] = ["logGroupIdentifier": .string(name)]
    guard let document else {
      return Self.call(delete, group, absent: ["ResourceNotFoundException"])
    }
    return Self.call(put, group.merging(["policyDocument": document]) { $1 })
  }

  private func flag(_ operation: String, _ member: String, _ value: Document?) -> Call {
    Self.call(operation, ["logGroupIdentifier": .string(name), member: value ?? false])
  }

  /// A policy on a resource is changed by its revision, so that parallel changes show.
  /// Source: CloudWatch Logs API, PutResourcePolicy.
  private func putResourcePolicy(
    _ policy: Document?, isNew: Bool, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) {
    var revision: Document?
    if !isNew {
      let shown = try calls.make(LogGroupPolicy.describeResourcePolicies(arn)).output
      revision = shown?["resourcePolicies"]?[0]?["revisionId"]
    }
    if let policy {
      try calls.make(
        Self.call(
          "PutResourcePolicy",
          [
            "resourceArn": .string(arn), "policyDocument": policy.jsonText,
            "expectedRevisionId": revision,
          ]))
    } else if let revision {
      try calls.make(
        Self.call(
          "DeleteResourcePolicy", ["resourceArn": .string(arn), "expectedRevisionId": revision],
          absent: ["ResourceNotFoundException"]))
    }
  }
}
