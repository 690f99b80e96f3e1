import TrueupCore

/// The resources as a Mermaid flowchart, which GitHub shows in Markdown.
/// Source: https://mermaid.js.org/syntax/flowchart.html
public enum GraphMermaid {
  /// What Mermaid draws at most: `maxEdges` and `maxTextSize` of its configuration, with some room.
  static let edgeLimit = 480
  static let textLimit = 48_000

  /// The stacks of the report, those with the worst news first as long as Mermaid's limits allow, each
  /// in a subgraph, coloured by what happens to each resource. References that follow from others are
  /// left out. Ends in a line break.
  public static func render(_ report: RunReport) -> String {
    let shown = report.shown
    var body: [String] = []
    var (edges, size, number, left) = (0, 0, 0, 0)
    for stack in shown.stacksWorstFirst {
      let graph = ResourceGraph(shown, stacks: [stack.id.name]).reduced
      let lines = lines(graph, of: stack, from: number)
      let length = lines.reduce(0) { $0 + $1.utf8.count + 1 }
      guard edges + graph.edges.count <= edgeLimit, size + length <= textLimit else {
        left += 1
        continue
      }
      body += lines
      (edges, size) = (edges + graph.edges.count, size + length)
      number += graph.nodes.count
    }
    if left > 0 {
      body.append("  left[\"… \(Wording.count(left, "stack")) left out\"]")
    }
    return (["flowchart RL"] + body + classes).map { $0 + "\n" }.joined()
  }

  private static func lines(
    _ graph: ResourceGraph, of stack: Plan.Stack, from number: Int
  ) -> [String] {
    let names = Dictionary(
      uniqueKeysWithValues: graph.nodes.enumerated().map { ($1.address, "n\(number + $0 + 1)") })
    func name(_ address: Address) -> String { names[address] ?? "" }
    func node(_ node: ResourceGraph.Node) -> String {
      let type = node.type.isEmpty ? "" : "<br/>" + escaped(node.shortType)
      // A sign before the name, as elsewhere, would be read as the beginning of a Markdown list.
      let title = node.name + (node.verdict.map { " (\($0.rawValue))" } ?? "")
      return "\(name(node.address))[\"\(escaped(title))\(type)\"]:::\(node.style)"
    }
    let own = graph.nodes.filter { !$0.isElsewhere }.map { "    " + node($0) }
    let others = graph.nodes.filter(\.isElsewhere).map { "  " + node($0) }
    let edges = graph.edges.map { edge in
      "  \(name(edge.from)) \(edge.because == .dependsOn ? "-.->" : "-->") \(name(edge.to))"
    }
    guard !own.isEmpty else { return [] }
    return ["  subgraph s\(number + 1)[\"\(escaped(stack.id.name))\"]"] + own + ["  end"]
      + others + edges
  }

  private static let classes =
    Verdict.allCases.map { definition($0.rawValue, GraphDOT.colors($0)) }
    + [definition("same", GraphDOT.colors(nil))]

  private static func definition(_ name: String, _ colors: (fill: String, line: String)) -> String {
    "  classDef \(name) fill:\(colors.fill),stroke:\(colors.line),color:#1c2128"
  }

  /// Everything but letters, digits and what cannot mean anything, as entity codes (`#35;`).
  private static func escaped(_ text: String) -> String {
    text.printable.unicodeScalars.map { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || " :/.-…".unicodeScalars.contains(scalar)
        ? String(scalar) : "#\(scalar.value);"
    }.joined()
  }
}
