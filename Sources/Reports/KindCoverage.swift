import Document
import TrueupCore

/// What Trueup can do with one resource type.
public struct KindCoverage: Hashable, Sendable {
  public var type: String
  public var isStateful: Bool
  public var isTaggable: Bool
  public var isGlobal: Bool
  /// Its replacement is the next revision of it.
  public var makesRevisions: Bool
  /// Properties whose change replaces the resource.
  public var replacedBy: [PropertyPath]
  /// Properties that may not be declared, each with the reason.
  public var unsupported: [PropertyPath: String]
  /// Properties that can be written and not compared, each with the reason.
  public var notReadable: [PropertyPath: String]
  /// Properties that can be changed and not taken away, each with the reason.
  public var notResettable: [PropertyPath: String]

  /// - Parameter createOnly: the create-only properties of the type's registry schema; the kind's
  ///   facts correct them.
  public init(_ kind: any Kind, createOnly: some Sequence<PropertyPath>) {
    let table = kind.facts.properties.all
    type = kind.type
    isStateful = kind.facts.lifecycle.holdsData
    isTaggable = kind.facts.ownership.isTaggable
    isGlobal = kind.facts.placement.isGlobal
    makesRevisions = kind.facts.lifecycle.makesRevisions
    replacedBy = Set(createOnly).union(table.filter { $0.value.isCreateOnly == true }.keys)
      .filter { table[$0]?.isCreateOnly != false && table[$0]?.unsupported == nil }
      .sorted()
    unsupported = table.compactMapValues(\.unsupported)
    notReadable = table.compactMapValues(\.notReadable)
    notResettable = table.compactMapValues(\.notResettable)
  }

  /// The coverage of a whole catalog, sorted by type.
  ///
  /// - Parameter createOnly: gives a type's create-only properties, from its registry schema.
  public static func all(
    _ catalog: Catalog, createOnly: (String) -> [PropertyPath]
  ) -> [KindCoverage] {
    catalog.kinds.map { KindCoverage($0, createOnly: createOnly($0.type)) }
  }
}
