import Document
import TrueupCore

/// Plans the manifest of a new stack: its network, its parameters, where its secrets come from. Pure.
public struct Onboarding: Sendable {
  public var client: String
  public var environment: String
  public var blueprint: String
  /// `nil` for the fleet's default.
  public var account: String?
  /// `nil` for that of the account or fleet.
  public var region: String?
  /// The path of the manifests' JSON Schema, relative to the manifest, for editors; `nil` where the
  /// desired state has none.
  public var schema: String?

  public init(
    client: String, environment: String, blueprint: String, account: String? = nil,
    region: String? = nil, schema: String? = nil
  ) {
    self.client = client
    self.environment = environment
    self.blueprint = blueprint
    self.account = account
    self.region = region
    self.schema = schema
  }

  /// A new manifest, and what is left for a person.
  public struct Proposal: Hashable, Sendable {
    /// The path within the desired state, `clients/acme-prod.jsonc`.
    public var path: String
    public var text: String
    /// The networks that were taken from pools, by parameter.
    public var networks: [String: String]
    /// Secrets and the environment variables that they will be read from.
    public var secrets: [Secret]
    /// Parameters that a person has to fill before the manifest is valid.
    public var toFill: [String]
    /// What the blueprint asks a person to do: `Metadata.Trueup.Checklist`.
    public var checklist: [String]

    public struct Secret: Hashable, Sendable {
      public var parameter: String
      public var variable: String
    }
  }

  /// Why there is no new manifest.
  public enum Refusal: Error, Hashable, Sendable {
    /// The path of a manifest that is there already.
    case exists(path: String)
    /// The desired state, with the new manifest or already without it, is in error.
    case invalid([Diagnostic])
    case noBlueprint(name: String, nearest: String?)
    case invalidName(String)
    case poolExhausted(parameter: String, range: String)
  }

  /// The manifest, compiled with everything else in the desired state before it is given.
  public func proposal(
    for files: DesiredFiles, compiler: Compiler
  ) throws(Refusal) -> Proposal {
    for (what, name) in [("client", client), ("environment", environment)]
    where !Name.isValid(name) {
      throw .invalidName(Name.problem(what, name))
    }
    let path = DesiredFiles.manifestPath(ofStack: "\(client)-\(environment)")
    guard files.contents[path] == nil else { throw .exists(path: files.displayPath(path)) }
    let fleetLog = DiagnosticLog()
    let known = FleetCompiler(
      files: files,
      settings: CompilationSettings(
        catalog: compiler.catalog, facts: compiler.facts, isStrict: compiler.isStrict,
        checksContent: compiler.checksContent, schema: compiler.schema))
    let before = known.compile()
    guard let blueprint = try read(files, fleetLog) else { throw .invalid(fleetLog.diagnostics) }
    let fleet = fleet(files, fleetLog)
    let errors = before.errors.filter { !$0.isUndecided && !isLackOfManifests($0, files) }
    if !errors.isEmpty { throw .invalid(errors) }

    var manifest = ManifestText(
      onboarding: self, account: account ?? fleet?.defaultAccount, blueprint: blueprint)
    let used = usedNetworks(known, before, pools: fleet?.pools ?? [])
    for pool in fleet?.pools ?? [] {
      guard blueprint.parameters.contains(where: { $0.name == pool.parameter }) else { continue }
      guard let network = pool.nextFree(avoiding: used) else {
        throw .poolExhausted(parameter: pool.parameter, range: pool.range.description)
      }
      manifest.networks[pool.parameter] = (network, pool)
    }
    for parameter in manifest.toFill {
      manifest.shared[parameter.name] = shared(parameter.name, among: known.stacks, blueprint)
    }
    let proposal = Proposal(
      path: path, text: manifest.text,
      networks: manifest.networks.mapValues { $0.network.description }, secrets: manifest.secrets,
      toFill: manifest.toFill.map(\.name),
      checklist: blueprint.checklist.map {
        $0.replacing("${Client}", with: client).replacing("${Environment}", with: environment)
      })
    try check(proposal, files: files, compiler: compiler)
    return proposal
  }

