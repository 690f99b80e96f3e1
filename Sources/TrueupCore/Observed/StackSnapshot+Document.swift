import Document

/// Why a file is no snapshot that this version reads.
public enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A member is missing or is not what it should be.
  case malformed(member: String)
  case unsupportedVersion(Int)

  public var description: String {
    switch self {
    case .malformed(let member): "it is no snapshot of a stack (\"\(member)\" is missing or wrong)"
    case .unsupportedVersion(let version):
      "its formatVersion is \(version), and this trueup reads \(StackSnapshot.formatVersion); take "
        + "it anew with trueup snapshot"
    }
  }
}

/// The form of the files: one object per stack, sorted throughout, so that equal worlds give equal
/// bytes.
extension StackSnapshot {
  static let formatVersion = 1

  /// The whole file; `json(indent: 2)` writes it.
  public var document: Document {
    var members: [String: Document] = [
      "formatVersion": .integer(Self.formatVersion),
      "project": .string(id.project), "client": .string(id.client),
      "environment": .string(id.environment), "account": .string(account),
      "region": .string(region), "resources": .list(sortedResources.map(\.document)),
    ]
    if !facts.isEmpty {
      members["facts"] = .list(
        facts.sorted { $0.key.sortKey.lexicographicallyPrecedes($1.key.sortKey) }
          .map { $0.document(value: $1) })
    }
    return .object(members)
  }

  private var sortedResources: [Resource] {
    resources.sorted { left, right in
      [left.logicalID ?? "", left.type, left.scope.description, left.id]
        .lexicographicallyPrecedes(
          [right.logicalID ?? "", right.type, right.scope.description, right.id])
    }
  }

  /// Reads what `document` gives.
  public init(_ document: Document) throws(SnapshotError) {
    guard let version = document["formatVersion"]?.integer else {
      throw .malformed(member: "formatVersion")
    }
    guard version == Self.formatVersion else { throw .unsupportedVersion(version) }
    func text(_ key: String) throws(SnapshotError) -> String { try document.recorded(key) }
    id = StackID(
      project: try text("project"), client: try text("client"),
      environment: try text("environment"))
    account = try text("account")
    region = try text("region")
    guard let list = document["resources"]?.list else { throw .malformed(member: "resources") }
    resources = []
    for element in list { resources.append(try Resource(element)) }
    facts = [:]
    for element in document["facts"]?.list ?? [] {
      guard let fact = Fact(element), let value = element["value"] else {
        throw .malformed(member: "facts")
      }
      facts[fact] = value
    }
  }
}

extension StackSnapshot.Resource {
  fileprivate var document: Document {
    var members: [String: Document] = [
      "type": .string(type), "id": .string(id), "account": .string(scope.account),
      "properties": .object(properties.mapValues(\.stored)), "tags": .object(tags),
    ]
    members["region"] = scope.region.map(Document.string)
    members["resource"] = logicalID.map(Document.string)
    members["createdAt"] = createdAt.map { seconds in
      Int(exactly: seconds).map(Document.integer) ?? .double(seconds)
    }
    members["transition"] = transition.map(Document.string)
    if !unread.isEmpty {
      members["unread"] = .list(unread.sorted().map { .string($0.description) })
    }
    return .object(members)
  }

  fileprivate init(_ document: Document) throws(SnapshotError) {
    guard let properties = document["properties"]?.object else {
      throw .malformed(member: "properties")
    }
    self.init(
      logicalID: document["resource"]?.string, type: try document.recorded("type"),
      id: try document.recorded("id"),
      scope: Scope(
        account: try document.recorded("account"), region: document["region"]?.string),
      properties: properties.mapValues(Document.init(stored:)),
      tags: (document["tags"]?.object ?? [:]).mapValues(Document.init(stored:)),
      unread: (document["unread"]?.list ?? []).compactMap(\.string).map { PropertyPath(text: $0) },
      createdAt: document["createdAt"]?.double, transition: document["transition"]?.string)
  }
}

extension Fact {
  fileprivate var sortKey: [String] {
    switch self {
    case .availabilityZones(let account, let region): [account, region, ""]
    case .parameter(let name, let isList, let account, let region):
      [account, region, name, String(isList)]
    }
  }

  fileprivate func document(value: Document) -> Document {
    switch self {
    case .availabilityZones(let account, let region):
      [
        "fact": "availabilityZones", "account": .string(account), "region": .string(region),
        "value": value,
      ]
    case .parameter(let name, let isList, let account, let region):
      [
        "fact": "parameter", "name": .string(name), "isList": .bool(isList),
        "account": .string(account), "region": .string(region), "value": value,
      ]
    }
  }

  fileprivate init?(_ document: Document) {
    guard let account = document["account"]?.string, let region = document["region"]?.string else {
      return nil
    }
    switch document["fact"]?.string {
    case "availabilityZones": self = .availabilityZones(account: account, region: region)
    case "parameter":
      guard let name = document["name"]?.string, let isList = document["isList"]?.bool else {
        return nil
      }
      self = .parameter(name: name, isList: isList, account: account, region: region)
    default: return nil
    }
  }
}

extension Document {
  fileprivate func recorded(_ key: String) throws(SnapshotError) -> String {
    guard let text = self[key]?.string else { throw .malformed(member: key) }
    return text
  }
}
