import Document
import TrueupCore

/// `clients/<client>-<environment>.jsonc`: one stack.
struct Manifest {
  /// The path that errors show, and the path within the desired state.
  var file: String
  var path: String
  var start: SourceLocation
  var client: String
  var environment: String
  /// Where the client is named.
  var clientLocation: SourceLocation
  var blueprint: Located<BlueprintUse>
  var account: Located<String>?
  var region: Located<String>?
  var parameters: [Node.Member]
  /// Where parameters stand, or should.
  var parametersLocation: SourceLocation
  var secrets: [String: Located<SecretSource>]
  /// Where secrets stand, or should.
  var secretsLocation: SourceLocation
  var tags: [DeclaredTag]
  var adopt: [DeclaredAdoption]
  var destroy: DataDisposal?
  var destroyedResources: Int?
  var expires: Day?
  /// Its own windows in place of the fleet's.
  var windows: [ChangeWindow]?
  var isSuspended: Bool
  /// The revision that the whole stack is held back at.
  var heldAt: String?

  var stackName: String { "\(client)-\(environment)" }

  init?(_ node: Node, file: String, path: String, log: DiagnosticLog) {
    guard
      let reader = ObjectReader(
        node, in: file, as: "the manifest", allowed: ObjectSchema.manifest.names, log: log)
    else { return nil }
    self.file = file
    self.path = path
    start = reader.location
    account = reader.string("account")
    region = reader.region()
    parameters = reader.object("parameters")
    parametersLocation = reader["parameters"].map { reader.place($0.position) } ?? start
    secrets = Self.secrets(reader)
    secretsLocation = reader["secrets"].map { reader.place($0.position) } ?? start
    tags = DeclaredTag.read(reader.object("tags"), reader)
    adopt = DeclaredAdoption.read(reader)
    let removal = Self.destroy(reader)
    destroy = removal?.data
    destroyedResources = removal?.resources
    expires = Self.expires(reader)
    windows = ChangeWindow.read(reader)
    isSuspended = Self.isSuspended(reader)
    let client = reader.string("client", required: true)
    let environment = reader.string("environment", required: true)
    let blueprint = Self.blueprint(reader)
    for (what, name) in [("client", client), ("environment", environment)] {
      guard let name, !Name.isValid(name.value) else { continue }
      log.error(Name.problem(what, name.value), at: name.location)
      return nil
    }
    guard let client, let environment, let blueprint else { return nil }
    self.client = client.value
    self.environment = environment.value
    self.blueprint = blueprint
    clientLocation = client.location
    let expected = DesiredFiles.manifestPath(ofStack: stackName)
    if path != expected {
      log.error(
        "the manifest of client \(client.value.quoted) in environment "
          + "\(environment.value.quoted) must be \(expected), not \(path)",
        at: client.location)
    }
  }

  private static func blueprint(_ reader: ObjectReader) -> Located<BlueprintUse>? {
    guard let node = reader["blueprint"], node.members != nil else {
      return reader.string("blueprint", required: true).map {
        Located(value: BlueprintUse(name: $0.value), location: $0.location)
      }
    }
    guard
      let pin = ObjectReader(
        node, in: reader.file, as: "\"blueprint\"", allowed: ObjectSchema.pin.names,
        log: reader.log),
      let name = pin.string("name", required: true),
      let revision = pin.string("revision", required: true)
    else { return nil }
    return Located(
      value: BlueprintUse(name: name.value, revision: revision.value), location: name.location)
  }

  private static func secrets(_ reader: ObjectReader) -> [String: Located<SecretSource>] {
    var sources: [String: Located<SecretSource>] = [:]
    for member in reader.object("secrets") {
      guard
        let source = ObjectReader(
          member.value, in: reader.file, as: "secret \(member.key.quoted)",
          allowed: ObjectSchema.secretSource.names, log: reader.log)
      else { continue }
      guard source.members.count == 1 else {
        source.error(
          "secret \(member.key.quoted) needs one source: { \"env\": VARIABLE }, "
            + "{ \"file\": PATH } or { \"generate\": LENGTH }", at: source.position)
        continue
      }
      let location = source.place(member.position)
      if let variable = source.string("env") {
        sources[member.key] = Located(
          value: .environment(variable: variable.value), location: location)
      } else if let path = source.string("file") {
        sources[member.key] = Located(value: .file(path: path.value), location: location)
      } else if let length = source.count("generate") {
        guard (8...4096).contains(length) else {
          source.error(
            "secret \(member.key.quoted) can be generated with 8 to 4096 characters, not \(length)",
            at: source.members[0].value.position)
          continue
        }
        sources[member.key] = Located(value: .generate(length: length), location: location)
      }
    }
    return sources
  }
}
