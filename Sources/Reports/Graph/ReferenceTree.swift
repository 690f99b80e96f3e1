import TrueupCore

/// The resources of one stack as a tree, for where no picture can be drawn: below each resource stand
/// those that need it. Every resource stands in it once, as deep as it can; what else it needs is said
/// beside it.
struct ReferenceTree {
  struct Branch {
    var node: ResourceGraph.Node
    /// Names of what it needs beside the one that it stands under.
    var alsoNeeds: [String]
    var branches: [Branch]
  }

  let branches: [Branch]

  init(_ graph: ResourceGraph) {
    let reduced = graph.reduced
    let needs = Dictionary(grouping: reduced.edges, by: \.from).mapValues { $0.map(\.to) }
    var depths: [Address: Int] = [:]
    func depth(_ address: Address, _ walked: Set<Address>) -> Int {
      if let known = depths[address] { return known }
      guard !walked.contains(address) else { return 0 }
      let below = (needs[address] ?? []).map { depth($0, walked.union([address])) + 1 }
      depths[address] = below.max() ?? 0
      return depths[address] ?? 0
    }
    var children: [Address?: [ResourceGraph.Node]] = [:]
    for node in reduced.nodes {
      let parent = (needs[node.address] ?? []).max {
        (depth($0, []), $1) < (depth($1, []), $0)
      }
      // In a circle, which the compiler refuses, nobody stands above.
      let isBelow = parent.map { depth($0, []) < depth(node.address, []) } ?? false
      children[isBelow ? parent : nil, default: []].append(node)
    }
    func branches(under parent: Address?) -> [Branch] {
      (children[parent] ?? []).map { node in
        let others = (needs[node.address] ?? []).filter { $0 != parent }
        return Branch(
          node: node,
          alsoNeeds: others.map {
            $0.stack == node.address.stack ? $0.resource : $0.description
          }, branches: branches(under: node.address))
      }
    }
    self.branches = branches(under: nil)
  }

  var markup: Markup { list(branches, isRoot: true) }

  private func list(_ branches: [Branch], isRoot: Bool = false) -> Markup {
    guard !branches.isEmpty else { return "" }
    let items = branches.map { branch -> Markup in
      let also: Markup =
        branch.alsoNeeds.isEmpty
        ? "" : " <small>and needs \(branch.alsoNeeds.joined(separator: ", "))</small>"
      return """
        <li><span class="node \(branch.node.style)">\(branch.node.label)</span> \
        <small>\(branch.node.shortType)</small>\(also)\(list(branch.branches))</li>

        """
    }
    let kind: Markup = isRoot ? " class=\"tree\"" : ""
    return "<ul\(kind)>\n\(items)</ul>\n"
  }
}
