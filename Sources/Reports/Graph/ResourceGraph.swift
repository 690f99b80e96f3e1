import TrueupCore

/// The resources of stacks and what refers to what, as a picture shows it.
struct ResourceGraph {
  struct Node: Hashable {
    var address: Address
    var type: String
    /// `nil` for what is as desired.
    var verdict: Verdict?
    /// It lies in a stack that the graph does not show: only its name is known.
    var isElsewhere = false

    /// `TargetGroup`, with the stack where that is another one.
    var name: String { isElsewhere ? address.description : address.resource }

    /// `± TargetGroup`
    var label: String { (verdict.map { "\($0.symbol) " } ?? "") + name }

    /// `EC2::VPC`: what all types begin with says nothing in a picture.
    var shortType: String {
      type.hasPrefix("AWS::") ? String(type.dropFirst("AWS::".count)) : type
    }

    /// The verdict for a style sheet; `same` for what is as desired.
    var style: String { verdict?.rawValue ?? "same" }
  }

  /// `from` needs `to`.
  struct Edge: Hashable {
    var from: Address
    var to: Address
    var because: Change.Prerequisite.Reason
    /// The property that refers, where one does.
    var path: PropertyPath?
  }

  /// Sorted by address.
  private(set) var nodes: [Node]
  /// Sorted by both ends; one per pair.
  private(set) var edges: [Edge]

  /// - Parameter stacks: only these; `nil` for all of the report.
  init(_ report: RunReport, stacks: Set<String>? = nil) {
    func isShown(_ address: Address) -> Bool { stacks?.contains(address.stack) ?? true }
    let resources = report.plan.resources.filter { isShown($0.address) }
    let changes = report.plan.changes.filter { isShown($0.address) }
    var nodes: [Address: Node] = [:]
    for resource in resources {
      nodes[resource.address] = Node(address: resource.address, type: resource.type)
    }
    for change in changes.sorted(by: Change.worstFirst) {
      // Of two resources with one address, say a leftover and its successor, the worse news shows.
      var node = nodes[change.address] ?? Node(address: change.address, type: change.type)
      node.verdict = node.verdict ?? Verdict(change)
      nodes[change.address] = node
    }
    var edges: [[Address]: Edge] = [:]
    func add(_ from: Address, _ to: Address, need: Change.Prerequisite) {
      guard from != to, edges[[from, to]] == nil else { return }
      edges[[from, to]] = Edge(from: from, to: to, because: need.because, path: need.path)
      for end in [from, to] where nodes[end] == nil {
        nodes[end] = Node(address: end, type: "", isElsewhere: true)
      }
    }
    for resource in resources {
      for need in resource.needs { add(resource.address, need.address, need: need) }
    }
    for change in changes {
      for need in change.after {
        // What is deleted waits for whatever refers to it.
        if need.because == .deletion {
          if edges[[change.address, need.address]] == nil {
            add(need.address, change.address, need: need)
          }
        } else {
          add(change.address, need.address, need: need)
        }
      }
    }
    self.nodes = nodes.values.sorted { $0.address < $1.address }
    self.edges = edges.values.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  /// The nodes by the stacks that they lie in, sorted by its name.
  var byStack: [(stack: String, nodes: [Node])] {
    Dictionary(grouping: nodes, by: \.address.stack).sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }

  /// What changes, and what stands next to it: of a stack of hundreds, what there is to see.
  var concerned: ResourceGraph {
    let changed = Set(nodes.filter { $0.verdict != nil }.map(\.address))
    var graph = self
    graph.edges.removeAll { !changed.contains($0.from) && !changed.contains($0.to) }
    let kept = changed.union(graph.edges.flatMap { [$0.from, $0.to] })
    graph.nodes.removeAll { !kept.contains($0.address) }
    return graph
  }

  /// Without the edges that follow from others: what is left is what a picture has room for.
  var reduced: ResourceGraph {
    let targets = Dictionary(grouping: edges, by: \.from).mapValues { $0.map(\.to) }
    var reached: [Address: Set<Address>] = [:]
    // The compiler refuses circles; should one be there all the same, the walk ends in it.
    func reach(_ address: Address, _ walked: Set<Address>) -> Set<Address> {
      if let known = reached[address] { return known }
      guard !walked.contains(address) else { return [] }
      var all: Set<Address> = []
      for target in targets[address] ?? [] {
        all.insert(target)
        all.formUnion(reach(target, walked.union([address])))
      }
      reached[address] = all
      return all
    }
    var graph = self
    graph.edges.removeAll { edge in
      (targets[edge.from] ?? []).contains { other in
        other != edge.to && reach(other, []).contains(edge.to)
          && !reach(edge.to, []).contains(other)
      }
    }
    return graph
  }
}
