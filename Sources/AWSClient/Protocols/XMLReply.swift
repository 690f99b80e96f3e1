import Document

extension ServiceModel {
  /// A value from an XML body in the model's names and types. `nodes` are the elements of one name,
  /// several where a list or map is flattened.
  func xmlValue(_ nodes: [XMLElement], _ member: Member) throws(ReplyMismatch) -> Document {
    guard let node = nodes.first else { throw ReplyMismatch(member, isNot: "there") }
    switch shape(of: member).kind {
    case .structure(let members): return try xmlStructure(node, members)
    case .list(let element):
      var parts: [Document] = []
      for part in member.traits.isFlattened ? nodes : node.children {
        parts.append(try xmlValue([part], element))
      }
      return .list(parts)
    case .map(let key, let entry):
      let keyName = key.traits.locationName ?? "key"
      let valueName = entry.traits.locationName ?? "value"
      var parts: [String: Document] = [:]
      for part in member.traits.isFlattened ? nodes : node.children {
        guard let name = part.child(keyName), let value = part.child(valueName) else {
          throw ReplyMismatch(member, isNot: "a map of '\(keyName)' to '\(valueName)'")
        }
        parts[name.text] = try xmlValue([value], entry)
      }
      return .object(parts)
    default: return try scalar(node.text, member)
    }
  }

  private func xmlStructure(
    _ node: XMLElement, _ members: [Member]
  ) throws(ReplyMismatch) -> Document {
    let children = Dictionary(grouping: node.children, by: \.name)
    var parts: [String: Document] = [:]
    for place in members where place.traits.isInReplyBody {
      let name = wireName(of: place)
      if place.traits.isXMLAttribute {
        if let text = node.attributes[name] { parts[place.name] = try scalar(text, place) }
      } else if let nodes = children[name] {
        parts[place.name] = try xmlValue(nodes, place)
      }
    }
    return .object(parts)
  }
}
