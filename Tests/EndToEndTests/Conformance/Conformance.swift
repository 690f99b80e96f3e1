import Foundation

/// What the tests know of a resource type: a file of `Tests/Conformance/<Service>/<Type>.json`, and what
/// is the same for all. `docs/add-a-kind.md` describes its members.
struct Conformance {
  /// A call of somebody else, with what is to be found in its reply.
  struct Call {
    let service: String
    let operation: String
    let input: JSON
    /// Values by name, each as a JMESPath of the reply.
    let find: [String: String]
  }

  /// Changes that are made by hand of one resource, together.
  struct Drift {
    let resource: String
    let before: [Call]
    let changes: [(call: Call, told: [String])]
  }

  let type: String
  let json: JSON
  /// How long the file is: about as long as its test takes.
  let size: Int

  static let directory = Paths.repository.appendingPathComponent("Tests/Conformance")

  /// All files, by type.
  static func all() throws -> [Conformance] {
    guard let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
    else { throw HarnessError("\(directory.path) cannot be read") }
    return try files.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }
      .map(Conformance.init).sorted { $0.type < $1.type }
  }

  /// The resources of some files together, as they stand inside of `Resources`.
  ///
  /// - Parameter types: without the first part, `SNS::Topic`.
  static func resources(of types: [String]) throws -> String {
    var resources: [String: Any] = [:]
    for conformance in try all() where types.contains(where: { "AWS::" + $0 == conformance.type }) {
      resources.merge(conformance.resources.value as? [String: Any] ?? [:]) { first, _ in first }
    }
    return String(JSON(resources).description.dropFirst().dropLast())
  }

  init(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    json = try JSON(parsing: String(decoding: data, as: UTF8.self))
    size = data.count
    let parts = [
      file.deletingLastPathComponent().lastPathComponent,
      file.deletingPathExtension().lastPathComponent,
    ]
    type = "AWS::" + parts.joined(separator: "::")
    try requireKnownMembers(file.lastPathComponent)
  }

  // MARK: Members

  /// What others make before anything is applied.
  var before: [Call] { json["before"].array.map(Self.call) }

  /// Resources that set every property of the type, with those that they need.
  var resources: JSON { json["resources"] }

  var drift: [Drift] {
    json["drift"].array.map { entry in
      Drift(
        resource: entry["resource"].string ?? "", before: entry["before"].array.map(Self.call),
        changes: entry["changes"].array.map {
          (Self.call($0), $0["told"].array.compactMap(\.string))
        })
    }
  }

  /// Properties that can be changed in AWS and are not changed here, with the reasons.
  var notChanged: [String: String] { reasons(json["notChanged"]) }

  /// The resources of the type whose properties are taken out.
  var reset: [String] { json["reset"]["resources"].array.compactMap(\.string) }

  /// Properties that the registry does not require, and without which AWS takes no such resource.
  var essential: Set<String> {
    Set(json["reset"]["essential"].array.compactMap(\.string))
  }

  /// `Resource/Property` that is set as AWS has it without, with the reasons.
  var silent: [String: String] { reasons(json["reset"]["silent"]) }

  /// Its resource in the stack of all types.
  var stack: JSON { json["stack"] }

  /// Resources that take the place of those of these names before all is destroyed: without what AWS wants
  /// taken out of them first.
  var closing: JSON { json["closing"] }

  /// Why AWS still shows something when all is deleted, and what its ARNs hold.
  var remains: (parts: [String], why: String)? {
    json["remains"]["why"].string.map { (json["remains"]["parts"].array.compactMap(\.string), $0) }
  }

  /// The resources of the type, by name.
  var own: [String] { resources.keys.filter { resources[$0]["Type"].string == type } }

  private func reasons(_ json: JSON) -> [String: String] {
    json.keys.reduce(into: [:]) { $0[$1] = json[$1].string }
  }

  private static func call(_ json: JSON) -> Call {
    let words = (json["call"].string ?? "").split(separator: ":").map(String.init)
    return Call(
      service: words.first ?? "", operation: words.count == 2 ? words[1] : "", input: json["input"],
      find: json["find"].keys.reduce(into: [:]) { $0[$1] = json["find"][$1].string })
  }

  // MARK: Form

  /// Each object's members; those that end in `!` must be there.
  private static let members: [String: Set<String>] = [
    "": [
      "arn", "composed", "before", "resources!", "drift!", "notChanged", "reset!", "stack!",
      "closing", "remains",
    ],
    "before": ["call!", "input", "find"],
    "drift": ["resource!", "before", "changes!"],
    "drift/before": ["call!", "input", "find"],
    "drift/changes": ["call!", "input", "told!"],
    "reset": ["resources!", "essential", "silent"],
    "stack": ["name!", "first!", "second", "more", "becomes!", "why"],
    "remains": ["parts!", "why!"],
  ]

  /// A section may be a text instead: why there is none.
  private func requireKnownMembers(_ file: String) throws {
    for (path, members) in Self.members {
      let names = path.split(separator: "/").map(String.init)
      var objects = [json]
      for name in names {
        objects = objects.flatMap { $0[name].value is [Any] ? $0[name].array : [$0[name]] }
      }
      for object in objects where object.value is [String: Any] {
        let known = Set(members.map { $0.replacingOccurrences(of: "!", with: "") })
        let unknown = object.keys.filter { !known.contains($0) }
        let missing = members.filter {
          $0.hasSuffix("!") && object[String($0.dropLast())].value == nil
        }
        guard unknown.isEmpty, missing.isEmpty else {
          throw HarnessError(
            "Tests/Conformance, \(file)/\(path): unknown \(unknown), missing \(missing.sorted())")
        }
      }
    }
    guard !drift.isEmpty || json["drift"].string != nil,
      !reset.isEmpty || json["reset"].string != nil
    else { throw HarnessError("Tests/Conformance, \(file): neither tests nor the reason for none") }
    guard stack["becomes"].string == "replace" || stack["why"].string != nil else {
      throw HarnessError(
        "Tests/Conformance, \(file): the stack does not say why nothing is replaced")
    }
    // Reasons for what is not there any more.
    let silent = silent.keys.filter { key in
      let parts = key.split(separator: "/").map(String.init)
      return parts.count != 2 || resources[parts[0]]["Properties"][parts[1]].value == nil
    }
    guard silent.isEmpty else {
      throw HarnessError("Tests/Conformance, \(file): no resource has \(silent)")
    }
  }
}
