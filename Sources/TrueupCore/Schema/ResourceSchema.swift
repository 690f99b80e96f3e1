import CContracts
import Document

/// The CloudFormation registry's schema of one resource type.
public struct ResourceSchema: Sendable {
  /// The registry's type name, `AWS::EC2::VPC`.
  public let type: String
  /// The schema as it was read.
  public let document: Document
  /// The resource itself, as an object.
  public let root: PropertySchema
  /// Attributes that only AWS sets.
  public let readOnly: [PropertyPath]
  public let createOnly: [PropertyPath]
  /// Can be updated in some directions only.
  public let conditionalCreateOnly: [PropertyPath]
  /// What CloudFormation's own handler does not return; AWS may well show it.
  public let writeOnly: [PropertyPath]
  public let primaryIdentifier: [PropertyPath]
  /// The top-level property that holds the tags, usually `Tags`; `nil` where the type has none.
  public let tagProperty: String?

  public init(type: String, document: Document) {
    self.type = type
    self.document = document
    root = PropertySchema(document, definitions: document["definitions"]?.object ?? [:])
    func paths(_ keyword: String) -> [PropertyPath] {
      (document[keyword]?.list ?? []).compactMap(\.string).map {
        PropertyPath(text: $0.replacing("/properties/", with: "/", maxReplacements: 1))
      }
    }
    readOnly = paths("readOnlyProperties")
    createOnly = paths("createOnlyProperties")
    conditionalCreateOnly = paths("conditionalCreateOnlyProperties")
    writeOnly = paths("writeOnlyProperties")
    primaryIdentifier = paths("primaryIdentifier")
    let named = document["tagging"]?["tagProperty"]?.string?.split(separator: "/").last
    let candidate = named.map(String.init) ?? "Tags"
    tagProperty = root.memberNames.contains(candidate) ? candidate : nil
  }

  /// The top-level properties.
  public var properties: [String: PropertySchema] { root.members }

  /// The top-level properties that must be declared.
  public var required: [String] { root.required }

  /// The schema of the property at the path, of any depth; `nil` where there is none.
  public subscript(path: PropertyPath) -> PropertySchema? { root[path] }

  /// Whether AWS alone sets the property or attribute at the path.
  public func isReadOnly(_ path: PropertyPath) -> Bool {
    readOnly.contains { $0.covers(path) }
  }
}

extension ResourceSchema {
  /// The schema of a type that this build knows; read once, on first use.
  public static func embedded(_ type: String) -> ResourceSchema? { all[type] }

  /// The types that this build has a schema of, sorted.
  public static var types: [String] { all.keys.sorted() }

  private static let all: [String: ResourceSchema] = {
    let contract = trueup_contract_registry_schemas()
    let bytes = Array(UnsafeBufferPointer(start: contract.bytes, count: contract.count))
    // The bytes are part of the program and a test reads them: they cannot be malformed here.
    guard let document = try? JSON.read(bytes), case .object(let schemas) = document else {
      return [:]
    }
    let types = schemas.filter { $0.key.contains("::") }
    return Dictionary(
      uniqueKeysWithValues: types.map { ($0.key, ResourceSchema(type: $0.key, document: $0.value)) }
    )
  }()
}
