import Document

extension ServiceModel {
  /// The json protocol: all of the input as a JSON body
  /// (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).
  func writeJSON(
    _ input: Document, of operation: OperationModel, to request: inout HTTPRequest
  ) {
    request.headers.append(.init("X-Amz-Target", "\(targetPrefix ?? name).\(operation.name)"))
    request.headers.append(.init("Content-Type", "application/x-amz-json-\(jsonVersion ?? "1.1")"))
    // Asks a service that spoke the query protocol once for its old error codes.
    if isQueryCompatible { request.headers.append(.init("x-amzn-query-mode", "true")) }
    let body = operation.input.map { jsonBody(input, $0) } ?? [:]
    request.body = Array(body.json().utf8)
  }

  /// A value in the names and types of the wire. Members with a place outside the body are left out.
  func jsonBody(_ value: Document, _ member: Member) -> Document {
    switch kind(of: member, value) {
    case .structure(let members):
      var body: [String: Document] = [:]
      for place in members where place.traits.location == nil {
        guard let part = value[place.name], !part.isNull else { continue }
        body[place.traits.locationName ?? place.name] = jsonBody(part, place)
      }
      return .object(body)
    case .list(let element):
      return .list((value.list ?? []).map { jsonBody($0, element) })
    case .map(_, let entry):
      return .object((value.object ?? [:]).mapValues { jsonBody($0, entry) })
    case .timestamp:
      guard let seconds = WireTimestamp.seconds(value) else { return value }
      let format = member.traits.timestampFormat ?? .unixTimestamp
      guard format != .unixTimestamp else { return WireTimestamp.document(seconds) }
      return .string(WireTimestamp.text(seconds, format: format))
    case .blob: return WireText.bytes(value).map(Document.data) ?? value
    case .string, .integer, .float, .boolean, .document: return value
    }
  }

  /// The kind of a member's shape; a null is written as it is.
  private func kind(of member: Member, _ value: Document) -> Shape.Kind {
    value.isNull ? .document : shape(of: member).kind
  }
}
