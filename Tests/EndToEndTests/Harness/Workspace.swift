import Foundation

/// A git repository with a desired state, and `trueup` run in it against the endpoint.
final class Workspace {
  let root: URL
  let endpoint: Endpoint
  /// Added to (or replacing) the environment of every run.
  var environment: [String: String] = [:]

  /// A repository whose desired state is the small fleet of the tests, or empty.
  init(_ endpoint: Endpoint, examples: Bool = false) throws {
    self.endpoint = endpoint
    root = FileManager.default.temporaryDirectory
      .appendingPathComponent("trueup-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try git("init", "--quiet", "--initial-branch=main")
    try write(".gitignore", ".trueup/\n")
    if examples {
      try Fixtures.copyFleet(to: root)
      try commit("The examples")
    } else {
      try write("desired-state/fleet.jsonc", Fixtures.fleet)
    }
  }

  deinit {
    try? FileManager.default.removeItem(at: root)
  }

  func write(_ path: String, _ text: String) throws {
    let file = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
  }

  /// Replaces the one occurrence of a text in a file.
  func edit(_ path: String, _ old: String, _ new: String) throws {
    let text = try read(path)
    guard text.components(separatedBy: old).count == 2 else {
      throw HarnessError("\(path) does not hold \(old) exactly once")
    }
    try write(path, text.replacingOccurrences(of: old, with: new))
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(at: root.appendingPathComponent(path))
  }

  func commit(_ message: String) throws {
    try git("add", "--all")
    try git("commit", "--quiet", "--message", message)
  }

  /// Starts `trueup` in the root of the repository.
  func start(_ arguments: [String]) throws -> Program {
    try Program(try Paths.trueup(), arguments, in: root, environment: variables)
  }

  /// The environment of every run.
  var variables: [String: String] {
    var variables = [
      "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": root.path, "LANG": "C.UTF-8",
      "AWS_ENDPOINT_URL": endpoint.url, "AWS_REGION": "us-east-1",
      "AWS_ACCESS_KEY_ID": "AKIA123456789012TEST", "AWS_SECRET_ACCESS_KEY": "test-secret",
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "AWS_EC2_METADATA_DISABLED": "true",
    ]
    // A program that is linked to the toolchain's libraries finds them as these tests do.
    variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    variables.merge(environment) { $1 }
    return variables
  }

  /// Runs `trueup` to its end.
  @discardableResult
  func trueup(_ arguments: String..., timeout: Double = 120) throws -> Program.Finished {
    try start(arguments).finish(timeout: timeout)
  }

  func git(_ arguments: String...) throws {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]
    let finished = try Program.run(
      URL(fileURLWithPath: "/usr/bin/git"), identity + arguments, in: root,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": root.path, "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": "2026-11-14T09:00:00Z", "GIT_COMMITTER_DATE": "2026-11-14T09:00:00Z",
      ])
    guard finished.code == 0 else {
      throw HarnessError("git \(arguments.joined(separator: " ")): \(finished.everything)")
    }
  }
}
