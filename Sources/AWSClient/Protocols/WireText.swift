import Document

/// How a scalar is spelled in a query, a header, a path or an XML element.
enum WireText {
  /// The text of a scalar; `nil` where the value is null or does not fit the member, which
  /// validation has ruled out.
  static func scalar(
    _ value: Document, _ member: Member, of model: ServiceModel,
    timestamps: Traits.TimestampFormat
  ) -> String? {
    switch model.shape(of: member).kind {
    case .string where member.traits.isJSONValue:
      return value.string.map { Base64.encode(Array($0.utf8)) }
    case .string: return value.string
    case .boolean: return value.bool.map { $0 ? "true" : "false" }
    case .integer: return value.integer.map(String.init)
    case .float: return value.string ?? value.integer.map(String.init) ?? value.double.map(float)
    case .timestamp:
      let format = member.traits.timestampFormat ?? timestamps
      return Timestamp.seconds(value).map { Timestamp.text($0, format: format) }
    case .blob: return bytes(value).map(Base64.encode)
    case .structure, .list, .map, .document: return nil
    }
  }

  /// The bytes of a blob, which may also be given as text.
  static func bytes(_ value: Document) -> [UInt8]? {
    switch value {
    case .data(let bytes): bytes
    case .string(let text): Array(text.utf8)
    default: nil
    }
  }

  private static func float(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
    return value.description
  }

  /// Percent-encodes all but RFC 3986's unreserved characters, and those of `safe`.
  static func percentEncoded(_ text: String, safe: String = "") -> String {
    var encoded: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    let kept = Set("-._~\(safe)".utf8)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        encoded.append(byte)
      case _ where kept.contains(byte): encoded.append(byte)
      default:
        encoded.append(UInt8(ascii: "%"))
        encoded.append(digits[Int(byte >> 4)])
        encoded.append(digits[Int(byte & 15)])
      }
    }
    return String(decoding: encoded, as: UTF8.self)
  }
}

extension ServiceModel {
  /// What a member is called inside its structure: its own name on the wire, else, where its shape
  /// is a flattened list, the name of the list's elements (which is how AWS's older models spell
  /// it), else its name in the model.
  func wireName(of member: Member) -> String {
    if let name = member.traits.locationName { return name }
    let shape = shape(of: member)
    if case .list(let element) = shape.kind, shape.traits.isFlattened,
      let name = element.traits.locationName
    {
      return name
    }
    return member.name
  }
}
