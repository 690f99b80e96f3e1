/// Dates of the wire, in UTC.
enum Timestamp {
  /// ISO 8601's basic format, `20150830T123600Z`, of seconds since 1970.
  static func basic(_ date: Double) -> String {
    let seconds = Int(date.rounded(.down))
    let days = Int((Double(seconds) / 86_400).rounded(.down))
    let rest = seconds - days * 86_400
    let (year, month, day) = civil(days)
    return pad(year, 4) + pad(month, 2) + pad(day, 2)
      + "T" + pad(rest / 3600, 2) + pad(rest / 60 % 60, 2) + pad(rest % 60, 2) + "Z"
  }

  /// Seconds since 1970 of an HTTP `Date` header (RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`);
  /// `nil` for anything else.
  static func httpDate(_ text: String) -> Double? {
    let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" })
    guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]),
      let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]),
      let hour = Int(parts[4]), let minute = Int(parts[5]), let second = Int(parts[6]),
      (1970...9999).contains(year), (1...31).contains(day)
    else { return nil }
    return Double(days(year, month + 1, day) * 86_400 + hour * 3600 + minute * 60 + second)
  }

  /// Seconds since 1970 of ISO 8601's extended format in UTC (`2015-08-30T12:36:00Z`, a fraction is
  /// cut off); `nil` for anything else.
  static func extended(_ text: String) -> Double? {
    let parts = text.split(whereSeparator: { "-T:.Z".contains($0) })
    guard text.hasSuffix("Z"), parts.count >= 6, let year = Int(parts[0]),
      let month = Int(parts[1]), let day = Int(parts[2]), let hour = Int(parts[3]),
      let minute = Int(parts[4]), let second = Int(parts[5]),
      (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    return Double(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// Year, month and day of a number of days since 1970-01-01, from the year's start in March
  /// (Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The inverse of `civil` (`days_from_civil`).
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
