import Document
import TrueupCore

/// What becomes of a stack's resources once its manifest says `"destroy"`, as far as the desired state
/// tells. Pure: AWS is not asked.
public struct Offboarding: Hashable, Sendable {
  public struct Resource: Hashable, Sendable {
    public var address: Address
    public var type: String
    /// Why it is kept; `nil` where it is deleted.
    public var kept: String?
  }

  public var resources: [Resource]

  public var deleted: [Resource] { resources.filter { $0.kept == nil } }
  public var kept: [Resource] { resources.filter { $0.kept != nil } }

  /// The rule is that of the plan: `DeletionPolicy` first, then whether the type holds data.
  public init(_ stack: DesiredStack, data: DataDisposal, catalog: Catalog) {
    resources = stack.resources.map { resource in
      let lifecycle = catalog[resource.type]?.facts.lifecycle
      let isStateful = lifecycle?.holdsData ?? false
      let leavesSnapshot =
        (data == .snapshot || resource.deletionPolicy == .snapshot)
        && lifecycle?.canSnapshot == true
      let kept: String? =
        switch resource.deletionPolicy {
        case .retain, .retainExceptOnCreate: "its DeletionPolicy says so"
        case .delete: nil
        case .snapshot, nil:
          data != .delete && !leavesSnapshot && isStateful ? "it holds data" : nil
        }
      return Resource(address: resource.address, type: resource.type, kept: kept)
    }.sorted { $0.address < $1.address }
  }
}
