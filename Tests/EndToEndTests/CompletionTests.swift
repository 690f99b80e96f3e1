import XCTest

/// The completions, loaded and asked in the shells themselves.
final class CompletionTests: XCTestCase {
  private struct Shell {
    var name: String
    /// Reads the script and runs nothing of it.
    var check: [String]
    /// Prints what is offered for a command line.
    var ask: [String]

    static let all = [
      Shell(name: "bash", check: ["-n"], ask: []),
      Shell(name: "zsh", check: ["-n"], ask: ["-f"]),
      Shell(name: "fish", check: ["--no-execute"], ask: []),
    ]

    func url() throws -> URL {
      for folder in ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"] {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) {
          return URL(fileURLWithPath: path)
        }
      }
      throw HarnessError("\(name) is not installed: run `make test-packages`")
    }
  }

  private var folder = FileManager.default.temporaryDirectory

  override func setUpWithError() throws {
    folder = folder.appendingPathComponent("trueup-completion-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Fixtures.copyFleet(to: folder)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("elsewhere/clients"), withIntermediateDirectories: true)
    try #"{ "client": "omega", "environment": "prod", "blueprint": "base" }"#.write(
      to: folder.appendingPathComponent("elsewhere/clients/omega-prod.jsonc"), atomically: true,
      encoding: .utf8)
    // A name that a shell must not run.
    try "{}".write(
      to: folder.appendingPathComponent("elsewhere/clients/$(touch ran).jsonc"), atomically: true,
      encoding: .utf8)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  private func run(_ shell: Shell, _ arguments: [String]) throws -> Program.Finished {
    try Program.run(
      shell.url(), arguments, in: folder,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": folder.path, "TERM": "xterm", "LC_ALL": "C.UTF-8",
      ],
      timeout: 60)
  }

  private func script(_ shell: Shell) throws -> String {
    let path = folder.appendingPathComponent("trueup.\(shell.name)").path
    let printed = try Program.run(
      Paths.trueup(), ["completion", shell.name], in: folder, environment: [:])
    XCTAssertEqual(printed.code, 0, printed.everything)
    try printed.output.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  func testTheShellsReadTheScripts() throws {
    for shell in Shell.all {
      let checked = try run(shell, shell.check + [try script(shell)])
      XCTAssertEqual(checked.code, 0, "\(shell.name): \(checked.everything)")
      XCTAssertEqual(checked.everything, "", "\(shell.name) should have nothing to say")
    }
  }

  func testTheShellsOfferWhatCanFollow() throws {
    let cases: [(line: String, offered: [String])] = [
      ("trueup des", ["destroy"]),
      ("trueup plan --allow-r", ["--allow-replaces"]),
      ("trueup plan --client ", ["acme", "orbit", "zeta"]),
      ("trueup plan --client=z", ["zeta"]),
      ("trueup plan --environment ", ["dev", "prod"]),
      ("trueup plan --desired elsewhere --client ", ["omega"]),
      ("trueup destroy z", ["zeta-dev"]),
      ("trueup destroy --desired elsewhere ", ["omega-prod"]),
      ("trueup validate --format ", ["json", "text"]),
      ("trueup schema ", ["fleet", "manifest", "plan", "template"]),
      ("trueup schema --blueprint ", ["base", "cosyworld", "network", "shared"]),
      ("trueup completion ", ["bash", "fish", "zsh"]),
      ("trueup explain AWS::EC2::VPCE", ["AWS::EC2::VPCEndpoint"]),
      ("trueup plan --desired else", ["elsewhere/"]),
      ("trueup nonsense ", []),
    ]
    for shell in Shell.all {
      let driver = Paths.repository.appendingPathComponent(
        "Tests/EndToEndTests/Completions/complete.\(shell.name)")
      let script = try script(shell)
      for (line, offered) in cases {
        let answer = try run(shell, shell.ask + [driver.path, script, line])
        let words = answer.output.split(separator: "\n").map(String.init)
        XCTAssertEqual(
          words.map { Self.whole($0, line, shell) }, offered.map { Self.whole($0, line, shell) },
          "\(shell.name) on \"\(line)\": \(answer.errors)")
      }
    }
    XCTAssertFalse(
      FileManager.default.fileExists(atPath: folder.appendingPathComponent("ran").path),
      "a file's name was run as a command")
  }

  /// Shells say the same in several ways: fish repeats the option of `--option=value`, bash leaves out
  /// what stands before a colon, and only some put a slash behind directories.
  private static func whole(_ word: String, _ line: String, _ shell: Shell) -> String {
    var word = word.replacing("--client=", with: "")
    if line.contains("::"), let last = word.split(separator: ":").last { word = String(last) }
    return word.hasSuffix("/") ? String(word.dropLast()) : word
  }
}
