import Document
import TrueupCore

/// Compiles all stacks of a fleet, and checks what must hold across them.
final class FleetCompiler {
  struct ExportName: Hashable {
    var account: String
    var region: String
    var name: String
  }

  let files: DesiredFiles
  let settings: CompilationSettings
  /// The stacks that are asked for; `nil` for all.
  let only: Set<String>?
  private let parsed: ParsedFiles?
  let log = DiagnosticLog()
  private var blueprints: [BlueprintUse: (blueprint: Blueprint?, log: DiagnosticLog)] = [:]
  var heldFleets: [String: Fleet?] = [:]
  /// Those that are asked for.
  private(set) var stacks: [StackCompiler] = []
  /// Others that they may take values from. What is wrong with them counts where one is used.
  private var others: [StackCompiler] = []
  private var stacksByName: [String: StackCompiler] = [:]
  var exports: [ExportName: (stack: StackCompiler, output: String, location: SourceLocation)] = [:]
  private(set) var exportNames: [String: [String: String]] = [:]

  /// - Parameters:
  ///   - only: the stacks that are wanted, by name; of the other manifests in the files their exports
  ///     and outputs alone are used, and what holds across the fleet is not checked. `nil` for all.
  ///   - parsed: files that were parsed already.
  init(
    files: DesiredFiles, settings: CompilationSettings, only: Set<String>? = nil,
    parsed: ParsedFiles? = nil
  ) {
    self.files = files
    self.settings = settings
    self.only = only
    self.parsed = parsed
  }

  func compile() -> Compilation {
    let fleet = readFleet()
    let manifests = readManifests()
    if only == nil { readBlueprints() }
    if let fleet {
      for (manifest, log) in manifests {
        guard let fleet = manifest.heldAt == nil ? fleet : heldFleet(of: manifest) else { continue }
        addStack(manifest, fleet: fleet, stackLog: log)
      }
      if only == nil { checkNotifiedClients(fleet.notifiedClients, manifests.map(\.0)) }
    }
    let compiled = withoutDuplicates(compileStacks())
    for (manifest, log) in manifests where isWanted(manifest.path) { self.log.merge(log) }
    if only == nil {
      checkUnique()
      checkDisjointCIDRs()
      let collisions = checkCollisions(compiled)
      if settings.checksContent { checkRelations(compiled, besides: collisions) }
      checkAdoptions(compiled)
    }
    checkCycles(compiled)
    let diagnostics = log.diagnostics
    var compilation = Compilation(
      desired: nil, diagnostics: diagnostics,
      requiredFacts: stacks.reduce(into: []) { $0.formUnion($1.requiredFacts) },
      accounts: accounts(fleet))
    if let fleet, compilation.errors.isEmpty {
      var desired = Desired(
        project: fleet.project, accounts: accounts(fleet), budget: fleet.budget,
        notifications: fleet.notifications, stacks: compiled, formerProject: fleet.formerProject)
      desired.checks = fleet.checks
      compilation.desired = desired
    }
    return compilation
  }

