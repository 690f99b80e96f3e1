import Foundation
import Reports
import TrueupCore

extension CommandRunner {
  /// Writes the file that `--metrics-file` names, at once: a collector sees the old or the new one.
  func writeMetrics(
    _ report: RunReport, status: ExitStatus, invocation: Invocation
  ) throws {
    guard let path = invocation.string("--metrics-file") else { return }
    let text = MetricsText.render(report, exit: status, at: Date().timeIntervalSince1970)
    let directory = (path as NSString).deletingLastPathComponent
    // node_exporter reads only names that end in .prom, and not this one.
    let draft =
      (directory.isEmpty ? "." : directory)
      + "/.\((path as NSString).lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: draft))
      // The collector is another user.
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: draft)
    } catch {
      throw EarlyEnd(message: "\(path) cannot be written: \(error.localizedDescription)")
    }
    guard rename(draft, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(draft)
      throw EarlyEnd(message: "\(path) cannot be written: \(reason)")
    }
  }
}
