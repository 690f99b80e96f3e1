import Document
import TrueupCore

/// What policies lie in or are attached to: roles, users and groups.
enum PolicyHolder: String, CaseIterable {
  case role = "Role"
  case user = "User"
  case group = "Group"

  /// The property of a policy that names them: `Roles`.
  var property: String { rawValue + "s" }

  /// The member of a call or an output that names one: `RoleName`.
  var name: String { rawValue + "Name" }

  /// All of them with their policies.
  var details: Read { self == .role ? IAM.roles : IAM.details(of: rawValue) }

  /// What an output of that read shows, by name.
  func shown(in output: Document?) -> [(name: String, detail: Document)] {
    output.elements(rawValue + "DetailList").compactMap { detail in
      detail[name]?.string.map { ($0, detail) }
    }
  }

  // MARK: Calls

  /// The operations that attach a managed policy and write an inline one, and those that undo it.
  private var operations: (attach: String, detach: String, put: String, delete: String) {
    switch self {
    case .role: ("AttachRolePolicy", "DetachRolePolicy", "PutRolePolicy", "DeleteRolePolicy")
    case .user: ("AttachUserPolicy", "DetachUserPolicy", "PutUserPolicy", "DeleteUserPolicy")
    case .group: ("AttachGroupPolicy", "DetachGroupPolicy", "PutGroupPolicy", "DeleteGroupPolicy")
    }
  }

  /// A call for each role, user and group that a policy names.
  static func calls(_ policy: Document, _ call: (PolicyHolder, Document) -> Call) -> [Call] {
    allCases.flatMap { holder in policy.elements(holder.property).map { call(holder, $0) } }
  }

  func attach(_ arn: Document, to name: Document) -> Call {
    IAM.call(operations.attach, [self.name: name, "PolicyArn": arn])
  }

  func detach(_ arn: Document, from name: Document) -> Call {
    IAM.removal(operations.detach, [self.name: name, "PolicyArn": arn])
  }

  /// - Parameter policy: its `PolicyName` and `PolicyDocument`.
  func put(_ policy: Document, in name: Document) -> Call {
    IAM.call(
      operations.put,
      [
        self.name: name, "PolicyName": policy["PolicyName"],
        "PolicyDocument": policy["PolicyDocument"]?.parsedJSON.jsonText,
      ])
  }

  /// - Parameter policy: its `PolicyName`.
  func delete(_ policy: Document, from name: Document) -> Call {
    IAM.removal(
      operations.delete, [self.name: name, "PolicyName": policy["PolicyName"]])
  }
}
