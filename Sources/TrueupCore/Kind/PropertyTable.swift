import Document

/// What is known of a type's properties, by path; `*` stands for any element.
public final class PropertyTable: Sendable, ExpressibleByDictionaryLiteral {
  /// What is known at a place, and below it.
  private final class Node: Sendable {
    /// What is known of the very place comes before what is known of any element.
    let facts: [PropertyFacts]
    let children: [String: Node]
    /// Of elements that are not among the children.
    let any: Node?

    /// - Parameter rows: paths from here on, with what is known of them; the first count first.
    init(_ rows: [(path: ArraySlice<String>, facts: PropertyFacts)]) {
      facts = rows.filter(\.path.isEmpty).map(\.facts)
      var below: [String: [(path: ArraySlice<String>, facts: PropertyFacts)]] = [:]
      for row in rows {
        guard let first = row.path.first else { continue }
        below[first, default: []].append((row.path.dropFirst(), row.facts))
      }
      let shared = below.removeValue(forKey: "*") ?? []
      any = shared.isEmpty ? nil : Node(shared)
      children = below.mapValues { Node($0 + shared) }
    }

    subscript(_ component: String) -> Node? { children[component] ?? any }

    func first<Fact>(_ fact: KeyPath<PropertyFacts, Fact?>) -> Fact? {
      for facts in facts {
        if let found = facts[keyPath: fact] { return found }
      }
      return nil
    }
  }

  /// All facts by path.
  public let all: [PropertyPath: PropertyFacts]
  /// The top-level properties that are proven.
  public let proven: Set<String>
  /// The top-level properties that may be emptied before a deletion.
  public let releasable: Set<String>
  /// The top-level properties of which, or of a part of which, an update may take something away.
  public let losing: Set<String>
  /// The lists that are owned whole, with what is expected where nothing is declared.
  public let owned: [PropertyPath: Document]
  /// Properties that AWS never shows, each with the reason; sorted.
  public let notReadable: [(path: PropertyPath, reason: String)]
  /// Lists whose elements have an identity; sorted.
  public let collections: [(path: PropertyPath, collection: Collection)]
  private let root: Node

  public convenience init(dictionaryLiteral elements: (PropertyPath, PropertyFacts)...) {
    self.init(Dictionary(elements, uniquingKeysWith: { $1 }))
  }

  public init(_ all: [PropertyPath: PropertyFacts]) {
    self.all = all
    root = Node(all.sorted { $0.key < $1.key }.map { ($0.key.components[...], $0.value) })
    notReadable = Self.listing(all, \.notReadable).map { ($0.path, $0.1) }
    collections = Self.listing(all, \.collection).map { ($0.path, $0.1) }
    proven = Set(all.filter(\.value.isProven).keys.compactMap(\.property))
    releasable = Set(all.filter(\.value.isReleasable).keys.compactMap(\.property))
    losing = Set(all.filter { $0.value.loss != nil }.keys.compactMap(\.property))
    owned = all.compactMapValues(\.wholeDefault)
  }

  // MARK: Looking up

  /// What is known of the property at the path.
  public subscript(_ path: PropertyPath) -> PropertyFacts? {
    node(at: path)?.facts.first
  }

  private func node(at path: PropertyPath) -> Node? {
    var node: Node? = root
    for component in path.components { node = node?[component] }
    return node
  }

  /// The fact that holds for the path or for what it lies below; the nearest to the root.
  public func covering<Fact>(_ path: PropertyPath, _ fact: KeyPath<PropertyFacts, Fact?>) -> Fact? {
    var node = root
    if let found = node.first(fact) { return found }
    for component in path.components {
      guard let next = node[component] else { return nil }
      if let found = next.first(fact) { return found }
      node = next
    }
    return nil
  }

  /// Each path of which the fact is known, sorted.
  public func listing<Fact>(_ fact: KeyPath<PropertyFacts, Fact?>) -> [(path: PropertyPath, Fact)] {
    Self.listing(all, fact)
  }

  private static func listing<Fact>(
    _ all: [PropertyPath: PropertyFacts], _ fact: KeyPath<PropertyFacts, Fact?>
  ) -> [(path: PropertyPath, Fact)] {
    all.compactMap { path, facts in facts[keyPath: fact].map { (path, $0) } }.sorted { $0.0 < $1.0 }
  }

  // MARK: Normal forms

  /// The properties with every part that has a normal form in it. Values of an unexpected shape stay as
  /// they are: then they differ, and the difference is shown.
  func normal(_ properties: Document) -> Document { normal(properties, root) }

  /// The value of one property in its normal form.
  func normal(_ value: Document, at path: PropertyPath) -> Document {
    normal(value, node(at: path))
  }

  private func normal(_ value: Document, _ node: Node?) -> Document {
    guard let node else { return value.withoutNulls }
    if let form = node.first(\.normalisation) { return form.apply(to: value) }
    switch value {
    case .object(let members):
      var normal = members
      for (key, member) in members {
        if member.isNull {
          normal[key] = nil
        } else if let inner = node[key] {
          normal[key] = self.normal(member, inner)
        } else if member.contains(where: \.isNull) {
          normal[key] = member.withoutNulls
        }
      }
      return .object(normal)
    case .list(let elements):
      let inner = node.any
      let normal = elements.map { self.normal($0, inner) }
      // In a set, the same twice is one.
      guard node.facts.contains(where: { $0.collection == .set }) else { return .list(normal) }
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
