import Foundation
import TrueupCore

/// Keeps two runs from changing the same stack at once. A file lock today; fleets that outgrow one
/// machine will hold leases elsewhere.
public protocol StackLocking: Sendable {
  /// Takes the lock of a stack, or says who holds it. The lock is held until the returned value goes.
  func lock(_ stack: StackID) -> Result<any Sendable, StackLockError>
}

/// Why a stack could not be locked.
public struct StackLockError: Error, Hashable, Sendable {
  public var message: String
  /// Somebody else holds the lock.
  public var isBusy: Bool

  public init(message: String, isBusy: Bool = false) {
    self.message = message
    self.isBusy = isBusy
  }
}

/// Locks by `flock(2)` on a file per stack: released by the kernel when the process ends, however it
/// ends.
public struct FileStackLocks: StackLocking {
  private let directory: String

  public init(directory: String) { self.directory = directory }

  public func lock(_ stack: StackID) -> Result<any Sendable, StackLockError> {
    lock(file: stack.owner.replacing("/", with: "_")) { path in
      "another run is changing \(stack.name) (it holds \(path)); try again when it ended"
    }
  }

  /// Keeps two reconciles from running at once on this machine.
  public func lockReconcile() -> Result<any Sendable, StackLockError> {
    // No stack's lock is called so: their names hold the project's name and an underscore.
    lock(file: "reconcile") { "another reconcile is running (it holds \($0))" }
  }

  private func lock(
    file name: String, busy: (_ path: String) -> String
  ) -> Result<any Sendable, StackLockError> {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      return .failure(
        StackLockError(message: "\(directory) cannot be made: \(error.localizedDescription)"))
    }
    let path = "\(directory)/\(name).lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      return .failure(
        StackLockError(message: "\(path) cannot be opened: \(String(cString: strerror(errno)))"))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let isBusy = errno == EWOULDBLOCK
      let reason = String(cString: strerror(errno))
      close(descriptor)
      return .failure(
        StackLockError(
          message: isBusy ? busy(path) : "\(path) cannot be locked: \(reason)", isBusy: isBusy))
    }
    return .success(HeldLock(descriptor: descriptor))
  }
}

/// An open file descriptor whose lock goes with it.
private final class HeldLock: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
