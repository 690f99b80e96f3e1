import Document

extension ServiceModel {
  /// The ec2 and query protocols: all of the input as a form in the body
  /// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html, aws-ec2-query-protocol.html).
  func writeQuery(
    _ input: Document, of operation: OperationModel, to request: inout HTTPRequest
  ) {
    var form = QueryForm(model: self)
    form.append("Action", operation.name)
    form.append("Version", apiVersion)
    if let member = operation.input { form.write(input, member, prefix: "") }
    request.headers.append(.init("Content-Type", "application/x-www-form-urlencoded"))
    request.body = form.body
  }
}

private struct QueryForm {
  let model: ServiceModel
  private(set) var body: [UInt8] = []

  init(model: ServiceModel) { self.model = model }

  private var isEC2: Bool { model.wireProtocol == .ec2 }

  mutating func append(_ name: String, _ value: String) {
    if !body.isEmpty { body.append(UInt8(ascii: "&")) }
    body.append(contentsOf: PercentEncoding.encode(name).utf8)
    body.append(UInt8(ascii: "="))
    body.append(contentsOf: PercentEncoding.encode(value).utf8)
  }

  mutating func write(_ value: Document, _ member: Member, prefix: String) {
    switch model.shape(of: member).kind {
    case .structure(let members):
      for place in members {
        guard let part = value[place.name], !part.isNull else { continue }
        let name = name(of: place)
        write(part, place, prefix: prefix.isEmpty ? name : "\(prefix).\(name)")
      }
    case .list(let element):
      let elements = value.list ?? []
      // The query protocol says that a list is empty, the ec2 protocol has no way to.
      if elements.isEmpty, !isEC2 { append(prefix, "") }
      let list =
        isEC2 || member.traits.isFlattened
        ? prefix : "\(prefix).\(element.traits.locationName ?? "member")"
      for (index, part) in elements.enumerated() {
        write(part, element, prefix: "\(list).\(index + 1)")
      }
    case .map(let key, let entry):
      let map = member.traits.isFlattened ? prefix : "\(prefix).entry"
      let entries = (value.object ?? [:]).sorted { $0.key < $1.key }
      for (index, part) in entries.enumerated() {
        let place = "\(map).\(index + 1)"
        append("\(place).\(key.traits.locationName ?? "key")", part.key)
        write(part.value, entry, prefix: "\(place).\(entry.traits.locationName ?? "value")")
      }
    default:
      if let text = WireText.scalar(value, member, of: model, timestamps: .iso8601) {
        append(prefix, text)
      }
    }
  }

  /// The ec2 protocol has names of its own for requests, and begins all of them with a capital.
  private func name(of member: Member) -> String {
    guard isEC2 else { return model.wireName(of: member) }
    if let name = member.traits.queryName { return name }
    let name = member.traits.locationName ?? member.name
    return name.prefix(1).uppercased() + name.dropFirst()
  }
}
