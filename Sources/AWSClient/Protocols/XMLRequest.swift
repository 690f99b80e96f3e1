import Document

extension ServiceModel {
  /// A body of the rest-xml protocol (https://smithy.io/2.0/spec/protocol-traits.html#xml-bindings).
  /// Elements stand in the model's order, which some services insist on; maps in that of their keys.
  func xmlBody(_ value: Document, _ member: Member) -> String {
    let shape = shape(of: member)
    var writer = XMLBody(model: self)
    let name = member.traits.locationName ?? shape.traits.locationName ?? shape.name
    writer.write(value, member, name: name)
    return writer.text
  }
}

private struct XMLBody {
  let model: ServiceModel
  private(set) var text = ""

  init(model: ServiceModel) { self.model = model }

  mutating func write(_ value: Document, _ member: Member, name: String) {
    switch model.shape(of: member).kind {
    case .structure(let members):
      writeStructure(value, members: members, member: member, name: name)
    case .list(let element):
      let isFlattened = member.traits.isFlattened
      if !isFlattened { open(name, member) }
      for part in value.list ?? [] {
        write(
          part, element, name: isFlattened ? name : element.traits.locationName ?? "member")
      }
      if !isFlattened { close(name) }
    case .map(let key, let entry):
      let isFlattened = member.traits.isFlattened
      let place = isFlattened ? name : "entry"
      if !isFlattened { open(name, member) }
      for (text, part) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
        if isFlattened { open(place, member) } else { open(place) }
        write(.string(text), key, name: key.traits.locationName ?? "key")
        write(part, entry, name: entry.traits.locationName ?? "value")
        close(place)
      }
      if !isFlattened { close(name) }
    default:
      guard let scalar = WireText.scalar(value, member, of: model, timestamps: .iso8601) else {
        return
      }
      open(name, member)
      text += XMLWriter.escapeText(scalar)
      close(name)
    }
  }

  private mutating func writeStructure(
    _ value: Document, members: [Member], member: Member, name: String
  ) {
    let places = members.filter {
      $0.traits.location == nil && !(value[$0.name] ?? .null).isNull
    }
    let attributes = places.filter(\.traits.isXMLAttribute).map { place in
      let scalar = WireText.scalar(
        value[place.name] ?? .null, place, of: model, timestamps: .iso8601)
      return (place.traits.locationName ?? place.name, scalar ?? "")
    }
    open(name, member, attributes: attributes)
    for place in places where !place.traits.isXMLAttribute {
      write(value[place.name] ?? .null, place, name: model.wireName(of: place))
    }
    close(name)
  }

  private mutating func open(
    _ name: String, _ member: Member? = nil, attributes: [(String, String)] = []
  ) {
    text += "<\(name)"
    if let namespace = member?.traits.xmlNamespace {
      let attribute = namespace.prefix.map { "xmlns:\($0)" } ?? "xmlns"
      text += " \(attribute)=\"\(XMLWriter.escapeAttribute(namespace.uri))\""
    }
    for (attribute, value) in attributes {
      text += " \(attribute)=\"\(XMLWriter.escapeAttribute(value))\""
    }
    text += ">"
  }

  private mutating func close(_ name: String) { text += "</\(name)>" }
}
