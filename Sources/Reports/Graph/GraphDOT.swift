import TrueupCore

/// The resources as a graph in the DOT language of Graphviz.
/// Source: https://graphviz.org/doc/info/lang.html
public enum GraphDOT {
  /// All stacks of the report, each in a cluster, coloured by what happens to each resource; an arrow
  /// points to what is needed. Ends in a line break.
  public static func render(_ report: RunReport) -> String {
    let graph = ResourceGraph(report.shown)
    var lines = ["digraph trueup {"] + attributes
    for (index, (stack, nodes)) in graph.byStack.enumerated() {
      lines.append("  subgraph cluster_\(index + 1) {")
      lines.append("    label=\(quoted(stack)); color=\"#8c959f\"; style=\"rounded\";")
      lines += nodes.map { "    " + node($0) }
      lines.append("  }")
    }
    lines += graph.edges.map { "  " + edge($0, tooltip: true) }
    return (lines + ["}"]).map { $0 + "\n" }.joined()
  }

  /// What changes in one stack, with its neighbours, for a picture: without the references that follow
  /// from others.
  static func picture(of stack: String, in report: RunReport) -> String {
    let graph = ResourceGraph(report.shown, stacks: [stack]).reduced.concerned
    let lines =
      ["digraph trueup {"] + attributes + graph.nodes.map { "  " + node($0) }
      + graph.edges.map { "  " + edge($0, tooltip: false) } + ["}"]
    return lines.map { $0 + "\n" }.joined()
  }

  private static let attributes = [
    #"  graph [rankdir="RL", bgcolor="transparent", ranksep="0.4", nodesep="0.15", fontname="Helvetica", fontsize="13"];"#,
    #"  node [shape="box", style="rounded,filled", fontname="Helvetica", fontsize="11", margin="0.14,0.06", height="0.4"];"#,
    ##"  edge [color="#8c959f", arrowsize="0.6"];"##,
  ]

  private static func node(_ node: ResourceGraph.Node) -> String {
    let lines = [node.label] + (node.type.isEmpty ? [] : [node.shortType])
    let (fill, line) = colors(node.verdict)
    let style = node.isElsewhere ? #", style="rounded,dashed""# : ""
    return "\(quoted(node.address.description)) [label=\(quoted(lines)), "
      + "class=\"\(node.style)\", fillcolor=\"\(fill)\", color=\"\(line)\""
      + "\(style)];"
  }

  private static func edge(_ edge: ResourceGraph.Edge, tooltip: Bool) -> String {
    var attributes: [String] = []
    if edge.because == .dependsOn { attributes.append("style=\"dashed\"") }
    if tooltip {
      let why = edge.path?.description ?? edge.because.rawValue
      attributes.append("tooltip=\(quoted(why))")
    }
    let list = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
    return "\(quoted(edge.from.description)) -> \(quoted(edge.to.description))\(list);"
  }

  /// Fill and line by verdict.
  static func colors(_ verdict: Verdict?) -> (fill: String, line: String) {
    switch verdict {
    case .delete, .replace, .gone: ("#ffe2df", "#b3261e")
    case .blocked, .stalled: ("#f0e4fa", "#7a3eae")
    case .update: ("#fff0cc", "#8a5a00")
    case .create, .adopt: ("#dcf5e3", "#1a7f37")
    case nil: ("#f6f8fa", "#8c959f")
    }
  }

  private static func quoted(_ text: String) -> String { quoted([text]) }

  /// A quoted string of several lines. Labels read backslashes as escapes and `&` as the beginning of
  /// an HTML entity (https://graphviz.org/docs/attr-types/escString/).
  private static func quoted(_ lines: [String]) -> String {
    let escaped = lines.map { line in
      line.printableXML.replacing("&", with: "&amp;").replacing("\\", with: "\\\\")
        .replacing("\"", with: "\\\"")
    }
    return "\"\(escaped.joined(separator: "\\n"))\""
  }
}
