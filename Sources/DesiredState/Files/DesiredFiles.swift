import Document
import Foundation

/// A blueprint at a git revision, as a manifest pins it.
public struct PinnedBlueprint: Hashable, Sendable {
  public var name: String
  public var revision: String

  public init(name: String, revision: String) {
    self.name = name
    self.revision = revision
  }
}

/// The files of a desired state, read: what a compilation works on.
public struct DesiredFiles: Sendable {
  /// The directory as the user wrote it, `desired-state`: errors begin with it.
  public var directory: String
  /// The revision that the files were read at; `nil` for the work tree.
  public var revision: String?
  /// By path within the directory: `fleet.jsonc`, `blueprints/base.jsonc`, `clients/acme-prod.jsonc`.
  public var contents: [String: [UInt8]]
  /// The blueprints that manifests pin to a revision, or why they could not be read.
  public var pinned: [PinnedBlueprint: Result<[UInt8], DesiredStateError>]
  /// Manifests that stand at an earlier revision, by their path within the directory.
  var held: [String: HeldManifest] = [:]

  public init(
    directory: String = "desired-state", revision: String? = nil, contents: [String: [UInt8]],
    pinned: [PinnedBlueprint: Result<[UInt8], DesiredStateError>] = [:]
  ) {
    self.directory = directory
    self.revision = revision
    self.contents = contents
    self.pinned = pinned
  }

  /// The path that errors show: `desired-state/fleet.jsonc`, with `@4f2c91e` where it is read at a
  /// revision.
  func displayPath(_ path: String, revision pin: String? = nil) -> String {
    self.path(path) + ((pin ?? revision).map { "@\($0.prefix(12))" } ?? "")
  }

  /// The path below the directory as the user wrote it.
  func path(_ path: String) -> String {
    (directory.hasSuffix("/") ? String(directory.dropLast()) : directory) + "/" + path
  }

  /// The bytes of a blueprint, as a manifest of these files names it.
  func bytes(of use: BlueprintUse) -> [UInt8]? {
    guard let pin = use.pin else { return contents[use.path] }
    return try? pinned[pin]?.get()
  }

  /// Whether a path within the directory belongs to the desired state.
  static func isPart(_ path: String) -> Bool {
    let parts = path.split(separator: "/")
    guard let name = parts.last, !parts.contains(where: { $0.hasPrefix(".") }) else { return false }
    if parts.count == 1 { return name == "fleet.jsonc" }
    return parts[0] == "clients" || parts[0] == "blueprints"
  }
}

extension DesiredFiles {
  /// The files of a directory on disk, with the blueprints that its manifests pin.
  ///
  /// Throws where the directory is absent, empty or not readable: nothing is ever taken for gone
  /// because it could not be read.
  public static func read(directory: String) throws(DesiredStateError) -> DesiredFiles {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory),
      isDirectory.boolValue
    else { throw .absent(directory: directory) }
    var files = DesiredFiles(directory: directory, contents: [:])
    try files.readContents(below: "")
    return try files.completed()
  }

  /// The files of a directory at a git revision, with the blueprints that its manifests pin.
  public static func read(
    directory: String, revision: String
  ) throws(DesiredStateError) -> DesiredFiles {
    guard let repository = try GitRepository.containing(directory) else {
      throw .notInRepository(directory: directory)
    }
    let commit = try repository.commit(revision)
    let contents = try repository.files(
      in: directory, at: commit, needing: { isPart($0) || isPart("\($0)/any") }
    ).filter { isPart($0.key) }
    return try DesiredFiles(directory: directory, revision: commit, contents: contents).completed()
  }

  private mutating func readContents(below folder: String) throws(DesiredStateError) {
    let place = folder.isEmpty ? directory : "\(directory)/\(folder)"
    for name in try Self.reading(place, { try FileManager.default.contentsOfDirectory(atPath: $0) })
    {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var isDirectory: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(directory)/\(path)", isDirectory: &isDirectory)
      if isDirectory.boolValue {
        if Self.isPart(path + "/any") { try readContents(below: path) }
      } else if Self.isPart(path) {
        contents[path] = try Self.reading("\(directory)/\(path)") {
          Array(try Data(contentsOf: URL(fileURLWithPath: $0)))
        }
      }
    }
  }

  /// A file that a desired state is read from.
  struct Place {
    /// Within the directory.
    var path: String
    /// It, or a folder on the way to it, is a symbolic link.
    var isLinked: Bool
  }

  /// The files that a run reads: `fleet.jsonc`, manifests and blueprints.
  static func places(in directory: String) throws(DesiredStateError) -> [Place] {
    func places(below folder: String, isLinked: Bool) throws(DesiredStateError) -> [Place] {
      let place = folder.isEmpty ? directory : "\(directory)/\(folder)"
      var found: [Place] = []
      for name in try reading(place, { try FileManager.default.contentsOfDirectory(atPath: $0) }) {
        let path = folder.isEmpty ? name : "\(folder)/\(name)"
        let full = "\(directory)/\(path)"
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: full)
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory)
        if isDirectory.boolValue {
          guard isPart(path + "/any") else { continue }
          found += try places(below: path, isLinked: isLinked || link != nil)
        } else if isPart(path), path.hasSuffix(".jsonc") {
          found.append(Place(path: path, isLinked: isLinked || link != nil))
        }
      }
      return found
    }
    return try places(below: "", isLinked: false)
  }

  private static func reading<Result>(
    _ path: String, _ read: (String) throws -> Result
  ) throws(DesiredStateError) -> Result {
    do {
      return try read(path)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  private func completed() throws(DesiredStateError) -> DesiredFiles {
    guard !contents.isEmpty else { throw .empty(directory: directory) }
    var files = self
    for pin in pins { files.pinned[pin] = read(pin) }
    return files
  }

  private func read(_ pin: PinnedBlueprint) -> Result<[UInt8], DesiredStateError> {
    do throws(DesiredStateError) {
      guard let repository = try GitRepository.containing(directory) else {
        throw .notInRepository(directory: directory)
      }
      let path = Self.blueprintPath(of: pin.name)
      let commit = try repository.commit(pin.revision)
      guard let bytes = try repository.files(in: directory, below: path, at: commit)[path] else {
        throw .notAtRevision(path: path, revision: pin.revision)
      }
      return .success(bytes)
    } catch {
      return .failure(error)
    }
  }

  /// The pinned blueprints that the manifests name. A manifest that cannot be read pins nothing here;
  /// the compilation reports it.
  private var pins: Set<PinnedBlueprint> {
    Set(
      contents.compactMap { path, bytes in
        guard path.hasPrefix("clients/"), BlueprintUse.mayPin(bytes) else { return nil }
        return BlueprintUse(manifest: bytes)?.pin
      })
  }
}
