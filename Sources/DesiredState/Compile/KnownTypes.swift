import Foundation
import TrueupCore

/// What a compilation knows of the types that its templates name, each put together when it is first asked
/// for.
final class KnownTypes: @unchecked Sendable {
  private let catalog: Catalog
  private let schema: (String) -> ResourceSchema?
  // Unchecked: touched under `lock` alone, as is `schema`.
  private var known: [String: KnownType?] = [:]
  private let lock = NSLock()

  init(_ catalog: Catalog, schema: @escaping (String) -> ResourceSchema?) {
    self.catalog = catalog
    self.schema = schema
  }

  /// `nil` for a type that no kind knows.
  subscript(_ type: String) -> KnownType? {
    lock.withLock {
      if let answer = known[type] { return answer }
      let answer = catalog[type].map { KnownType($0, schema: schema(type)) }
      known[type] = answer
      return answer
    }
  }
}
