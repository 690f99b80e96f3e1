/// A directory as git keeps it.
/// Source: git's "object format": per entry its mode in octal digits, a space, its name, NUL, and the
/// bytes of its id.
struct GitTree {
  struct Entry: Equatable {
    /// `100644`, `100755`, `40000` for a directory, `120000` for a link.
    var mode: String
    var id: String

    var isFile: Bool { mode.hasPrefix("100") }
    var isDirectory: Bool { mode == "40000" }
  }

  private let bytes: [UInt8]
  /// 20 bytes (SHA-1) or 32 (SHA-256).
  private let idLength: Int

  /// - Parameter idDigits: how many hexadecimal digits the repository's ids have.
  init(_ bytes: [UInt8], idDigits: Int) {
    self.bytes = bytes
    idLength = idDigits / 2
  }

  /// The entry of a name; `nil` where there is none.
  subscript(_ name: String) -> Entry? {
    let wanted = Array(name.utf8)
    var found: Entry?
    scan { mode, nameRange, id in
      guard nameRange.count == wanted.count, bytes[nameRange].elementsEqual(wanted) else {
        return true
      }
      found = entry(mode, id)
      return false
    }
    return found
  }

  /// The entries of these names, or of all. One walk, however many they are.
  func entries(_ names: Set<String>? = nil) -> [String: Entry] {
    let lengths = names.map { Set($0.map(\.utf8.count)) }
    var found: [String: Entry] = [:]
    scan { mode, nameRange, id in
      guard lengths?.contains(nameRange.count) ?? true else { return true }
      let name = String(decoding: bytes[nameRange], as: UTF8.self)
      if names?.contains(name) ?? true { found[name] = entry(mode, id) }
      return true
    }
    return found
  }

  private func entry(_ mode: Range<Int>, _ id: Range<Int>) -> Entry {
    Entry(
      mode: String(decoding: bytes[mode], as: UTF8.self),
      id: bytes[id].map { byte in
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
      }.joined())
  }

  /// Calls with the places of mode, name and id of each entry, until told to stop.
  private func scan(
    _ body: (_ mode: Range<Int>, _ name: Range<Int>, _ id: Range<Int>) -> Bool
  ) {
    var place = 0
    while place < bytes.count {
      guard let space = bytes[place...].firstIndex(of: UInt8(ascii: " ")),
        let end = bytes[space...].firstIndex(of: 0), end + 1 + idLength <= bytes.count
      else { return }
      let next = end + 1 + idLength
      guard body(place..<space, (space + 1)..<end, (end + 1)..<next) else { return }
      place = next
    }
  }
}
