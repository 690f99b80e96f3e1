import Document
import TrueupCore

extension FleetCompiler {
  /// What exists once can belong to one resource only.
  func checkAdoptions(_ compiled: [DesiredStack]) {
    struct Existing: Hashable {
      var type: String
      var scope: Scope
      var id: String
    }
    var owners: [Existing: Address] = [:]
    for resource in compiled.flatMap(\.resources) {
      guard let id = resource.adoptedID else { continue }
      let existing = Existing(type: resource.type, scope: resource.scope, id: id)
      guard let owner = owners[existing] else {
        owners[existing] = resource.address
        continue
      }
      let stack = stacks.first { $0.id.name == resource.address.stack }
      let declared = stack?.manifest.adopt.first {
        $0.resource.value == resource.address.resource
      }
      log.error(
        "\(id.quoted) is adopted by \(owner) already; what exists once belongs to one resource",
        at: declared?.id?.location, stack: resource.address.stack)
    }
  }
}
