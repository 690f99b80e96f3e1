import DesiredState
import Document
import Foundation
import TrueupCore

/// Why recorded snapshots could not be read or written.
public enum SnapshotFilesError: Error, Hashable, Sendable, CustomStringConvertible {
  case absent(place: String)
  case empty(place: String)
  case notInRepository(place: String)
  case malformed(file: String, reason: String)
  case notWritten(file: String, reason: String)

  public var description: String {
    switch self {
    case .absent(let place):
      "there is no directory \(place), nor is it REVISION:DIRECTORY; record one with trueup snapshot "
        + "--output \(place)"
    case .empty(let place): "\(place) holds no snapshot; record one with trueup snapshot"
    case .notInRepository(let place):
      "\(place) names a revision, and the working directory is in no git repository"
    case .malformed(let file, let reason): "\(file): \(reason)"
    case .notWritten(let file, let reason): "\(file) could not be written: \(reason)"
    }
  }
}

/// Recorded snapshots on disk or in git: a directory with one file per stack, `acme-prod.json`.
public struct SnapshotFiles: Sendable {
  /// The stack's snapshot by the name of its file.
  public var stacks: [String: StackSnapshot]
  /// The place, and when it was recorded, for people: `snapshots (4f2c91e, 2026-11-14 09:00 UTC)`.
  public var origin: String

  /// Reads a directory, or `REVISION:DIRECTORY` with the directory as seen from the root of the git
  /// repository.
  public static func read(_ place: String) throws -> SnapshotFiles {
    if FileManager.default.isDirectory(place) { return try read(directory: place) }
    let parts = place.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { throw SnapshotFilesError.absent(place: place) }
    return try read(path: String(parts[1]), revision: String(parts[0]), place: place)
  }

  private static func read(directory: String) throws -> SnapshotFiles {
    let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter(isSnapshot)
      .sorted()
    func path(_ name: String) -> String { "\(directory)/\(name)" }
    let mark: String
    if let repository = try GitRepository.containing(directory),
      try !repository.isDirty(directory),
      let commit = try repository.lastChange(of: URL(fileURLWithPath: directory).path)
    {
      mark = "\(commit.id.prefix(7)), \(minute(commit.time))"
    } else {
      let newest = try names.map { name -> Date in
        let attributes = try FileManager.default.attributesOfItem(atPath: path(name))
        return attributes[.modificationDate] as? Date ?? .distantPast
      }.max()
      mark = "not committed, written \(minute(newest ?? .distantPast))"
    }
    return try SnapshotFiles(names, in: directory, origin: "\(directory) (\(mark))") {
      Array(try Data(contentsOf: URL(fileURLWithPath: path($0))))
    }
  }

  private static func read(path: String, revision: String, place: String) throws -> SnapshotFiles {
    guard
      let repository = try GitRepository.containing(FileManager.default.currentDirectoryPath)
    else { throw SnapshotFilesError.notInRepository(place: place) }
    let commit = try repository.commit(revision)
    let directory = "\(repository.root)/\(path)"
    let files = try repository.files(in: directory, at: commit).filter { isSnapshot($0.key) }
    let mark =
      try repository.lastChange(of: directory, at: commit).map { " (\(minute($0.time)))" } ?? ""
    return try SnapshotFiles(files.keys.sorted(), in: place, origin: place + mark) {
      files[$0] ?? []
    }
  }

  /// - Parameter bytes: a file's, read when its turn comes: all at once would not be small.
  private init(
    _ names: [String], in place: String, origin: String, bytes: (_ name: String) throws -> [UInt8]
  ) throws {
    guard !names.isEmpty else { throw SnapshotFilesError.empty(place: place) }
    self.origin = origin
    stacks = [:]
    for name in names {
      do {
        stacks[name] = try StackSnapshot(try JSON.read(try bytes(name)))
      } catch let error as ReadingError {
        throw SnapshotFilesError.malformed(
          file: "\(place)/\(name):\(error.position.line):\(error.position.column)",
          reason: error.message)
      } catch let error as SnapshotError {
        throw SnapshotFilesError.malformed(file: "\(place)/\(name)", reason: error.description)
      }
    }
  }

  // MARK: Writing

  /// What became of a stack's file.
  public enum Written: String, Hashable, Sendable {
    case written, unchanged
  }

  /// Writes a stack's file, in one step: a reader sees the old one or the new one. A file that would
  /// not change is not touched.
  public static func write(_ stack: StackSnapshot, to directory: String) throws -> Written {
    let path = "\(directory)/\(name(of: stack.id))"
    let data = Data((stack.document.json(indent: 2) + "\n").utf8)
    if FileManager.default.contents(atPath: path) == data { return .unchanged }
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw SnapshotFilesError.notWritten(file: path, reason: error.localizedDescription)
    }
    return .written
  }

  /// The snapshots of a directory that are there already, by the name of their file; other files, and
  /// snapshots that cannot be read, are left out.
  public static func present(in directory: String) -> [String: StackSnapshot] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter(isSnapshot).reduce(into: [:]) { found, name in
      guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)"),
        let document = try? JSON.read(Array(data)), let stack = try? StackSnapshot(document)
      else { return }
      found[name] = stack
    }
  }

  /// Removes a stack's file.
  public static func remove(_ name: String, from directory: String) throws {
    try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
  }

  /// `acme-prod.json`.
  public static func name(of stack: StackID) -> String { "\(stack.name).json" }

  private static func isSnapshot(_ path: String) -> Bool {
    path.hasSuffix(".json") && !path.contains("/") && !path.hasPrefix(".")
  }

  private static func minute(_ time: Date) -> String {
    String(time.ISO8601Format().prefix(16)).replacing("T", with: " ") + " UTC"
  }
}

extension FileManager {
  fileprivate func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }
}
