/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// One to four random changes: a byte replaced, inserted, removed, repeated, or the end cut off.
  mutating func mutate(_ bytes: [UInt8], alphabet: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: 0..<bytes.count, using: &self)
      let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &self)]
      switch Int.random(in: 0..<8, using: &self) {
      case 0...2: bytes[place] = byte
      case 3, 4: bytes.insert(byte, at: place)
      case 5: bytes.remove(at: place)
      case 6: bytes.insert(contentsOf: bytes[place...].prefix(5), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }
}
