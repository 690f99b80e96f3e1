import Foundation

/// A parsed JSON value with lenient access: what is absent reads as absent, and the assertion that
/// needs it says so.
struct JSON: CustomStringConvertible {
  let value: Any?

  init(_ value: Any?) { self.value = value is NSNull ? nil : value }

  init(parsing text: String) throws {
    self.init(
      try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed]))
  }

  subscript(key: String) -> JSON { JSON((value as? [String: Any])?[key]) }

  subscript(index: Int) -> JSON {
    let items = value as? [Any] ?? []
    return items.indices.contains(index) ? JSON(items[index]) : JSON(nil)
  }

  var array: [JSON] { (value as? [Any] ?? []).map { JSON($0) } }
  var keys: [String] { (value as? [String: Any] ?? [:]).keys.sorted() }
  var string: String? { value as? String }
  var int: Int? { (value as? NSNumber)?.intValue }
  var double: Double? { (value as? NSNumber)?.doubleValue }
  var bool: Bool? { (value as? NSNumber)?.boolValue }

  /// A list of `Key` and `Value` as a dictionary.
  var tags: [String: String] {
    array.reduce(into: [:]) { $0[$1["Key"].string ?? ""] = $1["Value"].string }
  }

  /// Compact text with sorted keys; equal values give equal texts.
  var description: String {
    guard let value else { return "null" }
    let options: JSONSerialization.WritingOptions = [
      .sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes,
    ]
    guard let data = try? JSONSerialization.data(withJSONObject: value, options: options) else {
      return "\(value)"
    }
    return String(decoding: data, as: UTF8.self)
  }
}
