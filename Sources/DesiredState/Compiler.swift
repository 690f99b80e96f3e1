import Document
import TrueupCore

/// Compiles the files of a desired state: manifests, blueprints and fleet rules go in, the graph of
/// desired resources comes out. Pure: it reads nothing but what it is given.
///
/// What only AWS can tell stays symbolic in the properties, so that a plan can say what a fact
/// changed. Where something must be decided by a fact (a condition, a loop), its value is taken from
/// `facts`; without it that is an error, and `Compilation.requiredFacts` tells what to ask for before
/// compiling again.
public struct Compiler: Sendable {
  /// The kinds that the program knows.
  public var catalog: Catalog
  /// Values of facts, for decisions.
  public var facts: [Fact: Document]
  /// Takes values beyond the registry's enums, patterns and ranges for errors; else they are
  /// warnings, because AWS adds values faster than the pinned schemas know.
  public var isStrict: Bool
  /// Looks also at what no schema says: policies, networks, records, tags. What is in force already
  /// needs no look: a revision is compiled without.
  public var checksContent = true
  let schema: @Sendable (String) -> ResourceSchema?

  public init(
    catalog: Catalog, facts: [Fact: Document] = [:], isStrict: Bool = false,
    schema: @escaping @Sendable (String) -> ResourceSchema? = { ResourceSchema.embedded($0) }
  ) {
    self.catalog = catalog
    self.facts = facts
    self.isStrict = isStrict
    self.schema = schema
  }

  /// The whole desired state, always of all stacks: rules hold across the fleet.
  public func compile(_ files: DesiredFiles) -> Compilation {
    FleetCompiler(files: files, settings: settings).compile()
  }

  /// Some stacks alone, by name: what is wrong with others, and what holds across the fleet (what must
  /// be unique, networks that must not overlap), is not looked at. A stack without a manifest in the
  /// files is left out. Values are taken from other stacks whose manifests the files hold.
  public func compile(_ files: DesiredFiles, only stacks: Set<String>) -> Compilation {
    compile(files, only: stacks, parsed: nil)
  }

  func compile(_ files: DesiredFiles, only stacks: Set<String>, parsed: ParsedFiles?) -> Compilation
  {
    FleetCompiler(files: files, settings: settings, only: stacks, parsed: parsed).compile()
  }

  /// What compiles the files, for those who ask it for more than what comes out.
  func fleet(_ files: DesiredFiles) -> FleetCompiler {
    FleetCompiler(files: files, settings: settings)
  }

  private var settings: CompilationSettings {
    CompilationSettings(
      catalog: catalog, facts: facts, isStrict: isStrict, checksContent: checksContent,
      schema: schema)
  }
}

/// What a compilation gives.
public struct Compilation: Sendable {
  /// `nil` where there is any error.
  public var desired: Desired?
  /// Everything found, sorted by place.
  public var diagnostics: [Diagnostic]
  /// Facts that properties, conditions or loops ask for.
  public var requiredFacts: Set<Fact>
  /// The accounts of the fleet, to ask them for facts.
  public var accounts: [FleetAccount] = []

  /// Nothing is wrong but that `requiredFacts` are missing: with them it can be compiled again.
  public var isUndecided: Bool { !errors.isEmpty && errors.allSatisfy(\.isUndecided) }

  public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
  public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}
