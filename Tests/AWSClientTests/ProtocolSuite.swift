import AWSClient
import Document
import Foundation
import XCTest

/// One case of AWS's protocol tests in the form that botocore carries them: a small model, and an
/// input with its request, or a reply with its output.
struct ProtocolCase {
  var id: String
  var model: ServiceModel
  var operation: OperationModel
  var endpoint: String
  var source: Document

  /// All cases of a file such as `input/ec2.json`.
  static func cases(of file: String, in directory: String) throws -> [ProtocolCase] {
    let url = URL(fileURLWithPath: directory).appendingPathComponent(file)
    let suites = try JSON.readNode(Array(Data(contentsOf: url)))
    var cases: [ProtocolCase] = []
    for suite in elements(suites) {
      for node in elements(suite["cases"]) {
        let given = node["given"]?.document ?? [:]
        let name = given["name"]?.string ?? ""
        let model = try ServiceModel(name: "suite", document: self.model(suite, name, given))
        cases.append(
          ProtocolCase(
            id: node["id"]?.document.string ?? "", model: model,
            operation: try model.operation(name),
            endpoint: suite["clientEndpoint"]?.document.string ?? "https://example.com",
            source: node.document))
      }
    }
    return cases
  }

  /// botocore's layout, where a structure's members are an object, in ours, where they are a list.
  private static func model(_ suite: Node, _ name: String, _ given: Document) -> Document {
    var shapes: [String: Document] = [:]
    for shape in members(suite["shapes"]) {
      var document = shape.value.document.object ?? [:]
      if shape.value["members"] != nil {
        document["members"] = .list(
          members(shape.value["members"]).map { member in
            var part = member.value.document.object ?? [:]
            part["name"] = .string(member.key)
            // botocore's converter writes the name of a body's member as its locationName. In the
            // models of real services a locationName there is the name of the root element.
            if document["payload"] == .string(member.key), part["locationName"] == part["name"] {
              part["locationName"] = nil
            }
            return .object(part)
          })
      }
      shapes[shape.key] = .object(document)
    }
    var operation = given.object ?? [:]
    operation["errors"] = .list((given["errors"]?.list ?? []).compactMap { $0["shape"] })
    // The converter's default for the root element stands in for a name that the shape has itself.
    if case .object(var input)? = operation["input"],
      let shape = input["shape"]?.string, shapes[shape]?["locationName"] != nil,
      input["locationName"] == .string(name + "Request")
    {
      input["locationName"] = nil
      operation["input"] = .object(input)
    }
    return [
      "metadata": suite["metadata"]?.document ?? [:], "shapes": .object(shapes),
      "operations": .object([name: .object(operation)]),
    ]
  }

  private static func elements(_ node: Node?) -> [Node] {
    guard case .list(let elements)? = node?.content else { return [] }
    return elements
  }

  private static func members(_ node: Node?) -> [Node.Member] {
    guard case .object(let members)? = node?.content else { return [] }
    return members
  }
}

/// Comparing what goes over the wire by its meaning.
enum WireComparison {
  /// Names and values of a query or form, decoded and sorted.
  static func pairs(_ text: String) -> [String] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? String($0) }
      return parts[0] + "=" + (parts.count > 1 ? parts[1] : "")
    }.sorted()
  }

  /// Whether two bodies mean the same. Elements of a map may come in any order in XML.
  static func sameBody(_ left: [UInt8], _ right: [UInt8], _ wire: ServiceModel.WireProtocol) -> Bool
  {
    switch wire {
    case .ec2, .query:
      return pairs(String(decoding: left, as: UTF8.self))
        == pairs(String(decoding: right, as: UTF8.self))
    case .json, .restJSON:
      if let left = try? JSON.read(left), let right = try? JSON.read(right) {
        return same(left, right)
      }
    case .restXML:
      if let left = try? XMLElement.read(left), let right = try? XMLElement.read(right) {
        return canonical(left) == canonical(right)
      }
    }
    return left == right
  }

  /// The tree with map entries (elements of one name that hold a key and a value) sorted by key.
  private static func canonical(_ element: XMLElement) -> XMLElement {
    var element = element
    element.children = element.children.map(canonical)
    let names = Set(element.children.map(\.name))
    if names.count == 1, element.children.allSatisfy({ $0.children.count == 2 }) {
      element.children.sort { ($0.children[0].text) < ($1.children[0].text) }
    }
    return element
  }

  /// Whether an output is what a suite expects, which has bytes and special numbers as text.
  static func same(_ expected: Document, _ actual: Document) -> Bool {
    switch (expected, actual) {
    case (.object(let left), .object(let right)):
      return left.keys.sorted() == right.keys.sorted()
        && left.allSatisfy { key, value in right[key].map { same(value, $0) } ?? false }
    case (.list(let left), .list(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { same($0, $1) }
    case (.string(let text), .data(let bytes)): return Array(text.utf8) == bytes
    case (.string(let text), .double(let number)):
      return Double(text).map { $0 == number || $0.isNaN && number.isNaN } ?? false
    default:
      if let left = expected.double, let right = actual.double { return abs(left - right) < 1e-9 }
      return expected == actual
    }
  }
}
