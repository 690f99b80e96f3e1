import Foundation

/// Values that are known only once something exists: `<<Vpc>>` stands for the physical id of the resource
/// `Vpc`, `<<gateway>>` for what a call was to find under that name.
struct FoundValues {
  /// Looks up the physical id of a resource.
  let physicalID: (String) throws -> String
  private(set) var found: [String: Any] = [:]

  mutating func add(_ name: String, _ value: Any?) throws {
    guard let value, !(value is NSNull) else {
      throw HarnessError("there is no \(name) to be found")
    }
    found[name] = value
  }

  /// The same with its values in place.
  func filled(_ json: JSON) throws -> Any {
    switch json.value {
    case let object as [String: Any]: return try object.mapValues { try filled(JSON($0)) }
    case let list as [Any]: return try list.map { try filled(JSON($0)) }
    case let text as String: return try filled(text)
    default: return json.value ?? NSNull()
    }
  }

  private func filled(_ text: String) throws -> Any {
    let parts = text.components(separatedBy: "<<")
    guard parts.count > 1 else { return text }
    var filled = parts[0]
    for part in parts.dropFirst() {
      let halves = part.components(separatedBy: ">>")
      guard halves.count == 2 else { throw HarnessError("<< without >> in \(text)") }
      let value = try found[halves[0]] ?? physicalID(halves[0])
      if parts.count == 2, parts[0].isEmpty, halves[1].isEmpty { return value }
      filled += "\(value)\(halves[1])"
    }
    return filled
  }
}
