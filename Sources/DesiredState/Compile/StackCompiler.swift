import Document
import TrueupCore

/// Evaluates one stack's blueprint with its manifest's values. Never asks anybody anything: what only
/// AWS or the applying machine can tell stays symbolic.
final class StackCompiler {
  /// Who asks for a value; decides what may be used.
  enum Site: Equatable {
    case resource(String)
    case output
    /// Something that must be known now: "a condition", "the name of an export".
    case decision(String)
  }

  enum ConditionState {
    case evaluating
    case known(Bool)
    /// Could not be evaluated; the error is reported.
    case invalid
  }

  /// A resource as the blueprint writes it.
  struct ResourceTemplate {
    var member: Node.Member
    var type: String
    /// The condition under which it is created.
    var condition: String?
  }

  let id: StackID
  let manifest: Manifest
  let blueprint: Blueprint
  let account: FleetAccount
  let region: String
  /// The accounts in which resources may live, and the names of all, also of those that could not be
  /// read.
  let accounts: [FleetAccount]
  let accountNames: [String]
  /// Those of the fleet and the manifest, on everything that can carry tags.
  let commonTags: [String: Value]
  /// The same as they are declared.
  let commonTagList: [DeclaredTag]
  /// What is wrong with them, by whether any character may stand in a tag.
  var commonTagProblems: [Bool: [(tag: DeclaredTag, problem: String)]] = [:]
  let fleetWindows: [ChangeWindow]
  let settings: CompilationSettings
  let log: DiagnosticLog
  /// Gives other stacks' exports; set by the fleet.
  unowned var fleet: FleetCompiler?

  private(set) lazy var pseudoParameters: [String: Value] = makePseudoParameters()
  var parameterValues: [String: Value] = [:]
  var givenIdentifiers: [GivenIdentifier] = []
  /// Why a fact is asked for: `parameter AmiId`.
  var factOrigins: [Fact: String] = [:]
  var requiredFacts: Set<Fact> = []
  var conditionNodes: [String: Node] = [:]
  var conditionStates: [String: ConditionState] = [:]
  var resourceOrder: [String] = []
  var resources: [String: ResourceTemplate] = [:]
  var outputs: [String: ObjectReader] = [:]
  var outputOrder: [String] = []
  var outputValues: [String: OutputState] = [:]
  var exports: [(name: String, output: String, location: SourceLocation)] = []
  /// Where properties stand of resources that are looked at beside one another, by logical id.
  var propertyPositions: [String: [String: Position]] = [:]
  /// Where a resource first refers to another of the stack: for the place of a cycle.
  private(set) var edges: [String: [String: Position]] = [:]
  /// Nodes that `Fn::ForEach` may still make.
  var expansionBudget = 200_000

  init(
    id: StackID, manifest: Manifest, blueprint: Blueprint, account: FleetAccount, region: String,
    fleet: Fleet, settings: CompilationSettings, log: DiagnosticLog
  ) {
    self.id = id
    self.manifest = manifest
    self.blueprint = blueprint
    self.account = account
    self.region = region
    accounts = fleet.accounts
    accountNames = fleet.accountNames
    commonTags = Dictionary(
      (fleet.tags + manifest.tags).map { ($0.key, .string($0.value(of: id))) },
      uniquingKeysWith: { _, own in own })
    commonTagList = fleet.tags + manifest.tags
    fleetWindows = fleet.windows
    self.settings = settings
    self.log = log
  }

  /// Whether values are checked beyond their schema: not those of a revision that is in force.
  var checksContent: Bool { settings.checksContent && manifest.heldAt == nil }

  func place(_ position: Position) -> SourceLocation {
    SourceLocation(file: blueprint.file, position: position)
  }

  /// Reports an error in the blueprint, as it shows for this stack.
  func error(_ message: String, at position: Position) {
    log.error(message, at: place(position), stack: id.name)
  }

  func address(_ logicalID: String) -> Address {
    Address(stack: id.name, resource: logicalID)
  }

  func noteEdge(from origin: String, to target: String, at position: Position) {
    if edges[origin]?[target] == nil { edges[origin, default: [:]][target] = position }
  }

  /// Parameters, conditions and rules, and what the sections hold after `Fn::ForEach`.
  func prepare() {
    readParameters()
    for member in expanded(blueprint.conditions, "Conditions") {
      conditionNodes[member.key] = member.value
    }
    for member in expanded(blueprint.resources, "Resources") { addResource(member) }
    for member in expanded(blueprint.outputs, "Outputs") { addOutput(member) }
    for name in conditionNodes.keys.sorted() { _ = condition(name) }
    checkRules()
  }

  private func addResource(_ member: Node.Member) {
    guard
      let reader = ObjectReader(
        member.value, in: blueprint.file, as: "resource \(member.key.quoted)",
        allowed: ObjectSchema.resource.names, log: log,
        hint: { self.hint(ofMember: $0, in: member.value) })
    else { return }
    Blueprint.checkName(member, what: "logical id", reader: reader)
    guard let type = reader.string("Type", required: true) else { return }
    resourceOrder.append(member.key)
    resources[member.key] = ResourceTemplate(
      member: member, type: type.value, condition: reader.string("Condition")?.value)
  }

  /// A property that stands beside `Properties` instead of in them.
  private func hint(ofMember name: String, in resource: Node) -> String? {
    guard let type = resource["Type"]?.string, let schema = settings.schema(type),
      schema.root.declares(name)
    else { return nil }
    return "; it is a property of \(type): put it under \"Properties\""
  }

  /// Whether the resource is created in this stack; `true` where its condition is in error.
  func isCreated(_ resource: ResourceTemplate) -> Bool {
    guard let name = resource.condition else { return true }
    return condition(name, at: resource.member.value["Condition"]?.position) ?? true
  }
}

/// What every stack's compilation needs to know.
struct CompilationSettings {
  let catalog: Catalog
  let facts: [Fact: Document]
  let isStrict: Bool
  var checksContent = true
  let schema: (String) -> ResourceSchema?
  let types: KnownTypes
  let patterns = PatternCache()
  let substitutions = SubstitutionCache()

  init(
    catalog: Catalog, facts: [Fact: Document], isStrict: Bool, checksContent: Bool = true,
    schema: @escaping (String) -> ResourceSchema?
  ) {
    self.catalog = catalog
    self.facts = facts
    self.isStrict = isStrict
    self.checksContent = checksContent
    self.schema = schema
    types = KnownTypes(catalog, schema: schema)
  }
}
