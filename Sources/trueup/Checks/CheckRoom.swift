import DesiredState
import Foundation

/// A fresh directory in which checks run, with the files of the repository in it, and another one beside
/// it for what goes in and comes out. Nothing of it stays.
struct CheckRoom {
  private let root: URL
  /// The working directory: the root of the repository, as it is committed.
  var files: String { root.appending(path: "files").path }
  /// The file that holds the plan.
  var plan: String { root.appending(path: "io/plan.json").path }

  /// - Parameters:
  ///   - desired: the directory of the desired state.
  ///   - revision: the commit whose files are put into it; `nil` for those of the work tree.
  init(desired: String, revision: String?) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "trueup-\(UUID().uuidString)")
    let manager = FileManager.default
    try manager.createDirectory(
      at: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    do {
      for name in ["files", "io"] {
        try manager.createDirectory(
          at: root.appending(path: name), withIntermediateDirectories: false)
      }
      if let repository = try GitRepository.containing(desired) {
        try repository.copy(to: files, at: revision, index: root.appending(path: "io/index").path)
      } else {
        let name = URL(fileURLWithPath: desired).lastPathComponent
        try manager.copyItem(atPath: desired, toPath: "\(files)/\(name)")
      }
    } catch {
      remove()
      throw error
    }
  }

  func write(plan text: String) throws {
    guard
      FileManager.default.createFile(
        atPath: plan, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown) }
  }

  /// A new file for what a check prints.
  func output() -> String { root.appending(path: "io/\(UUID().uuidString)").path }

  func remove() { try? FileManager.default.removeItem(at: root) }
}
