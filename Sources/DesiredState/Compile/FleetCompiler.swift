import Document
import TrueupCore

/// Compiles all stacks of a fleet, and checks what must hold across them.
final class FleetCompiler {
  struct ExportName: Hashable {
    var account: String
    var region: String
    var name: String
  }

  private struct BlueprintKey: Hashable {
    var name: String
    var revision: String?
  }

  let files: DesiredFiles
  let settings: CompilationSettings
  let log = DiagnosticLog()
  private var blueprints: [BlueprintKey: Blueprint?] = [:]
  var heldFleets: [String: Fleet?] = [:]
  private(set) var stacks: [StackCompiler] = []
  private var stacksByName: [String: StackCompiler] = [:]
  var exports: [ExportName: (stack: StackCompiler, output: String, location: SourceLocation)] = [:]

  init(files: DesiredFiles, settings: CompilationSettings) {
    self.files = files
    self.settings = settings
  }

  func compile() -> Compilation {
    let fleet = readFleet()
    let manifests = readManifests()
    for path in files.contents.keys.sorted() where path.hasPrefix("blueprints/") {
      guard path.hasSuffix(".jsonc") else { continue }
      _ = blueprint(BlueprintKey(name: String(path.dropFirst(11).dropLast(6))))
    }
    if let fleet {
      for manifest in manifests {
        guard let fleet = manifest.heldAt == nil ? fleet : heldFleet(of: manifest) else { continue }
        addStack(manifest, fleet)
      }
      checkNotifiedClients(fleet.notifiedClients, manifests)
    }
    for stack in stacks { stack.prepare() }
    readExports()
    let compiled = withoutDuplicates(
      stacks.map { stack in stack.compile(exports: exportNames(of: stack)) })
    checkUnique()
    checkDisjointCIDRs()
    checkCycles(compiled)
    checkCollisions(compiled)
    let diagnostics = log.diagnostics
    var compilation = Compilation(
      desired: nil, diagnostics: diagnostics,
      requiredFacts: stacks.reduce(into: []) { $0.formUnion($1.requiredFacts) },
      accounts: accounts(fleet))
    if let fleet, compilation.errors.isEmpty {
      compilation.desired = Desired(
        project: fleet.project, accounts: accounts(fleet), budget: fleet.budget,
        notifications: fleet.notifications, stacks: compiled)
    }
    return compilation
  }

  /// A warning, because a client may be expected before it has a manifest.
  private func checkNotifiedClients(_ named: [Located<String>], _ manifests: [Manifest]) {
    let clients = Set(manifests.map(\.client))
    for client in named where !clients.contains(client.value) {
      log.add(
        .warning,
        "no manifest has the client \(client.value.quoted), of which a destination is to hear"
          + Spelling.suggestion(for: client.value, among: clients.sorted()), at: client.location)
    }
  }

  private func read(_ path: String) -> Node? {
    files.contents[path].flatMap { read($0, file: files.displayPath(path)) }
  }

  func read(_ bytes: [UInt8], file: String) -> Node? {
    do throws(ReadingError) {
      return try JSON.readNode(bytes)
    } catch {
      log.error(error.message, at: SourceLocation(file: file, position: error.position))
      return nil
    }
  }

  private func readFleet() -> Fleet? {
    guard files.contents[Fleet.fileName] != nil else {
      log.error(
        "\(files.displayPath(Fleet.fileName)) is missing; it names the project and its accounts",
        at: nil)
      return nil
    }
    return read(Fleet.fileName).flatMap {
      Fleet($0, file: files.displayPath(Fleet.fileName), log: log)
    }
  }

  private func readManifests() -> [Manifest] {
    let paths = Set(files.contents.keys).union(files.held.keys)
      .filter { $0.hasPrefix("clients/") }.sorted()
    for path in paths where !Self.isManifest(path) {
      guard path.hasSuffix(".jsonc") || [".json", ".yaml", ".yml"].contains(where: path.hasSuffix)
      else { continue }
      log.error(
        "\(files.displayPath(path)) is no manifest; manifests are clients/<client>-<environment>"
          + ".jsonc", at: nil)
    }
    let manifests = paths.filter(Self.isManifest)
    if manifests.isEmpty {
      log.error(
        "\(files.displayPath("clients")) holds no manifest; a stack is removed with \"destroy\" in "
          + "its manifest", at: nil)
    }
    return manifests.compactMap { path in
      if let held = files.held[path] { return self.held(held, path) }
      return read(path).flatMap {
        Manifest($0, file: files.displayPath(path), path: path, log: log)
      }
    }
  }

