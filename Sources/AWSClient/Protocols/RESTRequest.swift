import Document

extension ServiceModel {
  /// The rest-json and rest-xml protocols: members go into path, query, headers and body
  /// (https://smithy.io/2.0/spec/http-bindings.html).
  func writeREST(
    _ input: Document, of operation: OperationModel, target: RequestTarget,
    to request: inout HTTPRequest
  ) throws(AWSError) {
    let halves = operation.requestURI.split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = addressed(String(halves[0]), input: input, target: target)
    request.host = place.host
    request.path = try path(place.path, input: input, operation: operation)
    request.query = halves.count > 1 ? fixedQuery(halves[1]) : []
    guard let member = operation.input else { return }
    let shape = shape(of: member)
    for place in shape.members {
      guard let value = input[place.name], !value.isNull else { continue }
      let name = place.traits.locationName ?? place.name
      switch place.traits.location {
      case .querystring: writeQuery(value, place, name: name, to: &request)
      case .header: request.headers.append(.init(name, header(value, place)))
      case .headers:
        for (key, text) in (value.object ?? [:]).sorted(by: { $0.key < $1.key }) {
          request.headers.append(.init(name + key, text.string ?? ""))
        }
      case .uri, .statusCode, nil: break
      }
    }
    writeQueryMaps(input, shape, to: &request)
    writeBody(input, member: member, shape: shape, to: &request)
  }

  // MARK: Host and path

  /// The host, and the path's template without the part that the host says already.
  private func addressed(
    _ template: String, input: Document, target: RequestTarget
  ) -> (host: String, path: String) {
    let label = "/{Bucket}"
    guard signingName == "s3", target.bucketAddressing == .virtualHost,
      template.hasPrefix(label), let bucket = input["Bucket"]?.string, isHostLabel(bucket)
    else { return (target.host, template) }
    let rest = template.dropFirst(label.count)
    return ("\(bucket).\(target.host)", rest.isEmpty ? "/" : String(rest))
  }

  /// Whether a bucket's name can be the first label of a host that a wildcard certificate covers.
  private func isHostLabel(_ bucket: String) -> Bool {
    (3...63).contains(bucket.utf8.count)
      && bucket.utf8.allSatisfy {
        $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")
          || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") || $0 == UInt8(ascii: "-")
      }
  }

  private func path(
    _ template: String, input: Document, operation: OperationModel
  ) throws(AWSError) -> String {
    var path = ""
    for part in TemplatePart.parts(of: template) {
      switch part {
      case .text(let text): path += text
      case .label(let label, let isGreedy):
        let place = operation.input.flatMap { input in
          shape(of: input).members.first {
            $0.traits.location == .uri && ($0.traits.locationName ?? $0.name) == label
          }
        }
        let text = place.flatMap { place in
          input[place.name].flatMap {
            WireText.scalar($0, place, of: self, timestamps: .iso8601)
          }
        }
        guard let text, !text.isEmpty else {
          throw .invalidInput(
            service: name, operation: operation.name, path: "/\(place?.name ?? label)",
            reason: "must not be empty: it is part of the path")
        }
        path += PercentEncoding.encode(text, keepingSlashes: isGreedy)
      }
    }
    return path.hasPrefix("/") ? path : "/" + path
  }

  // MARK: Query

  /// What a request URI says after its `?`, such as `tagging` or `list-type=2`.
  private func fixedQuery(_ text: Substring) -> [HTTPRequest.QueryItem] {
    text.split(separator: "&").map { item in
      let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return .init(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
    }
  }

  private func writeQuery(
    _ value: Document, _ place: Member, name: String, to request: inout HTTPRequest
  ) {
    switch shape(of: place).kind {
    case .map: break
    case .list(let element):
      for part in value.list ?? [] {
        if let text = WireText.scalar(part, element, of: self, timestamps: .iso8601) {
          request.query.append(.init(name, text))
        }
      }
    default:
      if let text = WireText.scalar(value, place, of: self, timestamps: .iso8601) {
        request.query.append(.init(name, text))
      }
    }
  }

  /// Maps whose keys are query names; a name that another member has written stays as it is.
  private func writeQueryMaps(_ input: Document, _ shape: Shape, to request: inout HTTPRequest) {
    let taken = Set(request.query.map(\.name))
    for place in shape.members where place.traits.location == .querystring {
      guard case .map = self.shape(of: place).kind else { continue }
      for (key, value) in (input[place.name]?.object ?? [:]).sorted(by: { $0.key < $1.key })
      where !taken.contains(key) {
        for text in value.list ?? [value] {
          request.query.append(.init(key, text.string ?? ""))
        }
      }
    }
  }

  // MARK: Headers

  private func header(_ value: Document, _ place: Member) -> String {
    guard case .list(let element) = shape(of: place).kind else {
      return WireText.scalar(value, place, of: self, timestamps: .rfc822) ?? ""
    }
    let texts = (value.list ?? []).compactMap { part -> String? in
      let text = WireText.scalar(part, element, of: self, timestamps: .rfc822)
      guard case .string = shape(of: element).kind, let text,
        text.contains(",") || text.contains("\"")
      else { return text }
      let escaped = text.split(separator: "\"", omittingEmptySubsequences: false)
      return "\"" + escaped.joined(separator: "\\\"") + "\""
    }
    return texts.joined(separator: ", ")
  }

  // MARK: Body

  private func writeBody(
    _ input: Document, member: Member, shape: Shape, to request: inout HTTPRequest
  ) {
    if let payload = shape.payload.flatMap(shape.member) {
      writePayload(input[payload.name] ?? .null, payload, to: &request)
      return
    }
    let places = shape.members.filter { $0.traits.location == nil }
    let isGiven = places.contains { !(input[$0.name] ?? .null).isNull }
    if wireProtocol == .restJSON, !places.isEmpty {
      write(jsonBody(input, member).json(), type: "application/json", to: &request)
    } else if wireProtocol == .restXML, isGiven {
      write(xmlBody(input, member), type: "application/xml", to: &request)
    }
  }

  /// The member that is the whole body.
  private func writePayload(
    _ value: Document, _ place: Member, to request: inout HTTPRequest
  ) {
    let shape = shape(of: place)
    switch shape.kind {
    case .blob:
      guard let bytes = WireText.bytes(value) else { return }
      request.body = bytes
      setContentType("application/octet-stream", of: &request)
    case .string:
      guard let text = value.string else { return }
      write(text, type: "text/plain", to: &request)
    case _ where wireProtocol == .restXML:
      guard !value.isNull else { return }
      write(xmlBody(value, place), type: "application/xml", to: &request)
    case .structure where value.isNull && !shape.isUnion:
      write("{}", type: "application/json", to: &request)
    default:
      guard !value.isNull else { return }
      write(jsonBody(value, place).json(), type: "application/json", to: &request)
    }
  }

  private func write(_ body: String, type: String, to request: inout HTTPRequest) {
    request.body = Array(body.utf8)
    setContentType(type, of: &request)
  }

  /// Sets the body's type, unless the input has said it.
  private func setContentType(_ type: String, of request: inout HTTPRequest) {
    if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      request.headers.append(.init("Content-Type", type))
    }
  }
}
