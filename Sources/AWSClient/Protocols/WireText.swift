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
      return WireTimestamp.seconds(value).map { WireTimestamp.text($0, format: format) }
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
