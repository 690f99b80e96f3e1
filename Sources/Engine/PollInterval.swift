/// The seconds between the reads of a wait: few at first, then more, up to what the kind says: 1, 2, 3, 5, 8 …
struct PollInterval {
  private var next = 1.0
  private var afterNext = 2.0

  mutating func next(upTo limit: Double) -> Double {
    defer { (next, afterNext) = (afterNext, next + afterNext) }
    return min(next, limit)
  }
}
