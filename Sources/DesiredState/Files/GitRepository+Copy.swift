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

  /// The checks that the fleet file of a directory names at a commit; `nil` where it is not there.
  ///
  /// - Throws: `.unreadableChecks` where git does not know the commit, or its fleet file cannot be read.
  public func checks(
    of directory: String, at revision: String
  ) throws(DesiredStateError) -> [PolicyCheck]? {
    do {
      guard let file = try fleetFile(of: directory, at: commit(revision)) else { return nil }
      let log = DiagnosticLog()
      let reader = ObjectReader(
        try JSON.readNode(file), in: Fleet.fileName, as: "the fleet",
        allowed: ObjectSchema.fleet.names, log: log)
      let checks = reader.map(PolicyCheck.read) ?? []
      if let problem = log.diagnostics.first(where: { $0.severity == .error }) {
        throw DesiredStateError.unreadable(path: Fleet.fileName, reason: problem.message)
      }
      return checks
    } catch let error as DesiredStateError {
      throw .unreadableChecks(revision: revision, reason: error.description)
    } catch {
      throw .unreadableChecks(revision: revision, reason: "\(Fleet.fileName): \(error)")
    }
  }

  /// The bytes of the fleet file of a directory at a commit; `nil` where it is not there.
  func fleetFile(
    of directory: String, at commit: String
  ) throws(DesiredStateError) -> [UInt8]? {
    try files(
      in: directory, below: Fleet.fileName, at: commit, needing: { $0 == Fleet.fileName })[
        Fleet.fileName]
  }
}
