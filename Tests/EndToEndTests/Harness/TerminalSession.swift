import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A program that runs on a pseudo-terminal, with somebody who reads and types.
final class TerminalSession {
  /// TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname of the C library do.
  /// Source: Linux man-pages, ioctl_tty(2).
  private static let unlock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  private let process = Process()
  private let master: Int32
  /// Everything that the terminal showed so far.
  private(set) var shown = ""

  /// - Parameter redirecting: where standard output goes instead of to the terminal.
  init(_ workspace: Workspace, _ arguments: [String], redirecting output: FileHandle? = nil) throws
  {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: UInt32 = 0
    var lock: Int32 = 0
    guard master >= 0, ioctl(master, Self.unlock, &lock) == 0,
      ioctl(master, Self.getNumber, &number) == 0
    else { throw HarnessError("there is no pseudo-terminal") }
    let name = "/dev/pts/\(number)"
    let slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw HarnessError("the pseudo-terminal cannot be opened") }
    var size = winsize(ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.executableURL = try Paths.trueup()
    process.arguments = arguments
    process.currentDirectoryURL = workspace.root
    process.environment = workspace.variables.merging(["TERM": "xterm", "NO_COLOR": "1"]) { $1 }
    process.standardInput = terminal
    process.standardOutput = output ?? terminal
    process.standardError = terminal
    try process.run()
    close(slave)
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(master)
  }

  /// Waits until the terminal has shown a text.
  func wait(for text: String, timeout: Double = 60) throws {
    let deadline = Date().addingTimeInterval(timeout)
    while !shown.contains(text) {
      read()
      guard Date() < deadline, process.isRunning || shown.contains(text) else {
        throw HarnessError("the terminal did not show \"\(text)\", but:\n\(shown)")
      }
      usleep(5_000)
    }
  }

  /// Types a text; a line ends in `\n`, and control-D is `\u{4}`.
  func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard write(master, bytes, bytes.count) == bytes.count else {
      throw HarnessError("\"\(text)\" could not be typed")
    }
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end and returns the exit code.
  func finish(timeout: Double = 60) throws -> Int {
    let deadline = Date().addingTimeInterval(timeout)
    while process.isRunning {
      read()
      guard Date() < deadline else { throw HarnessError("it did not end; it had shown:\n\(shown)") }
      usleep(5_000)
    }
    read()
    process.waitUntilExit()
    return Int(process.terminationStatus)
      + (process.terminationReason == .uncaughtSignal ? 128 : 0)
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(master, &buffer, buffer.count)
      guard count > 0 else { return }
      shown += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