  /// The value of a parameter that the stacks of the blueprint agree on, those of the same environment where
  /// there are such; `nil` for what has to be each stack's own.
  private func shared(
    _ parameter: String, among stacks: [StackCompiler], _ blueprint: Blueprint
  ) -> (value: Document, stack: String)? {
    guard !blueprint.unique.contains(parameter), !blueprint.disjointCIDRs.contains(parameter) else {
      return nil
    }
    let known = stacks.filter { $0.blueprint.name == self.blueprint }.compactMap { stack in
      stack.parameterValues[parameter]?.document.map { (value: $0, id: stack.id) }
    }
    let near = known.filter { $0.id.environment == environment }
    let values = near.isEmpty ? known : near
    guard let first = values.min(by: { $0.id.name < $1.id.name }),
      values.allSatisfy({ $0.value == first.value })
    else { return nil }
    return (first.value, first.id.name)
  }

  /// The first manifest of a fleet is written where there is none.
  private func isLackOfManifests(_ error: Diagnostic, _ files: DesiredFiles) -> Bool {
    error.location == nil && !files.contents.keys.contains { $0.hasPrefix("clients/") }
      && error.message.hasPrefix(files.displayPath("clients") + " ")
  }

  /// A manifest that only waits for values is let through, any other error is not.
  private func check(
    _ proposal: Proposal, files: DesiredFiles, compiler: Compiler
  ) throws(Refusal) {
    var files = files
    files.contents[proposal.path] = Array(proposal.text.utf8)
    let place = files.displayPath(proposal.path)
    let errors = compiler.compile(files).errors.filter { error in
      guard !error.isUndecided else { return false }
      guard !proposal.toFill.isEmpty else { return true }
      // What a missing value entails is told once it is filled in, by trueup validate.
      let isMissingValue = proposal.toFill.contains {
        error.message.hasPrefix("parameter \($0) of blueprint")
      }
      return error.location?.file == place && !isMissingValue
    }
    if !errors.isEmpty { throw .invalid(errors) }
  }

  private func read(
    _ files: DesiredFiles, _ log: DiagnosticLog
  ) throws(Refusal) -> Blueprint? {
    let path = DesiredFiles.blueprintPath(of: blueprint)
    guard let bytes = files.contents[path] else {
      throw .noBlueprint(
        name: blueprint, nearest: Spelling.nearest(to: blueprint, among: files.blueprintNames))
    }
    let file = files.displayPath(path)
    do {
      return Blueprint(try JSON.readNode(bytes), name: blueprint, file: file, log: log)
    } catch {
      log.error(error.message, at: SourceLocation(file: file, position: error.position))
      return nil
    }
  }

  private func fleet(_ files: DesiredFiles, _ log: DiagnosticLog) -> Fleet? {
    guard let bytes = files.contents[Fleet.fileName] else { return nil }
    let file = files.displayPath(Fleet.fileName)
    do {
      return Fleet(try JSON.readNode(bytes), file: file, log: log)
    } catch {
      log.error(error.message, at: SourceLocation(file: file, position: error.position))
      return nil
    }
  }

  /// Every network of the fleet: what fills a pool's parameter or one whose networks must be disjoint,
  /// and the ranges of VPCs.
  private func usedNetworks(
    _ fleet: FleetCompiler, _ compilation: Compilation, pools: [AddressPool]
  ) -> [Network] {
    let texts = fleet.stacks.flatMap { stack in
      (pools.map(\.parameter) + stack.blueprint.disjointCIDRs).flatMap { name -> [String] in
        guard let value = stack.parameterValues[name]?.document else { return [] }
        return (value.list ?? [value]).compactMap(\.scalarText)
      }
    }
    let vpcs = (compilation.desired?.stacks ?? []).flatMap(\.resources).filter {
      $0.type == "AWS::EC2::VPC"
    }.compactMap { $0.properties["CidrBlock"]?.document?.string }
    return (texts + vpcs).compactMap { Network($0) }
  }
}
