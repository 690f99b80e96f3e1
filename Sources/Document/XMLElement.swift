/// An element of an XML text with all that is in it.
public struct XMLElement: Hashable, Sendable {
  /// The local name, without a namespace's prefix.
  public var name: String
  /// By qualified name (`xsi:type`, `xmlns`).
  public var attributes: [String: String]
  /// The elements in this one, in the order of the text.
  public var children: [XMLElement]
  /// The element's own text, verbatim. Where the element has children and nothing but white space
  /// between them, it is empty.
  public var text: String

  public init(
    name: String, attributes: [String: String] = [:], children: [XMLElement] = [],
    text: String = ""
  ) {
    self.name = name
    self.attributes = attributes
    self.children = children
    self.text = text
  }

  /// The first child of this local name.
  public func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The children of this local name.
  public func children(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

  /// The root element of an XML text.
  ///
  /// - Throws: `ReadingError` where the text is not well-formed, is cut off, has a document type
  ///   declaration or exceeds the limits.
  public static func read(
    _ bytes: [UInt8], limits: ReadingLimits = .default
  ) throws(ReadingError) -> XMLElement {
    var reader = XMLReader(bytes, limits: limits)
    // The first entry stands for the text itself, and ends with the root element as its child.
    var open = [XMLElement(name: "")]
    while let event = try reader.next() {
      let last = open.count - 1
      switch event {
      case .start(let name, let attributes):
        let pairs = attributes.map { ($0.name.qualified, $0.value) }
        open.append(
          XMLElement(
            name: name.localName, attributes: Dictionary(pairs, uniquingKeysWith: { $1 })))
      case .text(let text): open[last].text += text
      case .end:
        var element = open.removeLast()
        if !element.children.isEmpty, element.text.utf8.allSatisfy(XMLReader.isSpace) {
          element.text = ""
        }
        open[last - 1].children.append(element)
      }
    }
    return open[0].children[0]
  }

  /// The root element of an XML text.
  public static func read(
    _ text: String, limits: ReadingLimits = .default
  ) throws(ReadingError) -> XMLElement {
    try read(Array(text.utf8), limits: limits)
  }
}
