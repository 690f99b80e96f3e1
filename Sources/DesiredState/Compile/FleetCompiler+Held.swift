import Document
import TrueupCore

/// A manifest as it was at the last good revision, with the fleet of that time.
struct HeldManifest: Hashable, Sendable {
  var revision: String
  var manifest: [UInt8]
  var fleet: [UInt8]
}

extension FleetCompiler {
  func held(_ held: HeldManifest, path: String, log: DiagnosticLog) -> Manifest? {
    let file = files.displayPath(path, revision: held.revision)
    var manifest = read(held.manifest, file: file, log: log).flatMap {
      Manifest($0, file: file, path: path, log: log)
    }
    manifest?.heldAt = held.revision
    return manifest
  }

  /// The fleet as it was at the revision that a manifest is held back at.
  func heldFleet(of manifest: Manifest) -> Fleet? {
    guard let held = files.held[manifest.path] else { return nil }
    if let known = heldFleets[held.revision] { return known }
    let file = files.displayPath(Fleet.fileName, revision: held.revision)
    let fleet = read(held.fleet, file: file).flatMap { Fleet($0, file: file, log: log) }
    heldFleets[held.revision] = .some(fleet)
    return fleet
  }

  /// The accounts of the fleet, with those that only stacks that are held back still know.
  func accounts(_ fleet: Fleet?) -> [FleetAccount] {
    let current = fleet?.accounts ?? []
    let known = Set(current.map(\.id))
    let earlier = heldFleets.sorted { $0.key < $1.key }.flatMap { $0.value?.accounts ?? [] }
    var added: Set<String> = known
    return current + earlier.filter { added.insert($0.id).inserted }
  }
}
