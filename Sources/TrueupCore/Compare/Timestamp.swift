import Document

/// Instants as AWS writes them: ISO 8601 in any precision, or epoch seconds.
enum Timestamp {
  /// Seconds since 1970; `nil` for anything that is no instant.
  static func seconds(_ value: Document) -> Double? {
    if let number = value.double { return number }
    guard let text = value.string else { return nil }
    let pattern =
      /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?(?:Z|\+00:?00)?/
    guard let match = text.wholeMatch(of: pattern), let year = Int(match.1),
      let month = Int(match.2), let day = Int(match.3)
    else { return nil }
    let hours = match.4.flatMap { Double($0) } ?? 0
    let minutes = match.5.flatMap { Double($0) } ?? 0
    let seconds = match.6.flatMap { Double($0) } ?? 0
    return Double(daysSince1970(year: year, month: month, day: day)) * 86400 + hours * 3600
      + minutes * 60 + seconds
  }

  /// Days from 1970-01-01 in the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level
  /// Date Algorithms", days_from_civil).
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146097 + dayOfEra - 719468
  }
}
