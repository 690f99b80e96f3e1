import Document
import TrueupCore

extension StackCompiler {
  /// The members with every `Fn::ForEach::Name: [identifier, collection, body]` replaced by what it
  /// makes. In the body `${Identifier}`, `&{Identifier}` (letters and digits only) and
  /// `{"Ref": "Identifier"}` stand for the element.
  /// Source: CloudFormation User Guide, "Fn::ForEach".
  func expanded(_ members: [Node.Member], _ what: String) -> [Node.Member] {
    guard members.contains(where: \.isLoop) else { return members }
    var made: [Node.Member] = []
    var places: [String: Position] = [:]
    for member in members {
      let copies = member.isLoop ? expanded(self.copies(of: member), what) : [member]
      for copy in copies {
        if places.updateValue(copy.position, forKey: copy.key) == nil {
          made.append(copy)
        } else {
          error("\(what) would have \(copy.key.quoted) twice", at: member.position)
        }
      }
    }
    return made
  }

  private func copies(of loop: Node.Member) -> [Node.Member] {
    requireExtensions("Fn::ForEach", at: loop.position)
    guard loop.key.hasPrefix("Fn::ForEach::"), loop.key.count > 13 else {
      error("a loop needs a name of its own: Fn::ForEach::Name", at: loop.position)
      return []
    }
    guard let parts = loop.value.elements, parts.count == 3, let identifier = parts[0].string,
      let body = parts[2].members
    else {
      _ = malformed(loop, "wants [identifier, collection, { \"Key${identifier}\": value }]")
      return []
    }
    if let parameter = blueprint.parameters.first(where: { $0.name == identifier }) {
      error(
        "identifier \(identifier.quoted) is the name of a parameter (\(parameter.location))",
        at: parts[0].position)
      return []
    }
    guard let collection = decided(parts[1], "the collection of Fn::ForEach") else { return [] }
    // A list may hold references to lists.
    let elements = collection.list?.flatMap { $0.list ?? [$0] }.map(\.scalarText)
    guard let elements, !elements.contains(nil) else {
      _ = malformed(loop, "wants a list of strings as its collection")
      return []
    }
    var made: [Node.Member] = []
    for case let element? in elements {
      let replacement = LoopElement(identifier: identifier, text: element)
      for member in body {
        expansionBudget -= member.value.size
        guard expansionBudget > 0 else {
          error("Fn::ForEach makes more than can be handled", at: loop.position)
          return []
        }
        made.append(replacement.replaced(in: member))
      }
    }
    return made
  }
}

/// What stands for the identifier in one round of a loop.
struct LoopElement {
  var identifier: String
  var text: String

  func replaced(in member: Node.Member) -> Node.Member {
    Node.Member(
      key: replaced(in: member.key), position: member.position, value: replaced(in: member.value))
  }

  func replaced(in node: Node) -> Node {
    switch node.content {
    case .scalar(.string(let text)):
      return Node(position: node.position, content: .scalar(.string(replaced(in: text))))
    case .scalar: return node
    case .list(let elements):
      return Node(position: node.position, content: .list(elements.map(replaced)))
    case .object(let members):
      if members.count == 1, members[0].key == "Ref", members[0].value.string == identifier {
        return Node(position: node.position, content: .scalar(.string(text)))
      }
      return Node(position: node.position, content: .object(members.map(replaced)))
    }
  }

  private func replaced(in string: String) -> String {
    string.replacing("${\(identifier)}", with: text)
      .replacing(
        "&{\(identifier)}", with: text.filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
  }
}

extension Node {
  /// How many nodes there are, this one included.
  var size: Int {
    switch content {
    case .scalar: 1
    case .list(let elements): elements.reduce(1) { $0 + $1.size }
    case .object(let members): members.reduce(1) { $0 + $1.value.size }
    }
  }
}
