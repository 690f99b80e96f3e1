import Foundation

/// Small pieces of English that all reports share.
enum Wording {
  /// `1 stack`, `3 stacks`.
  static func count(_ number: Int, _ singular: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? singular : plural ?? singular + "s")"
  }

  /// `0.4 s`, `58 s`, `3 min 5 s`.
  static func duration(_ seconds: Double) -> String {
    let tenths = (max(0, seconds) * 10).rounded() / 10
    if tenths < 10 { return "\(tenths) s" }
    let whole = Int(seconds.rounded())
    return whole < 120 ? "\(whole) s" : "\(whole / 60) min \(whole % 60) s"
  }

  /// `2026-11-20T22:41:07Z`.
  static func timestamp(_ secondsSince1970: Double) -> String {
    Date(timeIntervalSince1970: secondsSince1970.rounded(.down)).ISO8601Format()
  }

  /// `2026-11-20 22:41 UTC`.
  static func minute(_ secondsSince1970: Double) -> String {
    String(timestamp(secondsSince1970).prefix(16)).replacing("T", with: " ") + " UTC"
  }

  /// `6 days`, `5 hours`, `3 minutes`, in whole units; `a moment` below a minute.
  static func age(_ seconds: Double) -> String {
    let minutes = Int(max(0, seconds) / 60)
    return switch minutes {
    case 0: "a moment"
    case ..<60: count(minutes, "minute")
    case ..<(48 * 60): count(minutes / 60, "hour")
    default: count(minutes / (24 * 60), "day")
    }
  }

  /// `A, B, C and 4 more`.
  static func some(_ names: [String], limit: Int = 3) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }

  /// The end of a run's id, by which people call it: `7c1e` of `2026-11-20T22:41:07Z-7c1e`.
  static func shortRun(_ run: String) -> String {
    run.split(separator: "-").last.map(String.init) ?? run
  }
}
