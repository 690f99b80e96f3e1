import CCurl

/// One request on its way, with what has come back of its reply.
///
/// Handed over to the transport's thread and touched there alone. `@unchecked`: the compiler cannot
/// see that hand-over through the mailbox.
final class CurlTransfer: @unchecked Sendable {
  let id: Int
  let request: HTTPRequest
  private let answer: @Sendable (Result<HTTPResponse, TransportError>) -> Void

  /// How often libcurl was about to write this request to a connection.
  private(set) var attempts = 0
  private(set) var headers: [HTTPRequest.Header] = []
  private(set) var body: [UInt8] = []
  private(set) var isTooLarge = false
  var limit = 0
  /// Where libcurl writes what went wrong, zero-terminated.
  let message = UnsafeMutableBufferPointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  /// The request's headers, which libcurl reads while it sends.
  var headerList: UnsafeMutablePointer<curl_slist>?

  init(
    id: Int, request: HTTPRequest,
    answer: @escaping @Sendable (Result<HTTPResponse, TransportError>) -> Void
  ) {
    self.id = id
    self.request = request
    self.answer = answer
    message.initialize(repeating: 0)
  }

  deinit {
    curl_slist_free_all(headerList)
    message.deallocate()
  }

  func succeed(status: Int) {
    answer(.success(HTTPResponse(status: status, headers: headers, body: body)))
  }

  func fail(_ reason: TransportError.Reason, _ message: String) {
    answer(
      .failure(
        TransportError(
          reason: reason, message: message, endpoint: request.endpoint,
          requestMayHaveBeenSent: attempts > 0)))
  }

  /// Whether libcurl may write the request: once. When a kept connection turns out to be dead, libcurl
  /// would repeat any request of its own accord, even a POST that the server has already acted upon.
  func mayBegin() -> Bool {
    attempts += 1
    return attempts == 1
  }

  /// Whether the piece was taken: `false` once the body is larger than allowed.
  func receive(body piece: UnsafeRawBufferPointer) -> Bool {
    isTooLarge = body.count + piece.count > limit
    if !isTooLarge { body.append(contentsOf: piece) }
    return !isTooLarge
  }

  /// A line of the reply's head. A status line begins anew (after `100 Continue`, say).
  func receive(header line: UnsafeRawBufferPointer) {
    let line = String(decoding: line, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      headers = []
    } else if line.hasPrefix(" ") || line.hasPrefix("\t") {
      // A folded line (RFC 9112, 5.2) continues the value above it.
      guard let last = headers.indices.last else { return }
      headers[last].value += " " + trimmed(line)
    } else if let colon = line.firstIndex(of: ":") {
      headers.append(.init(trimmed(line[..<colon]), trimmed(line[line.index(after: colon)...])))
    }
  }

  private func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
