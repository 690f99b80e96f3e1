import Document

/// Points in time as AWS writes them. In Documents they are seconds since 1970-01-01T00:00:00Z.
enum WireTimestamp {
  /// `.integer` for whole seconds, else `.double`.
  static func document(_ seconds: Double) -> Document {
    Int(exactly: seconds).map(Document.integer) ?? .double(seconds)
  }

  /// The seconds that an input means: a number, or a text in any format that `parse` knows. `nil`
  /// for anything else, and beyond the years 0 to 9999, which the formats cannot write.
  static func seconds(_ input: Document) -> Double? {
    guard let seconds = input.double ?? input.string.flatMap(parse),
      (-62_167_219_200..<253_402_300_800).contains(seconds)
    else { return nil }
    return seconds
  }

  static func text(_ seconds: Double, format: Traits.TimestampFormat) -> String {
    switch format {
    case .iso8601: iso8601(seconds)
    case .rfc822: rfc822(seconds)
    case .unixTimestamp: Int(exactly: seconds).map(String.init) ?? seconds.description
    }
  }

  /// `2015-01-25T08:00:00Z`, with milliseconds where there are any (Smithy `date-time`).
  private static func iso8601(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    let (whole, fraction) = (floorDivide(milliseconds, 1000), modulo(milliseconds, 1000))
    let day = Day(number: floorDivide(whole, 86_400))
    let date = "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    return "\(date)T\(clock(whole))" + (fraction == 0 ? "Z" : ".\(padded(fraction, 3))Z")
  }

  /// `Mon, 16 Dec 2019 23:48:18 GMT` (RFC 9110, IMF-fixdate).
  private static func rfc822(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.down))
    let number = floorDivide(whole, 86_400)
    let day = Day(number: number)
    // 1970-01-01 was a Thursday.
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][modulo(number, 7)]
    let date = "\(padded(day.day, 2)) \(months[day.month - 1]) \(padded(day.year, 4))"
    return "\(weekday), \(date) \(clock(whole)) GMT"
  }

  /// The seconds of a text in ISO 8601, as an HTTP date, or as a number. `nil` for anything else.
  static func parse(_ text: String) -> Double? {
    if let number = Double(text) { return number.isFinite ? number : nil }
    return text.contains(",") ? parseHTTPDate(text) : parseISO8601(text)
  }

  private static func parseHTTPDate(_ text: String) -> Double? {
    let parts = text.split { $0 == " " || $0 == "," || $0 == "-" }
    guard parts.count >= 5, let day = Int(parts[1]), let year = Int(parts[3]),
      let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day),
      (0...9999).contains(year),
      let clock = parseClock(parts[4])
    else { return nil }
    let number = Day(year: year, month: month + 1, day: day).number
    return Double(number * 86_400) + clock
  }

  private static func parseISO8601(_ text: String) -> Double? {
    guard let separator = text.firstIndex(where: { $0 == "T" || $0 == "t" || $0 == " " }) else {
      return nil
    }
    let date = text[..<separator].split(separator: "-").map { Int($0) }
    var rest = text[text.index(after: separator)...]
    var offset = 0
    if rest.last == "Z" || rest.last == "z" {
      rest = rest.dropLast()
    } else if let sign = rest.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let digits = rest[rest.index(after: sign)...].filter { $0 != ":" }
      guard digits.count == 4, let value = Int(digits) else { return nil }
      let seconds = value / 100 * 3600 + value % 100 * 60
      offset = rest[sign] == "-" ? -seconds : seconds
      rest = rest[..<sign]
    }
    guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
      (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
      let clock = parseClock(rest)
    else { return nil }
    let number = Day(year: year, month: month, day: day).number
    return Double(number * 86_400 - offset) + clock
  }

  /// The seconds of `hh:mm:ss`, with or without a fraction.
  private static func parseClock(_ text: Substring) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, let hours = Int(parts[0]), let minutes = Int(parts[1]),
      let seconds = Double(parts[2]), (0...24).contains(hours), (0...59).contains(minutes),
      seconds >= 0, seconds < 61
    else { return nil }
    return Double(hours * 3600 + minutes * 60) + seconds
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func clock(_ seconds: Int) -> String {
    let second = modulo(seconds, 86_400)
    return "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  }

  private static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// A day of the proleptic Gregorian calendar, and its number from 1970-01-01 (the algorithms are
/// Howard Hinnant's `days_from_civil` and `civil_from_days`: years begin in March).
private struct Day {
  var year: Int
  var month: Int
  var day: Int

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(number: Int) {
    let shifted = number + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = modulo(shifted, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  var number: Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = modulo(shiftedYear, 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

private func floorDivide(_ value: Int, _ divisor: Int) -> Int {
  (value - modulo(value, divisor)) / divisor
}

private func modulo(_ value: Int, _ divisor: Int) -> Int {
  let rest = value % divisor
  return rest < 0 ? rest + divisor : rest
}
