/// A name as the text has it, `prefix:name` or `name`. Prefixes are not resolved to namespaces:
/// AWS's models name members by the local name, and attributes (`xsi:type`) by the whole.
public struct XMLName: Hashable, Sendable {
  public var qualified: String

  public init(_ qualified: String) { self.qualified = qualified }

  /// The name without its prefix.
  public var localName: String {
    guard let colon = qualified.lastIndex(of: ":") else { return qualified }
    return String(qualified[qualified.index(after: colon)...])
  }
}

public struct XMLAttribute: Hashable, Sendable {
  public var name: XMLName
  public var value: String

  public init(name: XMLName, value: String) {
    self.name = name
    self.value = value
  }
}

/// What an XML text consists of, apart from comments and processing instructions.
public enum XMLEvent: Hashable, Sendable {
  case start(XMLName, [XMLAttribute])
  /// The whole text between two tags, references replaced and CDATA sections joined.
  case text(String)
  case end(XMLName)
}

/// A pull reader for XML 1.0 in UTF-8, as AWS's replies have it.
///
/// A document type declaration is refused, and with it every entity but the five predefined ones:
/// no AWS API sends one, and expanding them is the usual attack on XML readers. A text that ends
/// too early is an error, never an early end.
public struct XMLReader {
  let bytes: [UInt8]
  var offset: Int
  private let limits: ReadingLimits
  /// The elements that are open, and where each began.
  private var open: [(name: XMLName, offset: Int)] = []
  /// The end of an element that was written as `<name/>`.
  private var pendingEnd: XMLName?
  private var hasRoot = false

  public init(_ bytes: [UInt8], limits: ReadingLimits = .default) {
    self.bytes = bytes
    self.limits = limits
    offset = 0
  }

  /// The next event; `nil` at the end of a well-formed text.
  public mutating func next() throws(ReadingError) -> XMLEvent? {
    if offset == 0 { try begin() }
    if let name = pendingEnd {
      pendingEnd = nil
      open.removeLast()
      return .end(name)
    }
    var text = ""
    while true {
      if open.isEmpty { skipSpace() }
      guard offset < bytes.count else { break }
      guard bytes[offset] == UInt8(ascii: "<") else {
        guard !open.isEmpty else {
          throw failure("expected '<': text cannot stand outside the root element")
        }
        text += try parseText()
        continue
      }
      switch byte(after: 1) {
      case UInt8(ascii: "?"): try skipInstruction()
      case UInt8(ascii: "!") where has("<!--"): try skipComment()
      case UInt8(ascii: "!") where has("<![CDATA[") && !open.isEmpty: text += try parseSection()
      case UInt8(ascii: "!"):
        throw failure(
          has("<!DOCTYPE")
            ? "a document type declaration ('<!DOCTYPE') is refused"
            : "'<!' begins neither a comment nor a CDATA section inside an element")
      case _ where !text.isEmpty: return .text(text)
      case UInt8(ascii: "/"): return try parseEnd()
      default: return try parseStart()
      }
    }
    if let last = open.last {
      throw failure(
        "the text ends inside the element <\(last.name.qualified)> that began at "
          + "\(PositionCursor.position(of: last.offset, in: bytes))")
    }
    guard hasRoot else { throw failure("the text has no element") }
    return nil
  }

  private mutating func begin() throws(ReadingError) {
    guard bytes.count <= limits.size else {
      throw failure("the text has \(bytes.count) bytes; at most \(limits.size) are read")
    }
    offset = UTF8Text.markLength(of: bytes)
    if has("<?xml"), Self.isSpace(byte(after: 5)) { try parseDeclaration() }
  }

  // MARK: - Tags

  private mutating func parseStart() throws(ReadingError) -> XMLEvent {
    let start = offset
    guard !open.isEmpty || !hasRoot else {
      throw failure("a second element stands after the root element")
    }
    guard open.count < limits.depth else {
      throw failure("more than \(limits.depth) elements stand inside one another")
    }
    offset += 1
    let name = try parseName("an element's name")
    let attributes = try parseAttributes()
    if byte() == UInt8(ascii: "/") {
      offset += 1
      pendingEnd = name
    }
    guard byte() == UInt8(ascii: ">") else {
      throw failure("expected '>' at the end of the tag <\(name.qualified)>, found \(found())")
    }
    offset += 1
    hasRoot = true
    open.append((name, start))
    return .start(name, attributes)
  }

  private mutating func parseEnd() throws(ReadingError) -> XMLEvent {
    let start = offset
    offset += 2
    let name = try parseName("an element's name")
    skipSpace()
    guard byte() == UInt8(ascii: ">") else {
      throw failure("expected '>' at the end of the tag </\(name.qualified)>, found \(found())")
    }
    offset += 1
    guard let last = open.popLast() else {
      throw failure("</\(name.qualified)> ends an element that did not begin", at: start)
    }
    guard last.name.qualified.utf8.elementsEqual(name.qualified.utf8) else {
      throw failure(
        "</\(name.qualified)> stands where <\(last.name.qualified)>, which began at "
          + "\(PositionCursor.position(of: last.offset, in: bytes)), must end", at: start)
    }
    return .end(name)
  }

  /// The declaration `<?xml version="1.0" encoding="UTF-8"?>`; other encodings are refused.
  private mutating func parseDeclaration() throws(ReadingError) {
    let start = offset
    offset += 5
    let attributes = try parseAttributes()
    guard has("?>") else {
      throw failure("expected '?>' at the end of the XML declaration, found \(found())")
    }
    offset += 2
    var names = attributes.map(\.name.qualified)[...]
    guard names.popFirst() == "version", attributes[0].value.hasPrefix("1.") else {
      throw failure("the XML declaration must begin with version=\"1.0\"", at: start)
    }
    if names.first == "encoding" {
      names.removeFirst()
      let encoding = attributes[1].value
      guard ["UTF-8", "US-ASCII", "ASCII"].contains(encoding.uppercased()) else {
        throw failure("the encoding '\(encoding)' is not supported: expected UTF-8", at: start)
      }
    }
    if names.first == "standalone" { names.removeFirst() }
    if let unknown = names.first {
      throw failure("'\(unknown)' is no part of an XML declaration at this place", at: start)
    }
  }
}
