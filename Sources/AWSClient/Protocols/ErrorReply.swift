import Document

extension ServiceModel {
  /// What a service says of a call that failed. Sensitive members are left out.
  func serviceError(_ operation: OperationModel, _ response: HTTPResponse) -> ServiceError {
    var found: FoundError
    switch wireProtocol {
    case .json, .restJSON: found = jsonError(response)
    case .ec2, .query, .restXML: found = xmlError(response)
    }
    let modeled = errorShape(found.code, operation)
    var details = found.others
    if let modeled {
      for member in modeled.members {
        details[member.name] = nil
        details[member.traits.locationName ?? member.name] = nil
      }
      details.merge(modeledDetails(modeled, body: found.body, response: response)) { _, member in
        member
      }
    }
    if let old = queryError(response) {
      // The service spoke the query protocol once: callers know its errors by the old codes.
      details["QueryErrorCode"] = .string(found.code)
      found.code = old
    }
    return ServiceError(
      service: name, operation: operation.name, code: found.code, message: found.message,
      status: response.status, requestID: found.requestID ?? requestID(response),
      details: .object(details))
  }

  /// The error in a reply that began with a success (S3's CopyObject, DeleteObjects and others).
  func lateError(_ operation: OperationModel, _ response: HTTPResponse) -> ServiceError? {
    // Looks at the first bytes only: outputs can be large, and none is called Error.
    let start = String(decoding: response.body.prefix(200), as: UTF8.self)
    guard start.contains("<Error>") || start.contains("<Error "),
      case .element(let root) = ErrorBody.xml(response.body), root.name == "Error"
    else { return nil }
    return serviceError(operation, response)
  }

  private func requestID(_ response: HTTPResponse) -> String? {
    response.header("x-amzn-requestid") ?? response.header("x-amz-request-id")
  }

  /// The code of `x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender`.
  private func queryError(_ response: HTTPResponse) -> String? {
    let code = response.header("x-amzn-query-error")?.split(separator: ";").first
    return code.map(String.init)
  }

  // MARK: Bodies

  /// `{"__type": "namespace#Code", "message": …}`, or the code in the header `x-amzn-errortype`.
  private func jsonError(_ response: HTTPResponse) -> FoundError {
    let body = ErrorBody.json(response.body)
    guard case .document(.object(let members)) = body else {
      var error = FoundError.opaque(response, body)
      if let code = response.header("x-amzn-errortype") { error.code = bare(code) }
      return error
    }
    func text(_ names: String...) -> String? { names.lazy.compactMap { members[$0]?.string }.first }
    let code = response.header("x-amzn-errortype") ?? text("__type", "code", "Code")
    let others = members.filter { name, value in
      value.string != nil && !["__type", "code", "Code", "message", "Message"].contains(name)
    }
    return FoundError(
      code: code.map(bare) ?? String(response.status),
      message: text("message", "Message", "errorMessage") ?? "", requestID: nil, others: others,
      body: body)
  }

  /// A code without its namespace and URI, `aws.protocoltests#FooError:http://…`.
  private func bare(_ code: String) -> String {
    let withoutURI = code.split(separator: ":", omittingEmptySubsequences: false)[0]
    return String(withoutURI.split(separator: "#").last ?? "")
  }

  /// `<Response><Errors><Error>` (ec2), `<ErrorResponse><Error>` (query, rest-xml), `<Error>` (S3).
  private func xmlError(_ response: HTTPResponse) -> FoundError {
    let body = ErrorBody.xml(response.body)
    guard case .element(let root) = body,
      let error = root.name == "Error"
        ? root : root.child("Error") ?? root.child("Errors")?.child("Error")
    else { return .opaque(response, body) }
    func text(_ name: String) -> String? { error.child(name)?.text }
    // S3 explains a wrong signature with all that went into it.
    let known: Set = [
      "Code", "Message", "message", "RequestId", "RequestID", "HostId", "AWSAccessKeyId",
      "CanonicalRequest", "CanonicalRequestBytes", "SignatureProvided", "StringToSign",
      "StringToSignBytes",
    ]
    var others: [String: Document] = [:]
    for child in error.children where child.children.isEmpty && !known.contains(child.name) {
      others[child.name] = .string(child.text)
    }
    let request = ["RequestId", "RequestID"].lazy.compactMap { root.child($0) ?? error.child($0) }
    return FoundError(
      code: text("Code") ?? String(response.status),
      message: text("Message") ?? text("message") ?? "", requestID: request.first?.text,
      others: others, body: .element(error))
  }

  // MARK: Modelled errors

  private func errorShape(_ code: String, _ operation: OperationModel) -> Shape? {
    let modeled = operation.errors.map { shapes[$0] }
    return modeled.first { $0.errorCode == code || $0.name == code }
      ?? shapes.first { $0.errorCode == code }
  }

  private func modeledDetails(
    _ shape: Shape, body: ErrorBody, response: HTTPResponse
  ) -> [String: Document] {
    // An error whose details do not fit its shape is still that error: they are left out.
    var details = (try? headerParts(shape, response)) ?? [:]
    for member in shape.members where member.traits.isInReplyBody {
      let name = wireName(of: member)
      switch body {
      case .document(let document):
        if let value = document[name] { details[member.name] = try? jsonValue(value, member) }
      case .element(let element):
        let nodes = element.children(name)
        if !nodes.isEmpty { details[member.name] = try? xmlValue(nodes, member) }
      case .none: break
      }
    }
    for member in shape.members {
      guard let value = details.removeValue(forKey: member.name) else { continue }
      if !member.traits.isSensitive { details[member.name] = redacted(value, member) }
    }
    return details
  }
}

/// The body of an error, as far as it can be read.
private enum ErrorBody {
  case document(Document)
  case element(XMLElement)
  /// Neither JSON nor XML, or nothing: a proxy's page, the reply to HEAD.
  case none

  static func json(_ bytes: [UInt8]) -> ErrorBody {
    (try? JSON.read(bytes)).map(ErrorBody.document) ?? .none
  }

  static func xml(_ bytes: [UInt8]) -> ErrorBody {
    (try? XMLElement.read(bytes)).map(ErrorBody.element) ?? .none
  }
}

private struct FoundError {
  var code: String
  var message: String
  var requestID: String?
  /// Texts beside code and message.
  var others: [String: Document]
  var body: ErrorBody

  /// An error of which only the HTTP status is known. The body is not quoted: it may be anything.
  static func opaque(_ response: HTTPResponse, _ body: ErrorBody) -> FoundError {
    let content =
      response.body.isEmpty
      ? "no body" : "a body of \(response.body.count) bytes that is no error of AWS"
    return FoundError(
      code: String(response.status), message: "HTTP status \(response.status) with \(content)",
      requestID: nil, others: [:], body: body)
  }
}
