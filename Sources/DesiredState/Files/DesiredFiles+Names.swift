extension DesiredFiles {
  private static let manifests = "clients/"
  private static let blueprints = "blueprints/"
  private static let ending = ".jsonc"

  /// Where the manifest of a stack stands within the directory: `clients/acme-prod.jsonc`.
  public static func manifestPath(ofStack name: String) -> String { manifests + name + ending }

  /// Where a blueprint stands within the directory: `blueprints/base.jsonc`.
  public static func blueprintPath(of name: String) -> String { blueprints + name + ending }

  /// `acme-prod` of `clients/acme-prod.jsonc`; `nil` for a path that is not a manifest's.
  static func stackName(ofManifest path: String) -> String? {
    name(path, in: manifests).flatMap { $0.contains("/") ? nil : $0 }
  }

  /// `base` of `blueprints/base.jsonc`; `nil` for a path that is not a blueprint's.
  static func blueprintName(of path: String) -> String? { name(path, in: blueprints) }

  /// The stacks that have a manifest, sorted.
  public var stackNames: [String] {
    contents.keys.compactMap(Self.stackName(ofManifest:)).sorted()
  }

  /// The blueprints, sorted.
  public var blueprintNames: [String] {
    contents.keys.compactMap(Self.blueprintName(of:)).sorted()
  }

  private static func name(_ path: String, in folder: String) -> String? {
    guard path.hasPrefix(folder), path.hasSuffix(ending),
      path.utf8.count > folder.utf8.count + ending.utf8.count
    else { return nil }
    return String(path.dropFirst(folder.count).dropLast(ending.count))
  }
}
