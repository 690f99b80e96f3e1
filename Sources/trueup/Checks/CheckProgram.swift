import CSpawn
import Foundation
import TrueupCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs one check to its end, in a process group of its own: without a shell, with an environment by
/// allow-list, and bounded in time and output.
struct CheckProgram {
  /// All that a check sees of the environment.
  static let variables = ["PATH", "HOME", "LANG", "TMPDIR"]
  /// Bytes that a check may print.
  static let outputLimit = 262_144

  let environment: [String: String]
  /// Where it is started, and what a program with a slash in its name is relative to.
  let directory: String
  /// The file that is its standard input.
  let input: String
  /// The file that takes what it prints.
  let output: String
  var shouldStop: () -> Bool = { false }

  func run(_ check: PolicyCheck) -> CheckResult {
    func broken(_ reason: String, _ text: String = "") -> CheckResult {
      CheckResult(name: check.name, verdict: .broken(reason), warns: check.warns, output: text)
    }
    guard let program = program(check.run[0]) else {
      let place = check.run[0].contains("/") ? "in the repository" : "on the PATH"
      return broken("cannot run: there is no program \(check.run[0]) \(place)")
    }
    let started = start(program, check.run)
    guard case .success(let child) = started else {
      guard case .failure(let error) = started else { return broken("cannot run") }
      return broken("cannot run: \(program): \(String(cString: strerror(error.code)))")
    }
    let ending = wait(for: child, seconds: Double(check.timeout))
    // Whatever it has left behind goes with it.
    kill(-child, SIGKILL)
    let text = printed()
    switch ending {
    case .exited(0):
      return CheckResult(
        name: check.name, verdict: .passed, warns: check.warns, output: text)
    case .exited(let code):
      return CheckResult(
        name: check.name, verdict: .denied(code), warns: check.warns, output: text)
    case .signalled(let signal): return broken("was ended by signal \(signal)", text)
    case .tooLong: return broken("did not end within \(check.timeout) s, and was ended", text)
    case .tooMuch:
      return broken("printed more than \(Self.outputLimit / 1024) KiB, and was ended", text)
    case .stopped: return broken("was ended because the run was asked to stop", text)
    }
  }

  // MARK: Starting

  private struct Failure: Error {
    let code: Int32
  }

  /// The file of a program: as it is named where that has a slash, else on the path.
  private func program(_ name: String) -> String? {
    if name.contains("/") {
      let path = name.hasPrefix("/") ? name : "\(directory)/\(name)"
      return access(path, X_OK) == 0 ? path : nil
    }
    return (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(name)" }.first { path in
        var isDirectory: ObjCBool = false
        return access(path, X_OK) == 0
          && FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
          && !isDirectory.boolValue
      }
  }

  private func start(_ program: String, _ arguments: [String]) -> Result<pid_t, Failure> {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND | O_CREAT, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    trueup_spawn_in(&actions, directory)
    // A group of its own; and what we ignore or hold back is its own business again.
    var none = sigset_t()
    sigemptyset(&none)
    var usual = sigset_t()
    sigemptyset(&usual)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&usual, signal) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let words = arguments.map { strdup($0) } + [nil]
    let variables =
      Self.variables.compactMap { name in
        environment[name].map { strdup("\(name)=\($0)") }
      } + [nil]
    defer { for word in words + variables { free(word) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, program, &actions, &attributes, words, variables)
    return code == 0 ? .success(child) : .failure(Failure(code: code))
  }

  // MARK: Ending

  private enum Ending {
    case exited(Int)
    case signalled(Int32)
    case tooLong, tooMuch, stopped
  }

  private func wait(for child: pid_t, seconds: Double) -> Ending {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var status: Int32 = 0
    var pause: useconds_t = 1_000
    while true {
      let ended = waitpid(child, &status, WNOHANG)
      if ended == child {
        let signal = status & 0x7F
        return signal == 0 ? .exited(Int((status >> 8) & 0xFF)) : .signalled(signal)
      }
      let reason: Ending? =
        if ended < 0 && errno != EINTR { .signalled(0) } else if size() > Self.outputLimit {
          .tooMuch
        } else if shouldStop() { .stopped } else if ContinuousClock.now >= deadline {
          .tooLong
        } else { nil }
      if let reason {
        kill(-child, SIGKILL)
        _ = waitpid(child, &status, 0)
        return reason
      }
      usleep(pause)
      pause = min(pause * 2, 50_000)
    }
  }

  private func size() -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: output)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  private func printed() -> String {
    guard let file = FileHandle(forReadingAtPath: output) else { return "" }
    defer { try? file.close() }
    let data = (try? file.read(upToCount: Self.outputLimit)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
