import Document

/// The filter policy of a subscription, in one form.
/// Source: SNS Developer Guide, "Amazon SNS subscription filter policies" and "String value matching".
enum FilterPolicy {
  /// The values of a key are alternatives, in any order, and so are the policies of `$or`. What a
  /// numeric comparison lists has its order.
  static func normal(_ policy: Document) -> Document {
    switch policy {
    case .object(let members):
      .object(
        Dictionary(
          members.map { name, member in
            switch name {
            case "numeric": (name, member)
            case "anything-but" where member.object == nil:
              (name, normal(.list(member.list ?? [member])))
            default: (name, normal(member))
            }
          }, uniquingKeysWith: { first, _ in first }))
    case .list(let elements): Document.list(elements.map(normal)).unordered
    case .double(let number) where number == number.rounded() && abs(number) < 1e15:
      .integer(Int(number))
    default: policy
    }
  }
}
