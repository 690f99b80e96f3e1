import Document

extension ServiceModel {
  /// A value from a JSON body in the model's names and types. `nil` for null.
  func jsonValue(_ value: Document, _ member: Member) throws(ReplyMismatch) -> Document? {
    if value.isNull { return nil }
    switch shape(of: member).kind {
    case .structure(let members):
      guard let given = value.object else { throw ReplyMismatch(member, isNot: "an object") }
      var parts: [String: Document] = [:]
      for place in members where place.traits.isInReplyBody {
        guard let part = given[place.traits.locationName ?? place.name] else { continue }
        parts[place.name] = try jsonValue(part, place)
      }
      return .object(parts)
    case .list(let element):
      guard let elements = value.list else { throw ReplyMismatch(member, isNot: "a list") }
      var parts: [Document] = []
      for part in elements {
        // botocore's models do not say which lists may hold nulls: what the service sends, counts.
        parts.append(try jsonValue(part, element) ?? .null)
      }
      return .list(parts)
    case .map(_, let entry):
      guard let entries = value.object else { throw ReplyMismatch(member, isNot: "an object") }
      var parts: [String: Document] = [:]
      for (key, part) in entries { parts[key] = try jsonValue(part, entry) ?? .null }
      return .object(parts)
    case .timestamp:
      guard let seconds = WireTimestamp.seconds(value) else {
        throw ReplyMismatch(member, isNot: "a timestamp")
      }
      return WireTimestamp.document(seconds)
    case .blob:
      guard let bytes = value.string.flatMap(Base64.decode) else {
        throw ReplyMismatch(member, isNot: "Base64")
      }
      return .data(bytes)
    case .integer:
      if let number = value.integer { return .integer(number) }
      guard let number = value.double.flatMap({ Int(exactly: $0) }) else {
        throw ReplyMismatch(member, isNot: "an integer")
      }
      return .integer(number)
    case .float:
      guard let number = value.double ?? value.string.flatMap(float) else {
        throw ReplyMismatch(member, isNot: "a number")
      }
      return .double(number)
    case .boolean:
      guard let truth = value.bool else { throw ReplyMismatch(member, isNot: "a boolean") }
      return .bool(truth)
    case .string:
      guard let text = value.string else { throw ReplyMismatch(member, isNot: "a string") }
      return .string(text)
    case .document: return value
    }
  }

  /// A scalar from a header or an XML element.
  func scalar(_ text: String, _ member: Member) throws(ReplyMismatch) -> Document {
    let trimmed = String(
      decoding: text.utf8.drop(while: isSpace).reversed().drop(while: isSpace).reversed(),
      as: UTF8.self)
    switch shape(of: member).kind {
    case .string where member.traits.isJSONValue:
      guard let bytes = Base64.decode(trimmed) else { throw ReplyMismatch(member, isNot: "Base64") }
      return .string(String(decoding: bytes, as: UTF8.self))
    case .string: return .string(text)
    case .integer:
      guard let number = Int(trimmed) else { throw ReplyMismatch(member, isNot: "an integer") }
      return .integer(number)
    case .float:
      guard let number = float(trimmed) else { throw ReplyMismatch(member, isNot: "a number") }
      return .double(number)
    case .boolean:
      switch trimmed.lowercased() {
      case "true": return true
      case "false": return false
      default: throw ReplyMismatch(member, isNot: "a boolean")
      }
    case .timestamp:
      guard let seconds = WireTimestamp.parse(trimmed) else {
        throw ReplyMismatch(member, isNot: "a timestamp")
      }
      return WireTimestamp.document(seconds)
    case .blob:
      guard let bytes = Base64.decode(trimmed) else { throw ReplyMismatch(member, isNot: "Base64") }
      return .data(bytes)
    case .structure, .list, .map, .document: throw ReplyMismatch(member, isNot: "a single value")
    }
  }

  private func float(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: Double(text)
    }
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
