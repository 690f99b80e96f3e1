import Document

/// A graph as Graphviz has drawn it, taken over shape by shape: what is no plain shape or text (links,
/// scripts, style sheets, references to elsewhere) is left behind.
public struct Drawing: Hashable, Sendable {
  let markup: String

  /// The drawings of one output of `dot -Tsvg`, in the order of its graphs.
  ///
  /// - Throws: `ReadingError` where the output is no SVG.
  public static func read(_ output: String) throws(ReadingError) -> [Drawing] {
    var drawings: [Drawing] = []
    var rest = output[...]
    // Each graph is a document of its own, with a declaration and a document type before it.
    while let start = rest.range(of: "<svg"), let end = rest.range(of: "</svg>") {
      let element = try XMLElement.read(String(rest[start.lowerBound..<end.upperBound]))
      drawings.append(Drawing(markup: markup(element).text))
      rest = rest[end.upperBound...]
    }
    return drawings
  }

  private static let elements: Set = [
    "svg", "g", "title", "path", "polygon", "polyline", "ellipse", "text",
  ]
  private static let attributes = [
    "viewBox", "class", "transform", "points", "d", "x", "y", "cx", "cy", "rx", "ry", "fill",
    "stroke", "stroke-width", "stroke-dasharray", "text-anchor", "font-size", "width", "height",
  ]

  private static func markup(_ element: XMLElement) -> Markup {
    let name = Markup(trusted: element.name)
    let kept = attributes.compactMap { attribute -> Markup? in
      element.attributes[attribute].map { " \(Markup(trusted: attribute))=\"\($0)\"" }
    }
    let children = element.children.filter { elements.contains($0.name) }.map(markup)
    let text = element.children.isEmpty ? element.text : ""
    let role: Markup = element.name == "svg" ? " role=\"img\"" : ""
    return "<\(name)\(role)\(kept)>\(text)\(children)</\(name)>\n"
  }
}
