import Document

extension ServiceModel {
  /// The output of the rest-json and rest-xml protocols: status, headers and body.
  func restOutput(
    _ operation: OperationModel, _ response: HTTPResponse
  ) throws(ReplyMismatch) -> Document {
    guard let output = operation.output else { return [:] }
    let shape = shape(of: output)
    var parts = try headerParts(shape, response)
    if let payload = shape.payload.flatMap(shape.member) {
      parts[payload.name] = try restPayload(payload, response)
    } else if !response.body.isEmpty, shape.members.contains(where: \.traits.isInReplyBody) {
      let body = try restBody(response.body, output)
      parts.merge(body?.object ?? [:]) { header, _ in header }
    }
    return .object(parts)
  }

  /// The members of an output, or of an error, that do not stand in the body.
  func headerParts(
    _ shape: Shape, _ response: HTTPResponse
  ) throws(ReplyMismatch) -> [String: Document] {
    var parts: [String: Document] = [:]
    for place in shape.members {
      let name = place.traits.locationName ?? place.name
      switch place.traits.location {
      case .statusCode: parts[place.name] = .integer(response.status)
      case .header:
        if let text = response.header(name) { parts[place.name] = try header(text, place) }
      case .headers:
        var entries: [String: Document] = [:]
        for header in response.headers where header.name.lowercased().hasPrefix(name.lowercased()) {
          entries[String(header.name.dropFirst(name.count))] = .string(header.value)
        }
        parts[place.name] = .object(entries)
      case .uri, .querystring, nil: break
      }
    }
    return parts
  }

  private func restBody(
    _ body: [UInt8], _ member: Member
  ) throws(ReplyMismatch) -> Document? {
    guard wireProtocol == .restXML else { return try jsonValue(try jsonDocument(body), member) }
    return try xmlValue([try xmlDocument(body)], member)
  }

  private func restPayload(
    _ place: Member, _ response: HTTPResponse
  ) throws(ReplyMismatch) -> Document? {
    if response.body.isEmpty { return nil }
    switch shape(of: place).kind {
    case .blob: return .data(response.body)
    case .string:
      guard let text = String(validating: response.body, as: UTF8.self) else {
        throw ReplyMismatch(place, isNot: "UTF-8")
      }
      return .string(text)
    default: return try restBody(response.body, place)
    }
  }

  private func header(_ text: String, _ place: Member) throws(ReplyMismatch) -> Document {
    guard case .list(let element) = shape(of: place).kind else { return try scalar(text, place) }
    var texts = HeaderList.elements(of: text)
    if case .timestamp = shape(of: element).kind, text.contains("GMT") {
      // An HTTP date has a comma of its own.
      texts = stride(from: 0, to: texts.count - 1, by: 2).map { "\(texts[$0]), \(texts[$0 + 1])" }
    }
    var parts: [Document] = []
    for text in texts { parts.append(try scalar(text, element)) }
    return .list(parts)
  }
}

/// A list in one header: separated by commas, each element a token or a quoted string (RFC 9110,
/// section 5.6).
private enum HeaderList {
  static func elements(of text: String) -> [String] {
    var elements: [String] = []
    var element = ""
    var isQuoted = false
    var isEscaped = false
    func finished() -> String {
      var part = element[...]
      while part.first == " " { part = part.dropFirst() }
      while part.last == " " { part = part.dropLast() }
      return String(part)
    }
    for character in text {
      if isEscaped {
        element.append(character)
        isEscaped = false
      } else if isQuoted, character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ",", !isQuoted {
        elements.append(finished())
        element = ""
      } else {
        element.append(character)
      }
    }
    return elements + [finished()]
  }
}
