import Document

/// A state that is waited for by repeating a read, as botocore's waiter models describe it. Pure: it judges
/// replies.
///
/// Of JMESPath, in which the models point into replies, it knows what they use: names, `[]` and
/// `length(…) > \`N\``.
/// Source: botocore's waiters-2 format; Smithy, "Waiters".
public struct Waiter: Hashable, Sendable {
  public enum Verdict: Hashable, Sendable {
    case reached
    case retry
    /// It will not be reached by waiting any longer.
    case failed(reason: String)
  }

  public let name: String
  /// The read to repeat.
  public let operation: String
  /// Seconds between two reads.
  public let interval: Double
  public let attempts: Int
  private let acceptors: [Acceptor]

  /// - Throws: `AWSError.unknownOperation` where the service has no such waiter, or one that is described
  ///   in a way that is not known here.
  public init(_ name: String, of service: ServiceModel) throws(AWSError) {
    let unknown = AWSError.unknownOperation(service: service.name, operation: name)
    guard let model = service.waiters[name], let operation = model["operation"]?.string,
      let interval = model["delay"]?.double, let attempts = model["maxAttempts"]?.integer
    else { throw unknown }
    self.name = name
    self.operation = operation
    self.interval = interval
    self.attempts = attempts
    let described = model["acceptors"]?.list ?? []
    acceptors = described.compactMap(Acceptor.init)
    if acceptors.isEmpty || acceptors.count != described.count { throw unknown }
  }

  /// What a reply says; the first description that it meets decides.
  public func verdict(_ reply: Result<Document, AWSError>) -> Verdict {
    if let acceptor = acceptors.first(where: { $0.accepts(reply) }) { return acceptor.verdict }
    if case .failure(let error) = reply { return .failed(reason: error.message) }
    return .retry
  }
}

/// One description of a reply, and what it means.
private struct Acceptor: Hashable, Sendable {
  enum Matcher: Hashable, Sendable {
    case path(ReplyPath)
    case all(ReplyPath)
    case any(ReplyPath)
    /// The HTTP status.
    case status
    /// The error's code.
    case error
  }

  let matcher: Matcher
  let expected: Document
  let verdict: Waiter.Verdict

  init?(_ model: Document) {
    guard let expected = model["expected"] else { return nil }
    self.expected = expected
    let path = model["argument"]?.string.flatMap(ReplyPath.init)
    switch (model["matcher"]?.string, path) {
    case ("path", let path?): matcher = .path(path)
    case ("pathAll", let path?): matcher = .all(path)
    case ("pathAny", let path?): matcher = .any(path)
    case ("status", _): matcher = .status
    case ("error", _): matcher = .error
    default: return nil
    }
    switch model["state"]?.string {
    case "success": verdict = .reached
    case "retry": verdict = .retry
    case "failure":
      let place = model["argument"]?.string ?? "the reply"
      verdict = .failed(reason: "\(place) is \(expected.string ?? expected.json())")
    default: return nil
    }
  }

  func accepts(_ reply: Result<Document, AWSError>) -> Bool {
    switch (matcher, reply) {
    case (.path(let path), .success(let output)): path.value(in: output) == expected
    case (.all(let path), .success(let output)):
      path.values(in: output).map { !$0.isEmpty && $0.allSatisfy { $0 == expected } } ?? false
    case (.any(let path), .success(let output)):
      path.values(in: output)?.contains(expected) ?? false
    case (.status, .success): expected == 200
    case (.status, .failure(.service(let error))): expected == .integer(error.status)
    case (.error, .success): expected == false
    case (.error, .failure(.service(let error))):
      expected == true || expected.string == error.code
    default: false
    }
  }
}

/// A place in a reply: `Vpcs[].State`, `length(Images[]) > \`0\``.
private struct ReplyPath: Hashable, Sendable {
  private struct Step: Hashable, Sendable {
    let name: String
    /// Goes on in each element of the list.
    let isList: Bool
  }

  private let steps: [Step]
  /// For a length that must be above this.
  private let minimum: Int?

  init?(_ text: String) {
    var path = text[...]
    var minimum: Int?
    if path.hasPrefix("length("), let end = path.lastIndex(of: ")") {
      let condition = path[path.index(after: end)...].split(separator: " ")
      guard condition.count == 2, condition[0] == ">",
        let number = Int(condition[1].filter { $0 != "`" })
      else { return nil }
      minimum = number
      path = path[..<end].dropFirst("length(".count)
    }
    self.minimum = minimum
    steps = path.split(separator: ".", omittingEmptySubsequences: false).map { part in
      let isList = part.hasSuffix("[]")
      return Step(name: String(isList ? part.dropLast(2) : part), isList: isList)
    }
    let isPlain = steps.allSatisfy { step in
      !step.name.isEmpty && step.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    if !isPlain { return nil }
  }

  func value(in output: Document) -> Document? {
    if let minimum { return .bool((values(in: output) ?? []).count > minimum) }
    if steps.contains(where: \.isList) { return values(in: output).map(Document.list) }
    return steps.reduce(Optional(output)) { $0?[$1.name] }
  }

  /// The values at the place; `nil` where nothing is there.
  func values(in output: Document) -> [Document]? {
    var values = [output]
    for step in steps {
      let found = values.compactMap { $0[step.name] }.filter { !$0.isNull }
      if found.isEmpty { return step.isList ? [] : nil }
      values = step.isList ? found.flatMap { $0.list ?? [] } : found
    }
    return values
  }
}
