extension JSONParser {
  /// The error with the bracket that nobody closed, where that is what is wrong: a file that people
  /// write is indented, and the indentation tells which one was meant to end long before the text did.
  func withOpening(_ error: ReadingError) -> ReadingError {
    guard error.message.hasPrefix("expected "), let (open, isSure) = unclosed() else {
      return error
    }
    let bracket = UTF8Text.name(of: bytes, at: open)
    let place = PositionCursor.position(of: open, in: bytes)
    let end = bytes[open] == UInt8(ascii: "{") ? "'}'" : "']'"
    if offset >= bytes.count || isSure {
      let found = offset < bytes.count ? " at \(error.position)" : ""
      return ReadingError(
        position: place, message: "the \(bracket) here has no \(end): \(error.message)\(found)")
    }
    guard [UInt8(ascii: "{"), UInt8(ascii: "[")].contains(bytes[offset]) else { return error }
    return ReadingError(
      position: error.position,
      message: "\(error.message); the \(bracket) of \(place) is still open")
  }

  private struct Opening {
    var offset: Int
    /// How far the line is indented on which it stands.
    var indent: Int
    /// The same of the first line within it.
    var inner: Int?
  }

  /// The bracket that lacks its end before the current place: by the indentation, else the innermost that
  /// is open there. Sure where another one's end stands in the place of its own.
  private func unclosed() -> (offset: Int, isSure: Bool)? {
    var open: [Opening] = []
    var indented: Int?
    var place = 0
    var indent = 0
    var startsLine = true
    let end = min(offset, bytes.count)
    func isClosing(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
    while place < end {
      let byte = bytes[place]
      switch byte {
      case UInt8(ascii: "\n"):
        (indent, startsLine) = (0, true)
        place += 1
        continue
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        if startsLine { indent += 1 }
        place += 1
        continue
      case UInt8(ascii: "/"):
        place = endOfComment(at: place)
        continue
      default: break
      }
      if startsLine, indented == nil, let last = open.last {
        let isOutside = isClosing(byte) ? indent < last.indent : indent <= last.indent
        // Without an inner indentation there is nothing to go by.
        if let inner = last.inner, inner > last.indent, isOutside { indented = last.offset }
        if last.inner == nil, !isClosing(byte) { open[open.count - 1].inner = indent }
      }
      startsLine = false
      switch byte {
      case UInt8(ascii: "\""): place = endOfString(at: place)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(Opening(offset: place, indent: indent))
        place += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        open = open.dropLast()
        place += 1
      default: place += 1
      }
    }
    guard let last = open.last else { return nil }
    // What ends here ends something else.
    let other = UInt8(ascii: bytes[last.offset] == UInt8(ascii: "{") ? "]" : "}")
    let isMismatch = offset < bytes.count && bytes[offset] == other
    // A line that stands further out than what is still open does not belong there.
    let inner = last.inner ?? 0
    let isOutside =
      offset < bytes.count && startsLine && inner > last.indent && indent <= last.indent
    return (indented ?? last.offset, isMismatch || isOutside && !isClosing(bytes[offset]))
  }

  private func endOfString(at start: Int) -> Int {
    var place = start + 1
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
    }
    return place + 1
  }

  /// Past a comment, or past the slash of none.
  private func endOfComment(at start: Int) -> Int {
    guard start + 1 < bytes.count else { return start + 1 }
    var place = start + 2
    switch bytes[start + 1] {
    case UInt8(ascii: "/"):
      while place < bytes.count, bytes[place] != UInt8(ascii: "\n") { place += 1 }
      return place
    case UInt8(ascii: "*"):
      while place + 1 < bytes.count,
        bytes[place] != UInt8(ascii: "*") || bytes[place + 1] != UInt8(ascii: "/")
      {
        place += 1
      }
      return place + 2
    default: return start + 1
    }
  }
}