  private static func isManifest(_ path: String) -> Bool {
    path.hasSuffix(".jsonc") && path.split(separator: "/").count == 2
  }

  private func blueprint(_ key: BlueprintKey) -> Blueprint? {
    if let known = blueprints[key] { return known }
    let path = "blueprints/\(key.name).jsonc"
    let file = files.displayPath(path, revision: key.revision)
    var node: Node?
    if let revision = key.revision {
      let pin = PinnedBlueprint(name: key.name, revision: revision)
      if case .success(let bytes) = files.pinned[pin] { node = read(bytes, file: file) }
    } else {
      node = read(path)
    }
    let blueprint = node.flatMap { Blueprint($0, name: key.name, file: file, log: log) }
    blueprints[key] = .some(blueprint)
    return blueprint
  }

  /// The manifest's blueprint; `nil`, reported, where there is none.
  private func blueprint(of manifest: Manifest) -> Blueprint? {
    var wanted = manifest.blueprint.value
    wanted.revision = wanted.revision ?? manifest.heldAt
    if let revision = wanted.revision {
      let pin = PinnedBlueprint(name: wanted.name, revision: revision)
      switch files.pinned[pin] {
      case .success: break
      case .failure(let error):
        log.error(error.description, at: manifest.blueprint.location)
        return nil
      case nil:
        log.error(
          "blueprint \(wanted.name.quoted) was not read at revision \(revision)",
          at: manifest.blueprint.location)
        return nil
      }
    } else if files.contents["blueprints/\(wanted.name).jsonc"] == nil {
      let names = files.contents.keys.filter { $0.hasPrefix("blueprints/") }.map {
        String($0.dropFirst(11).prefix { $0 != "." })
      }
      log.error(
        "there is no blueprint \(wanted.name.quoted) ("
          + "\(files.displayPath("blueprints/\(wanted.name).jsonc")))"
          + Spelling.suggestion(for: wanted.name, among: names),
        at: manifest.blueprint.location)
      return nil
    }
    return blueprint(BlueprintKey(name: wanted.name, revision: wanted.revision))
  }

  private func addStack(_ manifest: Manifest, _ fleet: Fleet) {
    if let other = stacksByName[manifest.stackName] {
      log.error(
        "stack \(manifest.stackName) is also declared in \(other.manifest.clientLocation)",
        at: manifest.clientLocation)
      return
    }
    let blueprint = blueprint(of: manifest)
    guard let account = account(of: manifest, fleet) else { return }
    guard let region = manifest.region?.value ?? account.region ?? fleet.region else {
      log.error(
        "the manifest needs \"region\": neither it nor account \(account.name) nor the fleet names "
          + "one", at: manifest.start)
      return
    }
    guard let blueprint else { return }
    let id = StackID(
      project: fleet.project, client: manifest.client, environment: manifest.environment)
    let stack = StackCompiler(
      id: id, manifest: manifest, blueprint: blueprint, account: account, region: region,
      fleet: fleet, settings: settings, log: log)
    stack.fleet = self
    log.use(file: blueprint.file, by: id.name)
    stacksByName[id.name] = stack
    stacks.append(stack)
  }

  private func account(of manifest: Manifest, _ fleet: Fleet) -> FleetAccount? {
    guard let name = manifest.account?.value ?? fleet.defaultAccount else {
      if !fleet.accountNames.isEmpty {
        log.error(
          "the manifest needs \"account\": \(Fleet.fileName) has several and no default",
          at: manifest.start)
      }
      return nil
    }
    if let account = fleet.accounts.first(where: { $0.name == name }) { return account }
    if let named = manifest.account, !fleet.accountNames.contains(name) {
      log.error(Fleet.unknownAccount(name, among: fleet.accountNames), at: named.location)
    }
    return nil
  }

  /// The type of a resource of any stack.
  func type(of address: Address) -> String? {
    stacksByName[address.stack]?.resources[address.resource]?.type
  }
}
