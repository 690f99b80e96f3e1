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

  /// Asks a question; only "y" and "yes" are a yes, and the end of the input is a no.
  ///
  /// - Parameter shouldStop: looked at while nobody answers: control-C is a no as well.
  func confirms(_ question: String, unless shouldStop: () -> Bool = { false }) -> Bool {
    write("\(question) [y/N] ")
    var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while poll(&input, 1, 100) <= 0 {
      guard !shouldStop() else {
        write("\n")
        return false
      }
    }
    guard let answer = readLine() else {
      write("\n")
      return false
    }
    let word = answer.trimmingCharacters(in: .whitespaces).lowercased()
    return !shouldStop() && ["y", "yes"].contains(word)
  }

  private static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
