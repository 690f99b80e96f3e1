import XCTest

/// `make install` and `make release`, with the program that is built anyway.
final class ReleaseTests: XCTestCase {
  private var folder = FileManager.default.temporaryDirectory

  private static let files = [
    "bin/trueup", "share/bash-completion/completions/trueup", "share/zsh/site-functions/_trueup",
    "share/fish/vendor_completions.d/trueup.fish", "share/doc/trueup/LICENSE",
    "share/doc/trueup/NOTICE", "share/doc/trueup/CHANGELOG.md",
  ]

  override func setUpWithError() throws {
    folder = folder.appendingPathComponent("trueup-release-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  override func tearDownWithError() throws {
    try FileManager.default.removeItem(at: folder)
  }

  private func run(_ program: String, _ arguments: [String], in place: URL? = nil) throws -> String
  {
    let finished = try Program.run(
      URL(fileURLWithPath: program), arguments, in: place ?? Paths.repository,
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"])
    XCTAssertEqual(finished.code, 0, "\(program) \(arguments):\n\(finished.everything)")
    return finished.output
  }

  private func make(_ target: String, _ variables: String...) throws {
    _ = try run("/usr/bin/make", [target, "BINARY=\(try Paths.trueup().path)"] + variables)
  }

  private func files(below place: URL) throws -> [String] {
    try run("/usr/bin/find", [".", "-type", "f"], in: place).split(separator: "\n").map {
      String($0.dropFirst(2))
    }.sorted()
  }

  func testInstallPutsProgramAndCompletionsWhereTheyBelong() throws {
    try make("install-files", "DESTDIR=\(folder.path)", "PREFIX=/opt/trueup")
    let place = folder.appendingPathComponent("opt/trueup")
    XCTAssertEqual(try files(below: place), Self.files.sorted())
    XCTAssert(try run(place.path + "/bin/trueup", ["version"]).hasPrefix("trueup "))
    for file in Self.files {
      let size = FileManager.default.contents(atPath: place.path + "/" + file)?.count ?? 0
      XCTAssertGreaterThan(size, 100, "\(file) should not be empty")
    }
  }

  func testAReleaseIsOneArchiveWithItsChecksumAndTheSameEachTime() throws {
    let version = try run(Paths.trueup().path, ["version"]).split { $0 == " " || $0 == "\n" }[1]
    var checksums: [String] = []
    for attempt in ["first", "second"] {
      let place = folder.appendingPathComponent(attempt)
      try make("archive", "DIST=\(place.path)")
      let made = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
      XCTAssertEqual(made.count, 2, "\(made)")
      XCTAssertEqual(made[0], "SHA256SUMS")
      XCTAssert(made[1].hasPrefix("trueup-\(version)-linux-"), made[1])
      XCTAssert(made[1].hasSuffix(".tar.gz"), made[1])
      _ = try run("/usr/bin/sha256sum", ["--check", "--strict", "SHA256SUMS"], in: place)
      checksums.append(
        try String(contentsOf: place.appendingPathComponent("SHA256SUMS"), encoding: .utf8))
      // As deploy/github-actions/actions/trueup unpacks it.
      _ = try run("/usr/bin/tar", ["-xzf", made[1], "--strip-components", "1"], in: place)
      XCTAssertEqual(
        try files(below: place).filter { $0.contains("/") }, Self.files.sorted())
    }
    XCTAssertEqual(checksums[0], checksums[1], "the same program should give the same archive")
  }
}
