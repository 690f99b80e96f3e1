import Document
import Foundation
import TrueupCore

extension GitRepository {
  /// Copies the files of the repository into an empty directory.
  ///
  /// - Parameters:
  ///   - revision: as they are at this commit; `nil` for the work tree, without what git ignores.
  ///   - index: a file of the copy's own that git may use in place of the repository's index.
  public func copy(
    to directory: String, at revision: String?, index: String
  ) throws(DesiredStateError) {
    guard let revision else { return try copyWorkTree(to: directory) }
    let environment = ["GIT_INDEX_FILE": index]
    for arguments in [
      ["read-tree", revision], ["checkout-index", "--all", "--prefix=\(directory)/"],
    ] {
      let result = try GitProgram.run(["-C", root] + arguments, adding: environment)
      guard result.status == 0 else {
        throw .git(command: arguments.joined(separator: " "), reason: result.reason)
      }
    }
  }

  private func copyWorkTree(to directory: String) throws(DesiredStateError) {
    let listing = try succeeding([
      "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name",
    ])
    let manager = FileManager.default
    for bytes in listing.output.split(separator: 0) {
      let name = String(decoding: bytes, as: UTF8.self)
      let target = URL(fileURLWithPath: "\(directory)/\(name)")
      // What is deleted and not committed is not there.
      guard manager.fileExists(atPath: "\(root)/\(name)") else { continue }
      do {
        try manager.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try manager.copyItem(at: URL(fileURLWithPath: "\(root)/\(name)"), to: target)
      } catch {
        throw .git(command: "ls-files", reason: "\(name): \(error.localizedDescription)")
      }
    }
  }

  /// The checks that the fleet file of a directory names at a commit; empty where it is not there.
  public func checks(
    of directory: String, at revision: String
  ) throws(DesiredStateError) -> [PolicyCheck] {
    let folder = path(of: directory)
    let name = (folder == "." ? "" : folder + "/") + Fleet.fileName
    let reply = try git(["cat-file", "blob", "\(revision):\(name)"])
    guard reply.status == 0, let node = try? JSON.readNode(reply.output) else { return [] }
    return ObjectReader(
      node, in: name, as: "the fleet", allowed: ObjectSchema.fleet.names, log: DiagnosticLog()
    ).map(PolicyCheck.read) ?? []
  }
}