  /// Stacks are independent of one another but for imports, so that each step is made of all that have
  /// none at once; those that have some follow one by one, and find what they ask for evaluated.
  private func compileStacks() -> [DesiredStack] {
    let all = stacks + others
    let independent = all.filter { !$0.blueprint.hasImports }
    let importing = all.filter(\.blueprint.hasImports)
    func each(_ body: (StackCompiler) -> Void) {
      _ = Concurrently.map(independent, body)
      importing.forEach(body)
    }
    each { $0.prepare() }
    each { $0.readExports() }
    for stack in all { addExports(of: stack) }
    // Once all outputs have their values, a stack only reads what another has.
    if !importing.isEmpty { each { $0.evaluateOutputs() } }
    return Concurrently.map(stacks) { $0.compile(exports: exportNames[$0.id.name] ?? [:]) }
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

  private func read(_ path: String, log: DiagnosticLog) -> Node? {
    files.contents[path].flatMap { read($0, file: files.displayPath(path), log: log) }
  }

  func read(_ bytes: [UInt8], file: String, log: DiagnosticLog? = nil) -> Node? {
    switch parsed?.node(bytes) ?? ParsedFiles.parse(bytes) {
    case .success(let node): return node
    case .failure(let error):
      (log ?? self.log).error(
        error.message, at: SourceLocation(file: file, position: error.position))
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
    return read(Fleet.fileName, log: log).flatMap {
      Fleet($0, file: files.displayPath(Fleet.fileName), log: log)
    }
  }

  /// The manifests, each with the log that tells what is wrong with its stack.
  private func readManifests() -> [(Manifest, DiagnosticLog)] {
    let paths = Set(files.contents.keys).union(files.held.keys)
      .filter { $0.hasPrefix("clients/") }.sorted()
    let manifests = paths.filter(Self.isManifest)
    if only == nil { checkManifests(paths, isNone: manifests.isEmpty) }
    return Concurrently.map(manifests) { path -> (Manifest, DiagnosticLog)? in
      let log = DiagnosticLog()
      let manifest = readManifest(path, log)
      if manifest == nil, isWanted(path) { self.log.merge(log) }
      return manifest.map { ($0, log) }
    }.compactMap(\.self)
  }

  private func readManifest(_ path: String, _ log: DiagnosticLog) -> Manifest? {
    if let held = files.held[path] { return self.held(held, path: path, log: log) }
    return read(path, log: log).flatMap {
      Manifest($0, file: files.displayPath(path), path: path, log: log)
    }
  }

  /// Whether the stack of a manifest is asked for: `clients/acme-prod.jsonc`.
  private func isWanted(_ path: String) -> Bool {
    guard let only else { return true }
    return DesiredFiles.stackName(ofManifest: path).map(only.contains) ?? false
  }

  private func checkManifests(_ paths: [String], isNone: Bool) {
    for path in paths where !Self.isManifest(path) {
      guard path.hasSuffix(".jsonc") || [".json", ".yaml", ".yml"].contains(where: path.hasSuffix)
      else { continue }
      let isYAML = path.hasSuffix(".yaml") || path.hasSuffix(".yml")
      log.error(
        "\(files.displayPath(path)) is no manifest; manifests are clients/<client>-<environment>"
          + ".jsonc" + (isYAML ? "; \(ForeignText.yaml)" : ""), at: nil)
    }
    if isNone {
      log.error(
        "\(files.displayPath("clients")) holds no manifest; a stack is removed with \"destroy\" in "
          + "its manifest", at: nil)
    }
  }

  private static func isManifest(_ path: String) -> Bool {
    path.hasSuffix(".jsonc") && path.split(separator: "/").count == 2
  }

  private func readBlueprints() {
    for name in files.blueprintNames { _ = blueprint(BlueprintUse(name: name), log) }
  }

  /// The blueprint, with what is wrong with it in the log.
  private func blueprint(_ use: BlueprintUse, _ log: DiagnosticLog) -> Blueprint? {
    let known = blueprints[use] ?? readBlueprint(use)
    blueprints[use] = known
    log.merge(known.log)
    return known.blueprint
  }

  private func readBlueprint(_ use: BlueprintUse) -> (blueprint: Blueprint?, log: DiagnosticLog) {
    let file = files.displayPath(use.path, revision: use.revision)
    guard let bytes = files.bytes(of: use) else { return (nil, DiagnosticLog()) }
    if let parsed { return parsed.blueprint(bytes, name: use.name, file: file) }
    return ParsedFiles.blueprint(ParsedFiles.parse(bytes), name: use.name, file: file)
  }

  /// The manifest's blueprint; `nil`, reported, where there is none.
  private func blueprint(of manifest: Manifest, _ log: DiagnosticLog) -> Blueprint? {
    var wanted = manifest.blueprint.value
    wanted.revision = wanted.revision ?? manifest.heldAt
    if let pin = wanted.pin {
      switch files.pinned[pin] {
      case .success: break
      case .failure(let error):
        log.error(error.description, at: manifest.blueprint.location)
        return nil
      case nil:
        log.error(
          "blueprint \(wanted.name.quoted) was not read at revision \(pin.revision)",
          at: manifest.blueprint.location)
        return nil
      }
    } else if files.contents[wanted.path] == nil {
      log.error(
        "there is no blueprint \(wanted.name.quoted) ("
          + "\(files.displayPath(wanted.path)))"
          + (otherForm(ofBlueprint: wanted.name)
            ?? Spelling.suggestion(for: wanted.name, among: files.blueprintNames)),
        at: manifest.blueprint.location)
      return nil
    }
    return blueprint(wanted, log)
  }

  /// The blueprint as a file that is not read.
  private func otherForm(ofBlueprint name: String) -> String? {
    for ending in ["yaml", "yml", "template"]
    where files.contents["blueprints/\(name).\(ending)"] != nil {
      return "; of blueprints/\(name).\(ending): \(ForeignText.yaml)"
    }
    return files.contents["blueprints/\(name).json"].map { _ in
      "; rename blueprints/\(name).json to \(name).jsonc"
    }
  }

  private func addStack(_ manifest: Manifest, fleet: Fleet, stackLog: DiagnosticLog) {
    guard let stack = stack(manifest, fleet: fleet, log: stackLog) else { return }
    stack.fleet = self
    stackLog.use(file: stack.blueprint.file, by: stack.id.name)
    stacksByName[stack.id.name] = stack
    if isWanted(manifest.path) { stacks.append(stack) } else { others.append(stack) }
  }

  private func stack(
    _ manifest: Manifest, fleet: Fleet, log: DiagnosticLog
  ) -> StackCompiler? {
    if let other = stacksByName[manifest.stackName] {
      log.error(
        "stack \(manifest.stackName) is also declared in \(other.manifest.clientLocation)",
        at: manifest.clientLocation)
      return nil
    }
    let blueprint = blueprint(of: manifest, log)
    guard let account = account(of: manifest, fleet, log) else { return nil }
    guard let region = manifest.region?.value ?? account.region ?? fleet.region else {
      log.error(
        "the manifest needs \"region\": neither it nor account \(account.name) nor the fleet names "
          + "one", at: manifest.start)
      return nil
    }
    guard let blueprint else { return nil }
    let id = StackID(
      project: fleet.project, client: manifest.client, environment: manifest.environment)
    return StackCompiler(
      id: id, manifest: manifest, blueprint: blueprint, account: account, region: region,
      fleet: fleet, settings: settings, log: log)
  }

  private func account(
    of manifest: Manifest, _ fleet: Fleet, _ log: DiagnosticLog
  ) -> FleetAccount? {
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

  /// A stack that is asked for, or that values may be taken from.
  func stack(named name: String) -> StackCompiler? { stacksByName[name] }

  var stackNames: [String] { (stacks + others).map(\.id.name) }

  func add(exportName: String, ofOutput output: String, in stack: StackCompiler) {
    if exportNames[stack.id.name]?[output] == nil {
      exportNames[stack.id.name, default: [:]][output] = exportName
    }
  }

  /// The type of a resource of any stack.
  func type(of address: Address) -> String? {
    stacksByName[address.stack]?.resources[address.resource]?.type
  }
}
