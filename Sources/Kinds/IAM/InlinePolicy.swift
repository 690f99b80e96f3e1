import Document
import TrueupCore

/// An inline policy as it stands in one role, user or group.
struct InlinePolicy {
  /// `PolicyName` and `PolicyDocument`: what makes two of them equal.
  let content: Document
  let holder: PolicyHolder
  let holderName: String
  /// The stack that owns the holder, by its tags.
  let owner: String?

  /// What tells its holder from others: `Role/task`.
  var anchor: String { "\(holder.rawValue)/\(holderName)" }

  /// Those of equal policies that are of the same stack or of none.
  func together(_ equal: [InlinePolicy]) -> [InlinePolicy] {
    equal.filter { owner == nil || $0.owner == nil || $0.owner == owner }
  }

  /// Those of all roles, users or groups.
  static func all(in holder: PolicyHolder, _ replies: Replies) -> [InlinePolicy] {
    holder.shown(in: replies[holder.details]?.output).flatMap { name, detail in
      contents(of: detail, holder).map {
        InlinePolicy(
          content: $0, holder: holder, holderName: name,
          owner: Tags.read(detail["Tags"])[OwnershipTags.stack])
      }
    }
  }

  /// What lies in one of them.
  static func contents(of detail: Document, _ holder: PolicyHolder) -> [Document] {
    detail.elements(holder.rawValue + "PolicyList").compactMap { policy in
      guard let name = policy["PolicyName"] else { return nil }
      return [
        "PolicyName": name, "PolicyDocument": policy["PolicyDocument"].map(IAM.document) ?? .null,
      ]
    }
  }
}
