import Foundation
import Reports

/// Where the program writes: standard output for results, standard error for what went wrong.
struct Terminal: Sendable {
  /// Colour and width, as standard output and `NO_COLOR` ask for.
  let style: TextStyle
  /// Standard output is a terminal that can rewrite a line.
  let isLive: Bool
  /// A person can answer.
  let canAsk: Bool

  init(environment: [String: String]) {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    isLive = isTerminal && environment["TERM"] != "dumb"
    canAsk = isTerminal && isatty(STDIN_FILENO) == 1
    style = TextStyle(
      color: isTerminal && environment["NO_COLOR", default: ""].isEmpty,
      width: isTerminal ? Self.width : nil)
  }

  func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  func writeError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  /// Asks a question; only "y" and "yes" are a yes.
  func confirms(_ question: String) -> Bool {
    write("\(question) [y/N] ")
    return ["y", "yes"].contains((readLine() ?? "").lowercased())
  }

  private static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
