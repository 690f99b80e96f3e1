import AWSClient
import Foundation

/// The file that `--trace` names: one line for each HTTP attempt, as it ends. It holds no input and no
/// output, so no secret.
///
/// A line has columns with a space between: the time (UTC), the service, the operation, the region, the
/// status or `-`, the milliseconds, the attempt, the request id or `-`, and AWS's error code, if any.
final class TraceFile: Sendable {
  private let descriptor: Int32

  /// The file that the invocation asks for; `nil` where it asks for none. It is appended to, and made,
  /// readable by its owner alone, where there is none.
  init?(_ invocation: Invocation) throws {
    guard let path = invocation.string("--trace") else { return nil }
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw EarlyEnd(message: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  deinit { close(descriptor) }

  /// Writes the line at once, whole: other processes may append to the same file.
  func add(_ record: CallRecord, at time: Double) {
    let line = Self.line(record, at: time) + "\n"
    _ = Array(line.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  static func line(_ record: CallRecord, at time: Double) -> String {
    let begun = Date(timeIntervalSince1970: time)
    let stamp = begun.ISO8601Format(.iso8601(timeZone: .gmt, includingFractionalSeconds: true))
    var columns = [
      stamp, record.service, record.operation, record.region,
      record.status.map { "\($0)" } ?? "-", "\(Int((record.seconds * 1000).rounded()))ms",
      "attempt=\(record.attempt)", "request=\(record.requestID ?? "-")",
    ]
    if let code = record.code { columns.append("error=\(code)") }
    // A column is one word, whatever an endpoint sends.
    return columns.map { column in
      String(column.map { $0.isWhitespace || !$0.isASCII ? "_" : $0 })
    }.joined(separator: " ")
  }
}
