import Document

/// What is known of a type's properties, by path; `*` stands for any element.
public struct PropertyTable: Sendable, ExpressibleByDictionaryLiteral {
  private struct Node: Sendable {
    var facts: PropertyFacts?
    var children: [String: Node] = [:]

    subscript(_ component: String) -> [Node] {
      [children[component], component == "*" ? nil : children["*"]].compactMap(\.self)
    }

    mutating func insert(_ facts: PropertyFacts, at path: ArraySlice<String>) {
      guard let first = path.first else {
        self.facts = facts
        return
      }
      children[first, default: Node()].insert(facts, at: path.dropFirst())
    }
  }

  /// All facts by path.
  public private(set) var all: [PropertyPath: PropertyFacts] = [:]
  private var root = Node()

  public init(dictionaryLiteral elements: (PropertyPath, PropertyFacts)...) {
    for (path, facts) in elements { insert(facts, at: path) }
    summarise()
  }

  private mutating func insert(_ facts: PropertyFacts, at path: PropertyPath) {
    all[path] = facts
    root.insert(facts, at: path.components[...])
  }

  /// The same with defaults added, to what else is known of their properties.
  public func adding(defaults: [PropertyPath: Document]) -> PropertyTable {
    var table = self
    for (path, value) in defaults {
      table.insert((all[path] ?? PropertyFacts()).defaultsTo(value), at: path)
    }
    table.summarise()
    return table
  }

  // MARK: Looking up

  /// What is known of the property at the path.
  public subscript(_ path: PropertyPath) -> PropertyFacts? {
    facts(path.components[...], root)
  }

  private func facts(_ path: ArraySlice<String>, _ node: Node) -> PropertyFacts? {
    guard let first = path.first else { return node.facts }
    return node[first].lazy.compactMap { facts(path.dropFirst(), $0) }.first
  }

  /// The fact that holds for the path or for what it lies below; the nearest to the root.
  public func covering<Fact>(_ path: PropertyPath, _ fact: KeyPath<PropertyFacts, Fact?>) -> Fact? {
    covering(path.components[...], root, fact)
  }

  private func covering<Fact>(
    _ path: ArraySlice<String>, _ node: Node, _ fact: KeyPath<PropertyFacts, Fact?>
  ) -> Fact? {
    if let found = node.facts?[keyPath: fact] { return found }
    guard let first = path.first else { return nil }
    return node[first].lazy.compactMap { covering(path.dropFirst(), $0, fact) }.first
  }

  /// Each path of which the fact is known, sorted.
  public func listing<Fact>(_ fact: KeyPath<PropertyFacts, Fact?>) -> [(path: PropertyPath, Fact)] {
    all.compactMap { path, facts in facts[keyPath: fact].map { (path, $0) } }.sorted { $0.0 < $1.0 }
  }

  /// The top-level properties that are proven.
  public private(set) var proven: Set<String> = []
  /// The top-level properties that may be emptied before a deletion.
  public private(set) var releasable: Set<String> = []
  /// The lists that are owned whole, with what is expected where nothing is declared.
  public private(set) var owned: [PropertyPath: Document] = [:]

  /// Properties that AWS never shows, each with the reason; sorted.
  public private(set) var notReadable: [(path: PropertyPath, reason: String)] = []
  /// Lists whose elements have an identity; sorted.
  public private(set) var collections: [(path: PropertyPath, collection: Collection)] = []

  private mutating func summarise() {
    notReadable = listing(\.notReadable).map { ($0.path, $0.1) }
    collections = listing(\.collection).map { ($0.path, $0.1) }
    proven = Set(all.filter(\.value.isProven).keys.compactMap(\.property))
    releasable = Set(all.filter(\.value.isReleasable).keys.compactMap(\.property))
    owned = all.compactMapValues(\.wholeDefault)
  }

  // MARK: Normal forms

  /// The properties with every part that has a normal form in it. Values of an unexpected shape stay as
  /// they are: then they differ, and the difference is shown.
  func normal(_ properties: Document) -> Document { normal(properties, [root]) }

  /// The value of one property in its normal form.
  func normal(_ value: Document, at path: PropertyPath) -> Document {
    normal(value, path.components.reduce([root]) { nodes, part in nodes.flatMap { $0[part] } })
  }

  private func normal(_ value: Document, _ nodes: [Node]) -> Document {
    if nodes.isEmpty { return value.withoutNulls }
    if let form = nodes.lazy.compactMap(\.facts?.normalisation).first {
      return form.apply(to: value)
    }
    switch value {
    case .object(let members):
      var normal: [String: Document] = [:]
      normal.reserveCapacity(members.count)
      for (key, member) in members where !member.isNull {
        normal[key] = self.normal(member, nodes.flatMap { $0[key] })
      }
      return .object(normal)
    case .list(let elements):
      let inner = nodes.flatMap { $0["*"] }
      let normal = elements.map { self.normal($0, inner) }
      // In a set, the same twice is one.
      guard nodes.contains(where: { $0.facts?.collection == .set }) else { return .list(normal) }
      var seen: Set<Document> = []
      return .list(normal.filter { seen.insert($0).inserted })
    default:
      return value
    }
  }
}

extension Document {
  /// The same where no member is null, which is the usual case.
  fileprivate var withoutNulls: Document {
    guard contains(where: \.isNull) else { return self }
    switch self {
    case .object(let members):
      return .object(members.filter { !$0.value.isNull }.mapValues(\.withoutNulls))
    case .list(let elements): return .list(elements.map(\.withoutNulls))
    default: return self
    }
  }
}
