import Document

extension ServiceModel {
  /// The request of an operation as it goes over the wire, all but signature, `Host` and
  /// `Content-Length`.
  ///
  /// Timestamps in the input are seconds since 1970 (or text in ISO 8601), blobs are `.data` (or
  /// the text whose UTF-8 they are). Members that are null count as absent. Idempotency tokens that
  /// the input lacks are filled in, integrity headers that S3 wants are added.
  ///
  /// - Throws: `AWSError.invalidInput` with the first error that `validate` finds.
  public func request(
    _ operation: OperationModel, input: Document, target: RequestTarget,
    idempotencyToken: () -> String
  ) throws(AWSError) -> HTTPRequest {
    let input = withTokens(input, of: operation, idempotencyToken)
    if let error = validate(operation, input: input).errors.first {
      throw .invalidInput(
        service: name, operation: operation.name, path: error.path, reason: error.reason)
    }
    var request = HTTPRequest(
      method: operation.method, scheme: target.scheme, host: target.host, path: "/")
    switch wireProtocol {
    case .ec2, .query: writeQuery(input, of: operation, to: &request)
    case .json: writeJSON(input, of: operation, to: &request)
    case .restJSON, .restXML: try writeREST(input, of: operation, target: target, to: &request)
    }
    if target.usesHostPrefix, let prefix = operation.hostPrefix {
      request.host = try expanded(prefix, input: input, operation: operation) + request.host
    }
    var base = target.basePath
    while base.hasSuffix("/") { base.removeLast() }
    request.path = base + request.path
    try addChecksum(operation, input: input, to: &request)
    try refuseBrokenHeaders(request, operation)
    return request
  }

  /// A line break in a header would begin a header of its own (RFC 9110, section 5.5).
  private func refuseBrokenHeaders(
    _ request: HTTPRequest, _ operation: OperationModel
  ) throws(AWSError) {
    for header in request.headers {
      let isBroken = (header.name + header.value).utf8.contains { $0 < 0x20 && $0 != 0x09 }
      guard isBroken else { continue }
      let member = operation.input.flatMap { input in
        shape(of: input).members.first { $0.traits.locationName == header.name }
      }
      throw .invalidInput(
        service: name, operation: operation.name, path: "/\(member?.name ?? "")",
        reason: "has a control character, which no header can carry")
    }
  }

  private func withTokens(
    _ input: Document, of operation: OperationModel, _ token: () -> String
  ) -> Document {
    guard let member = operation.input, case .object(var members) = input else { return input }
    for place in shape(of: member).members where place.traits.isIdempotencyToken {
      if (members[place.name] ?? .null).isNull { members[place.name] = .string(token()) }
    }
    return .object(members)
  }

  /// A host prefix with its labels filled in from the input.
  private func expanded(
    _ prefix: String, input: Document, operation: OperationModel
  ) throws(AWSError) -> String {
    var result = ""
    for part in TemplatePart.parts(of: prefix) {
      switch part {
      case .text(let text): result += text
      case .label(let label, _):
        let value = input[label]?.string ?? ""
        // The letters that host names have (RFC 1123), so that no value can lead elsewhere.
        let isHostName = value.utf8.allSatisfy {
          ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
            || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
            || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
        guard !value.isEmpty, isHostName else {
          throw .invalidInput(
            service: name, operation: operation.name, path: "/\(label)",
            reason: "must be letters, digits, hyphens and dots: it is part of the host name")
        }
        result += value
      }
    }
    return result
  }
}

/// A part of a host prefix or request URI: `{Bucket}` and `{Key+}` are labels.
enum TemplatePart {
  case text(String)
  case label(String, isGreedy: Bool)

  static func parts(of template: String) -> [TemplatePart] {
    var parts: [TemplatePart] = []
    var rest = template[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
      let label = rest[rest.index(after: open)..<close]
      let isGreedy = label.last == "+"
      parts.append(.label(String(isGreedy ? label.dropLast() : label), isGreedy: isGreedy))
      rest = rest[rest.index(after: close)...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}
