/// When AWS may be changed: some hours of some days, by the clock of a place.
public struct ChangeWindow: Hashable, Sendable {
  /// The days on which it opens: 0 for Monday.
  public var days: Set<Int>
  /// Minutes after midnight. `to` is at most 24 hours; what is not after `from` is on the next day.
  public var from: Int
  public var to: Int
  /// The name of the place in the IANA time zone database, `Europe/Berlin`.
  public var zone: String

  public init(days: Set<Int>, from: Int, to: Int, zone: String) {
    self.days = days
    self.from = from
    self.to = to
    self.zone = zone
  }

  /// Seconds before its end from which on nothing begins any more.
  public static let lastCall = 300.0

  /// How long it is open, by the clock.
  public var minutes: Int { to > from ? to - from : to + 1440 - from }

  /// Whether anything could ever begin in it.
  public var everOpens: Bool {
    !days.isEmpty && from != to && Double(minutes * 60) > Self.lastCall
  }

  public static let dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  /// `2 * 60 + 5` as `02:05`.
  public static func clock(_ minutes: Int) -> String {
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    return "\(two(minutes / 60)):\(two(minutes % 60))"
  }
}

extension ChangeWindow: CustomStringConvertible {
  /// `Mon-Thu 09:00-16:00 Europe/Berlin`.
  public var description: String {
    var runs: [(first: Int, last: Int)] = []
    for day in days.sorted() {
      if let last = runs.last?.last, last == day - 1 {
        runs[runs.count - 1].last = day
      } else {
        runs.append((day, day))
      }
    }
    let named = runs.map { run in
      run.first == run.last
        ? Self.dayNames[run.first] : "\(Self.dayNames[run.first])-\(Self.dayNames[run.last])"
    }
    return "\(named.joined(separator: ",")) \(Self.clock(from))-\(Self.clock(to)) \(zone)"
  }
}

/// Several windows on the time line. Pure: how far a place's clock is from UTC is asked for.
public struct ChangeCalendar: Sendable {
  public var windows: [ChangeWindow]
  /// How many seconds the clock of a zone is ahead of UTC at a time.
  let offset: @Sendable (_ zone: String, _ time: Double) -> Double

  public init(
    windows: [ChangeWindow],
    offset: @escaping @Sendable (_ zone: String, _ time: Double) -> Double
  ) {
    self.windows = windows
    self.offset = offset
  }

  /// When what is open at a time closes; `nil` where nothing is. Windows that touch are one.
  public func closing(at time: Double) -> Double? {
    var end: Double?
    // A week of windows that follow one another is as good as no end.
    for _ in 0..<64 {
      let at = end ?? time
      let later = windows.flatMap { spans(of: $0, around: at) }
        .filter { $0.start <= at && at < $0.end }.map(\.end).max()
      guard let later else { return end }
      end = later
      if later - time > 8 * 86_400 { return later }
    }
    return end
  }

  /// Whether something may begin at a time.
  public func isOpen(at time: Double) -> Bool {
    guard !windows.isEmpty else { return true }
    return closing(at: time).map { $0 - time > ChangeWindow.lastCall } ?? false
  }

  /// The next time at which a window opens, with the window; `nil` where none does within a year.
  public func opening(after time: Double) -> (time: Double, window: ChangeWindow)? {
    let found = windows.compactMap { window -> (time: Double, window: ChangeWindow)? in
      for day in 0...370 {
        let next = spans(of: window, around: time + Double(day) * 86_400)
          .filter { $0.start > time && $0.end - $0.start > ChangeWindow.lastCall }.map(\.start)
          .min()
        if let next { return (next, window) }
      }
      return nil
    }
    return found.min { $0.time < $1.time }
  }

  /// `Mon 2026-12-07 09:00 Europe/Berlin`.
  public func text(of time: Double, in zone: String) -> String {
    let local = time + offset(zone, time)
    let day = Day(at: local)
    let minutes = Int((local - Double(day.number) * 86_400) / 60)
    return "\(ChangeWindow.dayNames[day.weekday]) \(day) \(ChangeWindow.clock(minutes)) \(zone)"
  }

  /// The times between which a window is open, on the day before, the day of and the day after a time.
  private func spans(of window: ChangeWindow, around time: Double) -> [(start: Double, end: Double)]
  {
    let today = Day(at: time + offset(window.zone, time)).number
    return (today - 1...today + 1).compactMap { number in
      guard window.days.contains(Day(number: number).weekday) else { return nil }
      let start = instant(number, minutes: window.from, zone: window.zone)
      let end = instant(
        window.to > window.from ? number : number + 1, minutes: window.to, zone: window.zone)
      return end > start ? (start, end) : nil
    }
  }

  /// When the clock of a zone shows so many minutes after a day's midnight: for the first time, where
  /// it is set back over it; when it is set forward, where it never shows it.
  private func instant(_ day: Int, minutes: Int, zone: String) -> Double {
    let local = Double(day) * 86_400 + Double(minutes) * 60
    let before = offset(zone, local - 86_400)
    let after = offset(zone, local + 86_400)
    let shown = [local - before, local - after].filter { $0 + offset(zone, $0) == local }
    if let first = shown.min() { return first }
    // Somewhere in between it is set forward.
    var (low, high) = (local - max(before, after), local - min(before, after))
    while high - low > 1 {
      let middle = ((low + high) / 2).rounded(.down)
      if offset(zone, middle) == offset(zone, high) { high = middle } else { low = middle }
    }
    return high
  }
}
