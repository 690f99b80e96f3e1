import Foundation

/// Runs a page: its files are written and its commands are run from the top, in one shell, in an empty
/// directory, against the test endpoint.
struct DocsSession {
  /// The address of the endpoint in the pages: `make endpoint` listens there.
  private static let address = "http://127.0.0.1:5055"

  let page: DocsPage
  let endpoint: Endpoint

  /// What went wrong, as sentences with places.
  func problems() throws -> [String] {
    let base = FileManager.default.temporaryDirectory
      .appendingPathComponent("trueup-docs-\(UUID().uuidString)")
    let (work, programs, results) = (
      base.appendingPathComponent("work"), base.appendingPathComponent("bin"),
      base.appendingPathComponent("results")
    )
    for folder in [work, programs, results] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: base) }
    for program in [try Paths.trueup(), try Paths.tool("aws")] {
      try FileManager.default.createSymbolicLink(
        at: programs.appendingPathComponent(program.lastPathComponent),
        withDestinationURL: program)
    }
    let (script, commands) = try script(results: results.path)
    let finished = try Program.run(
      URL(fileURLWithPath: "/bin/bash"), ["-c", script], in: work,
      environment: environment(home: base.path, programs: programs.path), timeout: 300)
    var problems = finished.everything.isEmpty ? [] : ["\(page.path): \(finished.everything)"]
    for (index, command) in commands.enumerated() {
      let place = "\(page.path):\(command.line): $ \(command.text)"
      guard let code = text(results, "\(index).code"), let output = text(results, "\(index).out")
      else {
        problems.append("\(place)\nwas not run, because what stands before it failed")
        break
      }
      if Int(code.trimmingCharacters(in: .whitespacesAndNewlines)) != command.exitCode {
        problems.append("\(place)\nended with exit code \(code)and said:\n\(output)")
        break
      }
      problems += try missing(command, in: output).map {
        "\(place)\nshould print, in this order:\n\($0)\nbut printed:\n\(output)"
      }
    }
    return problems
  }

  /// The page as one script that stops at the first command with another exit code than it names.
  private func script(results: String) throws -> (String, [DocsPage.Command]) {
    var script = ""
    var commands: [DocsPage.Command] = []
    for block in page.blocks {
      if let file = block.value("file") {
        script += "mkdir -p \"$(dirname '\(file)')\"\n"
        script += "cat > '\(file)' <<'END OF THE FILE'\n\(block.text)END OF THE FILE\n"
      } else if block.language == "console", !block.words.contains("norun") {
        for command in try page.commands(of: block) {
          let text = command.text.replacingOccurrences(of: Self.address, with: endpoint.url)
          let result = "\(results)/\(commands.count)"
          script += """
            {
            \(text)
            } > '\(result).out' 2>&1
            echo $? > '\(result).code'
            [ "$(cat '\(result).code')" = \(command.exitCode) ] || exit 0

            """
          commands.append(command)
        }
      }
    }
    return (script, commands)
  }

  private func environment(home: String, programs: String) -> [String: String] {
    var variables = [
      "PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8",
      "AWS_ENDPOINT_URL": endpoint.url, "AWS_REGION": "us-east-1",
      "AWS_DEFAULT_REGION": "us-east-1", "AWS_PAGER": "", "AWS_EC2_METADATA_DISABLED": "true",
      "AWS_ACCESS_KEY_ID": "AKIA123456789012TEST", "AWS_SECRET_ACCESS_KEY": "test-secret",
      "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Test", "GIT_COMMITTER_NAME": "Test",
      "GIT_AUTHOR_EMAIL": "test@example.com", "GIT_COMMITTER_EMAIL": "test@example.com",
    ]
    // A program that is linked to the toolchain's libraries finds them as these tests do.
    variables["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
    return variables
  }

  /// The first shown line that is not printed behind those before it; blanks count as one.
  private func missing(_ command: DocsPage.Command, in output: String) throws -> [String] {
    var printed = output.components(separatedBy: "\n").map(Self.oneBlank)[...]
    for line in command.shown {
      let pattern = Self.oneBlank(line).components(separatedBy: "…")
        .map(NSRegularExpression.escapedPattern).joined(separator: ".*")
      guard
        let found = printed.firstIndex(where: {
          $0.range(of: "^\(pattern)$", options: .regularExpression) != nil
        })
      else { return [line] }
      printed = printed[(found + 1)...]
    }
    return []
  }

  private static func oneBlank(_ line: String) -> String {
    line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func text(_ folder: URL, _ name: String) -> String? {
    FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
