import Foundation

/// Objects of a git repository, read through one `git cat-file --batch` process however many they
/// are. Not safe for use by several threads at once.
///
/// Requests and answers go over a pair of sockets, because writing to one whose other end is gone can
/// be told not to raise SIGPIPE.
/// Source: git-cat-file(1), "BATCH OUTPUT".
final class GitObjects {
  struct Object {
    /// The full id.
    var id: String
    var type: String
    var bytes: [UInt8]
  }

  private let process = Process()
  private let socket: Int32
  private var received: [UInt8] = []
  private var start = 0

  init(of repository: GitRepository) throws(DesiredStateError) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, type, 0, &ends) == 0 else {
      throw .gitMissing(reason: String(cString: strerror(errno)))
    }
    socket = ends[0]
    let other = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    GitProgram.prepare(process, ["-C", repository.root, "cat-file", "--batch"])
    process.standardInput = other
    process.standardOutput = other
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw .gitMissing(reason: error.localizedDescription)
    }
    try? other.close()
  }

  deinit {
    close(socket)
    // It ends by itself when nobody can ask any more.
    if process.isRunning { process.waitUntilExit() }
  }

  /// The object that a name means (an id, `<commit>:<path>`, `<revision>^{commit}`); `nil` where there
  /// is none.
  func object(_ name: String) throws(DesiredStateError) -> Object? {
    guard !name.utf8.contains(UInt8(ascii: "\n")) else { return nil }
    try send(Array((name + "\n").utf8))
    // "<id> <type> <size>", a line feed, the bytes, a line feed.
    let line = try line()
    if line.hasSuffix(" missing") || line.hasSuffix(" ambiguous") { return nil }
    let fields = line.split(separator: " ")
    guard fields.count == 3, let size = Int(fields[2]) else {
      throw .git(command: "cat-file --batch", reason: "it answered: \(line)")
    }
    let bytes = try take(size + 1)
    return Object(id: String(fields[0]), type: String(fields[1]), bytes: Array(bytes.dropLast()))
  }

  private func send(_ bytes: [UInt8]) throws(DesiredStateError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Foundation.send(
          socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ended }
      sent += count
    }
  }

  private func line() throws(DesiredStateError) -> String {
    var searched = start
    while true {
      if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        return String(decoding: received[start..<end], as: UTF8.self)
      }
      searched = received.count - start
      try receive()
    }
  }

  private func take(_ count: Int) throws(DesiredStateError) -> ArraySlice<UInt8> {
    while received.count - start < count { try receive() }
    defer { start += count }
    return received[start..<(start + count)]
  }

  /// Waits for more. What was taken already is let go of.
  private func receive() throws(DesiredStateError) {
    received.removeFirst(start)
    start = 0
    var count = 0
    var problem: Int32 = 0
    repeat {
      let chunk = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, filled in
        count = recv(socket, buffer.baseAddress, buffer.count, 0)
        problem = errno
        filled = max(count, 0)
      }
      received += chunk
    } while count < 0 && problem == EINTR
    guard count > 0 else { throw ended }
  }

  private var ended: DesiredStateError {
    .git(command: "cat-file --batch", reason: "it ended before it answered")
  }
}
