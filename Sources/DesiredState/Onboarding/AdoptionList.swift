import Document
import TrueupCore

/// A file of adoptions: an address and an id a line, with empty lines and comments that begin with `#`.
public struct AdoptionList: Sendable {
  /// What is wrong with a line.
  public struct Problem: Error, Hashable, Sendable {
    /// From 1.
    public var line: Int
    public var message: String

    public init(line: Int, message: String) {
      self.line = line
      self.message = message
    }
  }

  public private(set) var pairs: [Adoption.Pair] = []
  /// The line of each pair.
  public private(set) var lines: [Int] = []
  public private(set) var problems: [Problem] = []

  public init(_ bytes: [UInt8]) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      problems = [Problem(line: 1, message: "the file is no text in UTF-8")]
      return
    }
    var first: [Address: Int] = [:]
    let content = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for (index, line) in content.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let words = line.trimmingPrefix(while: \.isWhitespace)
      guard let start = words.first, start != "#" else { continue }
      switch Self.read(words) {
      case .failure(let problem):
        problems.append(Problem(line: index + 1, message: problem.message))
      case .success(let pair):
        if let before = first[pair.address] {
          problems.append(
            Problem(line: index + 1, message: "\(pair.address) stands in line \(before) already"))
          continue
        }
        first[pair.address] = index + 1
        pairs.append(pair)
        lines.append(index + 1)
      }
    }
    if pairs.isEmpty, problems.isEmpty {
      problems = [Problem(line: 1, message: "the file names nothing to adopt")]
    }
  }

  private static func read(_ line: Substring) -> Result<Adoption.Pair, Problem> {
    func problem(_ message: String) -> Result<Adoption.Pair, Problem> {
      .failure(Problem(line: 0, message: message))
    }
    let address = line.prefix { !$0.isWhitespace }
    let parts = address.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      return problem(
        "\(String(address).quoted) is not an address: STACK/RESOURCE, such as acme-prod/Vpc")
    }
    let named = Address(stack: parts[0], resource: parts[1])
    var rest = line.dropFirst(address.count).trimmingPrefix(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    if rest.isEmpty {
      return problem("\(named) has no id; where its name tells which it is, write true")
    }
    if rest == "true" { return .success(Adoption.Pair(address: named)) }
    if rest.first == "\"" {
      guard let id = try? JSON.read(String(rest)).string else {
        return problem("\(String(rest).quoted) is no id in double quotes")
      }
      return .success(Adoption.Pair(address: named, id: id))
    }
    guard !rest.contains(where: \.isWhitespace) else {
      return problem(
        "one address and one id stand in a line; an id that has spaces is written in double quotes")
    }
    return .success(Adoption.Pair(address: named, id: String(rest)))
  }

  /// What is wrong with the entries themselves: stacks and resources that are not there, ids that are none,
  /// one thing adopted twice.
  public func refusals(
    for files: DesiredFiles, compiler: Compiler
  ) -> [(line: Int, refusal: Adoption.Refusal)] {
    Adoption(pairs: pairs).refusals(for: files, compiler: compiler).map {
      (lines[$0.index], $0.refusal)
    }
  }
}
