import Document
import TrueupCore

/// What policies lie in or are attached to: roles, users and groups.
enum PolicyHolder: String, CaseIterable {
  case role = "Role"
  case user = "User"
  case group = "Group"

  /// The property of a policy that names them: `Roles`.
  var property: String { rawValue + "s" }

  /// All of them with their policies.
  var details: Read { self == .role ? IAM.roles : IAM.details(of: rawValue) }

  /// One of them in the details.
  struct Detail {
    let holder: PolicyHolder
    let name: String
    let output: Document

    /// Its inline policies: `PolicyName` and `PolicyDocument`.
    var inline: [Document] { output[holder.rawValue + "PolicyList"]?.list ?? [] }

    var attached: [Document] {
      (output["AttachedManagedPolicies"]?.list ?? []).compactMap { $0["PolicyArn"] }
    }
  }

  /// What the details' output shows.
  func details(_ output: Document?) -> [Detail] {
    (output?[rawValue + "DetailList"]?.list ?? []).compactMap { detail in
      detail[rawValue + "Name"]?.string.map { Detail(holder: self, name: $0, output: detail) }
    }
  }

  // MARK: Calls

  func attach(_ arn: Document, to name: Document) -> Call {
    IAM.call("Attach\(rawValue)Policy", [rawValue + "Name": name, "PolicyArn": arn])
  }

  func detach(_ arn: Document, from name: Document) -> Call {
    IAM.removal("Detach\(rawValue)Policy", [rawValue + "Name": name, "PolicyArn": arn])
  }

  func put(_ policy: Document, _ document: Document?, in name: Document) -> Call {
    IAM.call(
      "Put\(rawValue)Policy",
      [
        rawValue + "Name": name, "PolicyName": policy,
        "PolicyDocument": document?.parsedJSON.jsonText,
      ])
  }

  func delete(_ policy: Document, from name: Document) -> Call {
    IAM.removal("Delete\(rawValue)Policy", [rawValue + "Name": name, "PolicyName": policy])
  }
}
