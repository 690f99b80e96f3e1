import Document
import TrueupCore

/// An inline policy as it stands in one role, user or group.
struct InlinePolicy {
  /// What makes two of them equal.
  struct Content: Hashable {
    let name: String
    let document: Document
  }

  let content: Content
  let holder: PolicyHolder
  let holderName: String
  /// The stack that owns the holder, by its tags.
  let owner: String?

  /// Those of one role, user or group.
  static func all(of detail: PolicyHolder.Detail) -> [InlinePolicy] {
    let owner = Tags.read(detail.output["Tags"])[OwnershipTags.stack]
    return detail.inline.compactMap { policy in
      guard let name = policy["PolicyName"]?.string, let text = policy["PolicyDocument"] else {
        return nil
      }
      return InlinePolicy(
        content: Content(name: name, document: IAM.document(text)), holder: detail.holder,
        holderName: detail.name, owner: owner)
    }
  }

  private var anchor: String { "\(holder.rawValue)/\(holderName)" }

  /// In registry terms, without the holders.
  var properties: Document {
    let id = "\(content.name)|\(anchor)"
    return [
      "Id": .string(id), "Anchor": .string(anchor), "PolicyName": .string(content.name),
      "PolicyDocument": content.document,
    ]
  }

  /// In registry terms, with those of the holders of equal policies that are of the same stack or of none.
  func properties(with equal: [InlinePolicy]) -> Document {
    let together = equal.filter { owner == nil || $0.owner == nil || $0.owner == owner }
    return PolicyHolder.allCases.reduce(properties) { properties, holder in
      let names = together.filter { $0.holder == holder }.map(\.holderName).sorted()
      return properties.merging([holder.property: .list(names.map(Document.string))])
    }
  }
}
