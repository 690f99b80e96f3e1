import Document

/// How a saved plan is written, and read as what it is: something that anybody may have written.
extension SavedPlan {
  /// Why a text is no saved plan.
  public struct Invalid: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
  }

  static let kind = "trueup plan"
  private static let formatVersion = 1
  /// More than any plan has.
  private static let stepLimit = 100_000
  private static let textLimit = 4_096

  public var document: Document {
    [
      "formatVersion": .integer(Self.formatVersion), "kind": .string(Self.kind), "id": .string(id),
      "version": .string(version), "project": .string(project), "revision": text(revision),
      "askedRevision": text(askedRevision),
      "stacks": selection.map { .list($0.map(Document.string)) } ?? .null,
      "terms": .object(terms.mapValues(Document.string)), "salt": .string(salt),
      "secrets": .object(secrets.mapValues(Document.string)),
      "steps": .list(
        steps.map { step in
          [
            "stack": .string(step.id.address.stack), "resource": .string(step.id.address.resource),
            "action": .string(step.id.action.rawValue), "target": .string(step.id.target),
            "type": .string(step.type), "id": text(step.physicalID),
            "desired": .object(step.desired.mapValues(Document.string)),
            "observed": .object(step.observed.mapValues(Document.string)),
          ]
        }),
    ]
  }

  private func text(_ value: String?) -> Document { value.map(Document.string) ?? .null }

  /// Whether a value is meant to be a saved plan, whatever else is wrong with it.
  public static func isMeant(by document: Document) -> Bool {
    document["kind"]?.string == kind
  }

  public init(_ document: Document) throws(Invalid) {
    guard Self.isMeant(by: document) else {
      throw Invalid("it is no plan of trueup plan --out")
    }
    guard document["formatVersion"]?.integer == Self.formatVersion else {
      throw Invalid(
        "its formatVersion is not \(Self.formatVersion): it was made by another version")
    }
    var reader = Reader(document, at: "")
    id = try reader.digits("id")
    version = try reader.text("version")
    project = try reader.text("project")
    revision = try reader.optionalText("revision")
    askedRevision = try reader.optionalText("askedRevision")
    guard askedRevision?.allSatisfy(\.isHexDigit) != false else {
      throw Invalid("askedRevision: expected the id of a commit")
    }
    selection = try reader.optionalTexts("stacks")
    terms = try reader.texts("terms")
    salt = try reader.digits("salt")
    secrets = try reader.texts("secrets")
    let items = try reader.list("steps")
    try reader.end(besides: ["formatVersion", "kind"])
    guard items.count <= Self.stepLimit else {
      throw Invalid("steps: more than \(Self.stepLimit)")
    }
    steps = []
    for (index, item) in items.enumerated() {
      var reader = Reader(item, at: "steps/\(index)/")
      let action = try reader.text("action")
      guard let action = TrueupCore.Step.Action(rawValue: action) else {
        throw Invalid("steps/\(index)/action: expected create, update or delete")
      }
      let address = Address(stack: try reader.text("stack"), resource: try reader.text("resource"))
      steps.append(
        Step(
          id: PlannedStep.ID(
            address: address, action: action, target: try reader.text("target", mayBeEmpty: true)),
          type: try reader.text("type"), physicalID: try reader.optionalText("id"),
          desired: try reader.texts("desired"), observed: try reader.texts("observed")))
      try reader.end()
    }
    guard Set(steps.map(\.id)).count == steps.count else {
      throw Invalid("steps: one stands there twice")
    }
  }

  /// Reads the members of one object, each of its type, and none that nobody asked for.
  private struct Reader {
    private let members: [String: Document]
    private let place: String
    private var read: Set<String> = []

    init(_ document: Document, at place: String) {
      members = document.object ?? [:]
      self.place = place
    }

    mutating func text(_ key: String, mayBeEmpty: Bool = false) throws(Invalid) -> String {
      read.insert(key)
      guard let text = members[key]?.string else {
        throw Invalid("\(place)\(key): expected a text")
      }
      try check(text, key)
      guard mayBeEmpty || !text.isEmpty else { throw Invalid("\(place)\(key): empty") }
      return text
    }

    mutating func optionalText(_ key: String) throws(Invalid) -> String? {
      read.insert(key)
      guard let value = members[key] else { throw Invalid("\(place)\(key): missing") }
      return value.isNull ? nil : try text(key, mayBeEmpty: true)
    }

    /// What comes from a file is shown to people, whose terminal it must not steer.
    private func check(_ text: String, _ key: String) throws(Invalid) {
      guard text.utf8.count <= textLimit else { throw Invalid("\(place)\(key): too long") }
      let isPlain = text.unicodeScalars.allSatisfy {
        $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
      }
      guard isPlain else { throw Invalid("\(place)\(key): holds control characters") }
    }

    /// 32 hexadecimal digits.
    mutating func digits(_ key: String) throws(Invalid) -> String {
      let text = try text(key)
      guard text.utf8.count == 32, text.allSatisfy({ "0123456789abcdef".contains($0) }) else {
        throw Invalid("\(place)\(key): expected 32 hexadecimal digits")
      }
      return text
    }

    mutating func list(_ key: String) throws(Invalid) -> [Document] {
      read.insert(key)
      guard let list = members[key]?.list else { throw Invalid("\(place)\(key): expected a list") }
      return list
    }

    mutating func optionalTexts(_ key: String) throws(Invalid) -> [String]? {
      read.insert(key)
      guard let value = members[key] else { throw Invalid("\(place)\(key): missing") }
      if value.isNull { return nil }
      var texts: [String] = []
      for element in try list(key) {
        guard let text = element.string, !text.isEmpty else {
          throw Invalid("\(place)\(key): expected names")
        }
        try check(text, key)
        texts.append(text)
      }
      guard !texts.isEmpty else { throw Invalid("\(place)\(key): empty") }
      return texts
    }

    mutating func texts(_ key: String) throws(Invalid) -> [String: String] {
      read.insert(key)
      guard let object = members[key]?.object else {
        throw Invalid("\(place)\(key): expected an object")
      }
      var texts: [String: String] = [:]
      for (name, value) in object {
        guard let text = value.string else { throw Invalid("\(place)\(key): expected texts") }
        try check(name, key)
        try check(text, key)
        texts[name] = text
      }
      return texts
    }

    func end(besides known: Set<String> = []) throws(Invalid) {
      let others = Set(members.keys).subtracting(read).subtracting(known)
      guard let key = others.min() else { return }
      try check(key, "a member")
      throw Invalid("\(place)\(key): nothing is known by that name")
    }
  }
}
