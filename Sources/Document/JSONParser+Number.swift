extension JSONParser {
  /// A number (RFC 8259, section 6): `.integer` where it has neither fraction nor exponent and
  /// fits `Int`, else `.double`.
  mutating func parseNumber() throws(ReadingError) -> Document {
    let start = offset
    let isNegative = byte() == UInt8(ascii: "-")
    if isNegative { offset += 1 }
    if byte() == UInt8(ascii: "0"), byte(after: 1).isDigit {
      throw failure("a number must not begin with a zero", at: start)
    }
    var value = 0
    var fits = true
    guard byte().isDigit else {
      throw failure("expected a digit after '-', found \(found())")
    }
    while byte().isDigit {
      // The digits are taken with the number's sign, so that the least `Int` fits too.
      let digit = Int(byte() &- UInt8(ascii: "0"))
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow2) = product.addingReportingOverflow(isNegative ? -digit : digit)
      fits = fits && !overflow && !overflow2
      value = sum
      offset += 1
    }
    var isInteger = true
    if byte() == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try skipDigits(after: "the decimal point")
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { offset += 1 }
      try skipDigits(after: "the exponent's 'e'")
    }
    if isInteger && fits { return .integer(value) }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard let double = Double(text), double.isFinite else {
      throw failure("the number is too large for a double", at: start)
    }
    return .double(double)
  }

  private mutating func skipDigits(after what: StaticString) throws(ReadingError) {
    guard byte().isDigit else {
      throw failure("expected a digit after \(what), found \(found())")
    }
    while byte().isDigit { offset += 1 }
  }
}
