import Document
import Foundation
import TrueupCore

extension ChangeWindow {
  /// `"windows": [{ "days": "Mon-Thu", "from": "09:00", "to": "16:00", "zone": "Europe/Berlin" }]`;
  /// `nil` where there is no such member.
  static func read(_ reader: ObjectReader) -> [ChangeWindow]? {
    guard let node = reader["windows"] else { return nil }
    guard let elements = node.elements else {
      reader.error("\"windows\" must be a list, not \(node.article)", at: node.position)
      return nil
    }
    if elements.isEmpty {
      reader.error(
        "\"windows\" is empty, so that nothing could ever be changed: leave it out for any time",
        at: node.position)
    }
    return elements.compactMap { read($0, reader) }
  }

  private static func read(_ node: Node, _ reader: ObjectReader) -> ChangeWindow? {
    guard
      let window = ObjectReader(
        node, in: reader.file, as: "a window", allowed: ObjectSchema.window.names, log: reader.log)
    else { return nil }
    let days = window.string("days").map { Self.days($0, window.log) } ?? Set(0..<7)
    let from = window.string("from", required: true).flatMap {
      clock($0, member: "from", log: window.log)
    }
    let to = window.string("to", required: true).flatMap {
      clock($0, member: "to", log: window.log)
    }
    let zone = window.string("zone", required: true)
    guard let days, let from, let to, let zone else { return nil }
    guard isZone(zone.value) else {
      window.log.error(
        "\(zone.value.quoted) is no time zone of the IANA database, such as Europe/Berlin or UTC"
          + Spelling.suggestion(for: zone.value, among: TimeZone.knownTimeZoneIdentifiers),
        at: zone.location)
      return nil
    }
    let read = ChangeWindow(days: days, from: from, to: to, zone: zone.value)
    guard read.everOpens else {
      window.error(
        from == to
          ? "the window never opens: it ends when it begins"
          : "the window never opens: nothing is begun in its last 5 minutes, and it has no others",
        at: window.position)
      return nil
    }
    return read
  }

  private static func isZone(_ name: String) -> Bool {
    (name == "UTC" || name.contains("/")) && TimeZone(identifier: name) != nil
  }

  /// `09:00`; `24:00` is the end of the day.
  private static func clock(_ text: Located<String>, member: String, log: DiagnosticLog) -> Int? {
    let parts = text.value.split(separator: ":", omittingEmptySubsequences: false)
    let isWritten =
      parts.count == 2 && parts.map(\.utf8.count) == [2, 2]
      && parts.joined().utf8.allSatisfy { (48...57).contains($0) }
    if isWritten, let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60,
      hours < 24 || hours == 24 && minutes == 0 && member == "to"
    {
      return hours * 60 + minutes
    }
    log.error(
      "\(member.quoted) must be a time of day such as 09:00, not \(text.value.quoted)",
      at: text.location)
    return nil
  }

  /// `Mon-Thu`, `Sat,Sun`, `Fri-Mon`.
  private static func days(_ text: Located<String>, _ log: DiagnosticLog) -> Set<Int>? {
    var days: Set<Int> = []
    for part in text.value.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      let known = ends.compactMap { dayNames.firstIndex(of: $0) }
      guard known.count == ends.count, (1...2).contains(known.count), let first = known.first,
        let last = known.last
      else {
        let wrong = ends.first { !dayNames.contains($0) } ?? String(part)
        log.error(
          "\"days\" must be days such as Mon-Thu or Sat,Sun, not \(text.value.quoted)"
            + Spelling.suggestion(for: wrong, among: dayNames), at: text.location)
        return nil
      }
      days.formUnion(first <= last ? Array(first...last) : Array(first..<7) + Array(0...last))
    }
    return days
  }
}
