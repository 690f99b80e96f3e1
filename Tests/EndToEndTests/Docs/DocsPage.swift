import Foundation

/// A page of the documentation, taken apart. `docs/README.md` tells the conventions.
struct DocsPage {
  /// A fenced block.
  struct Block {
    let language: String
    /// The words behind the language: `norun`, `file=desired-state/fleet.jsonc`.
    let words: [String]
    /// Without the indentation of the fence.
    let lines: [String]
    /// Where the first line stands in the page, from 1 on.
    let line: Int

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// The value of a word `key=value`.
    func value(_ key: String) -> String? {
      words.first { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
    }
  }

  /// A command of a `console` block, with what the page shows of its output.
  struct Command {
    var text: String
    var shown: [String] = []
    let line: Int

    /// The exit code that its comment names, `# exit 2`; 0 without one.
    var exitCode: Int {
      guard let comment = text.range(of: #"# exit [0-9]+$"#, options: .regularExpression) else {
        return 0
      }
      return Int(text[comment].dropFirst("# exit ".count)) ?? 0
    }
  }

  /// Within the repository, `docs/tutorial.md`.
  let path: String
  let blocks: [Block]
  /// The lines outside of blocks, each with its number.
  let prose: [(number: Int, text: String)]

  /// All pages below `docs/`, sorted.
  static func all() throws -> [DocsPage] {
    try files(under: "docs").filter { $0.hasSuffix(".md") }.map(DocsPage.init)
  }

  /// The paths of all files below a folder of the repository, sorted.
  static func files(under folder: String) throws -> [String] {
    let place = Paths.repository.appendingPathComponent(folder)
    guard let paths = FileManager.default.enumerator(atPath: place.path) else {
      throw HarnessError("there is no \(folder)/")
    }
    return paths.compactMap { $0 as? String }.map { "\(folder)/\($0)" }.filter {
      var isDirectory: ObjCBool = false
      let path = Paths.repository.appendingPathComponent($0).path
      return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        && !isDirectory.boolValue
    }.sorted()
  }

  /// A file of the repository.
  static func text(_ path: String) throws -> String {
    String(
      decoding: try Data(contentsOf: Paths.repository.appendingPathComponent(path)), as: UTF8.self)
  }

  init(_ path: String) throws {
    self.path = path
    var blocks: [Block] = []
    var prose: [(number: Int, text: String)] = []
    var open: (indentation: Int, info: [String], lines: [String], line: Int)?
    let lines = try Self.text(path).components(separatedBy: "\n")
    for (index, line) in lines.enumerated() {
      let trimmed = line.drop { $0 == " " }
      if trimmed.hasPrefix("```") {
        if let block = open {
          blocks.append(
            Block(
              language: block.info.first ?? "", words: Array(block.info.dropFirst()),
              lines: block.lines, line: block.line))
          open = nil
        } else {
          let info = trimmed.dropFirst(3).split(separator: " ").map(String.init)
          open = (line.count - trimmed.count, info, [], index + 2)
        }
      } else if let block = open {
        let indentation = min(block.indentation, line.prefix { $0 == " " }.count)
        open?.lines.append(String(line.dropFirst(indentation)))
      } else {
        prose.append((index + 1, line))
      }
    }
    if let open { throw HarnessError("\(path):\(open.line): the block is not closed") }
    self.blocks = blocks
    self.prose = prose
  }

  /// The commands of a block; a line that ends in a backslash goes on in the next.
  func commands(of block: Block) throws -> [Command] {
    var commands: [Command] = []
    for (index, line) in block.lines.enumerated() {
      if line.hasPrefix("$ ") {
        commands.append(Command(text: String(line.dropFirst(2)), line: block.line + index))
      } else if commands.isEmpty {
        throw HarnessError("\(path):\(block.line + index): output stands before any command")
      } else if commands[commands.count - 1].text.hasSuffix("\\") {
        commands[commands.count - 1].text += "\n" + line
      } else if !line.allSatisfy(\.isWhitespace) {
        commands[commands.count - 1].shown.append(line)
      }
    }
    return commands
  }

  /// What stands between backticks in the prose, with the number of the paragraph's first line: a span
  /// may go on in the next line.
  var codeSpans: [(number: Int, text: String)] {
    var paragraphs: [(number: Int, text: String)] = []
    var last: Int?
    for (number, text) in prose where !text.allSatisfy(\.isWhitespace) {
      if last == number - 1 {
        paragraphs[paragraphs.count - 1].text += " " + text
      } else {
        paragraphs.append((number, text))
      }
      last = number
    }
    return paragraphs.flatMap { number, text in
      text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map {
        (number, $0.element)
      }
    }
  }

  /// Everything that is code: spans, and lines of blocks.
  var code: [(number: Int, text: String)] {
    codeSpans
      + blocks.flatMap { block in
        block.lines.enumerated().map { (block.line + $0.offset, $0.element) }
      }
  }

  /// The anchors that GitHub gives the headings.
  var anchors: Set<String> {
    Set(
      prose.filter { $0.text.hasPrefix("#") }.map { _, text in
        let heading = text.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
        return String(
          heading.filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }
            .map { $0 == " " ? "-" : $0 })
      })
  }
}
