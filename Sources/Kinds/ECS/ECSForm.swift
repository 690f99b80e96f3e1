import Document

/// Properties as the registry writes them, and as ECS does: members begin with a small letter, and some are
/// called otherwise.
enum ECSForm {
  /// What ECS calls members, besides those that differ in their first letter alone.
  private static let names = [
    "ClusterSettings": "settings", "PlacementStrategies": "placementStrategy",
    "ProxyConfigurationProperties": "properties", "IAM": "iam", "FilesystemId": "fileSystemId",
    "EFSVolumeConfiguration": "efsVolumeConfiguration",
    "FSxWindowsFileServerVolumeConfiguration": "fsxWindowsFileServerVolumeConfiguration",
    "S3FilesVolumeConfiguration": "s3filesVolumeConfiguration",
  ]
  private static let properties = Dictionary(
    names.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
  /// Members whose own members are anybody's names.
  private static let maps: Set<String> = [
    "DockerLabels", "Options", "DriverOpts", "Labels", "HookDetails",
  ]

  static func write(_ declared: Document) -> Document {
    switch declared {
    case .object(let members):
      .object(
        Dictionary(
          members.map { name, value in
            (names[name] ?? name.withFirst(lowercased), maps.contains(name) ? value : write(value))
          }, uniquingKeysWith: { first, _ in first }))
    case .list(let elements): .list(elements.map(write))
    default: declared
    }
  }

  /// - Parameter holder: the property in which it stands.
  static func read(_ shown: Document, in holder: String = "") -> Document {
    switch shown {
    case .object(let members):
      .object(
        Dictionary(
          members.map { member, value in
            let name = property(member, in: holder)
            return (name, maps.contains(name) ? value : read(value, in: name))
          }, uniquingKeysWith: { first, _ in first }))
    case .list(let elements): .list(elements.map { read($0, in: holder) })
    default: shown
    }
  }

  /// The properties of those names that an object of ECS has.
  static func read(_ shown: Document, _ properties: [String]) -> [String: Document?] {
    let read = read(.members(shown.members(named: properties.map(member))))
    return read.members(named: properties)
  }

  /// The members for the properties of those names.
  static func write(_ declared: Document, _ properties: [String]) -> [String: Document?] {
    let written = write(.members(declared.members(named: properties)))
    return written.members(named: properties.map(member))
  }

  /// What ECS calls a property.
  static func member(_ property: String) -> String {
    names[property] ?? property.withFirst(lowercased)
  }

  private static func property(_ member: String, in holder: String) -> String {
    // Of the file systems, the registry writes one type's in its own way.
    if member == "fileSystemId", holder.hasPrefix("FSx") { return "FileSystemId" }
    return properties[member] ?? member.withFirst(uppercased)
  }

  private static func lowercased(_ text: Substring) -> String { text.lowercased() }
  private static func uppercased(_ text: Substring) -> String { text.uppercased() }
}

extension String {
  fileprivate func withFirst(_ change: (Substring) -> String) -> String {
    change(prefix(1)) + dropFirst()
  }
}
