/// Turns byte offsets of a UTF-8 text into lines and columns; asked in ascending order, it passes
/// over the text once.
struct PositionCursor {
  private let bytes: [UInt8]
  private var offset: Int
  private var position = Position(line: 1, column: 1)

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    offset = UTF8Text.markLength(of: bytes)
  }

  /// The place of the byte at `target`, which is not before the last one asked for.
  mutating func advance(to target: Int) -> Position {
    while offset < target, offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "\n") {
        position.line += 1
        position.column = 1
      } else if byte & 0xC0 != 0x80 {
        position.column += 1
      }
    }
    return position
  }

  /// The place of the byte at `offset`, found from the start of the text.
  static func position(of offset: Int, in bytes: [UInt8]) -> Position {
    var cursor = PositionCursor(bytes)
    return cursor.advance(to: offset)
  }
}
