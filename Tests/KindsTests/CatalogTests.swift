import Document
import Foundation
import Kinds
import TrueupCore
import XCTest

final class CatalogTests: XCTestCase {
  func testEveryAnnotatedPropertyStandsInTheRegistry() throws {
    for kind in Catalog.standard.kinds {
      let schema = try XCTUnwrap(
        ResourceSchema.embedded(kind.type), "\(kind.type) is not among the embedded schemas")
      let facts = kind.facts
      var paths = Set(facts.properties.all.keys)
      var names = [facts.identity.ref] + facts.identity.identifiers
      names += facts.identity.keys.flatMap { $0.properties + $0.within }
      names += facts.ownership.parents.map(\.property)
      names += facts.properties.releasable.union(facts.properties.proven)
      names += [facts.placement.regionProperty].compactMap(\.self)
      names += facts.identity.name?.suffixes.keys.map { $0 } ?? []
      paths.formUnion(names.map { PropertyPath([$0]) })
      for parent in facts.ownership.parents {
        let other = try XCTUnwrap(
          Catalog.standard[parent.type], "\(kind.type) lies in \(parent.type), which no kind is")
        let schema = ResourceSchema.embedded(parent.type)
        for property in [parent.matching].compactMap(\.self) + facts.ownership.gives {
          XCTAssertNotNil(schema?[PropertyPath([property])], "\(other.type) has no \(property)")
        }
      }
      // Ids and keys that the registry does not have, made of what it has.
      let composed = Set(
        (try Self.conformance(kind.type)["composed"]?.list ?? []).compactMap(\.string))
      let unknown = paths.filter { schema[$0] == nil }.map(\.description)
      XCTAssertEqual(unknown.filter { !composed.contains($0) }.sorted(), [], kind.type)
      XCTAssertEqual(composed.subtracting(unknown), [], kind.type)
    }
  }

  func testNoTypeStandsInTheCatalogTwice() {
    let types = Catalog.standard.types
    XCTAssertEqual(types, Set(types).sorted())
  }

  func testEveryReasonIsASentencePartThatReadsAfterAColon() {
    for kind in Catalog.standard.kinds {
      let table = kind.facts.properties
      for reasons in [
        table.listing(\.unsupported), table.listing(\.notReadable), table.listing(\.notResettable),
      ] {
        for (path, reason) in reasons {
          XCTAssertFalse(
            reason.isEmpty || reason.hasSuffix("."), "\(kind.type)\(path): \"\(reason)\"")
        }
      }
    }
  }

  /// As the tagging API shows resources of each type that carries tags.
  /// Source: Service Authorization Reference, "Resource types defined by …" of each service.
  func testLeftoversOfEveryTypeThatCarriesTagsAreKnownByTheirARNs() throws {
    for kind in Catalog.standard.kinds
    where kind.facts.ownership.isTaggable && kind.facts.placement.isSwept {
      guard let arn = try Self.conformance(kind.type)["arn"]?.string else {
        XCTFail("write \"arn\" into the file: how the ARNs of \(kind.type) are")
        continue
      }
      XCTAssert(
        Catalog.standard.kinds(ofARN: arn).contains { $0.type == kind.type },
        "\(kind.type) needs `arn` in its identity: its own are such as \(arn)")
    }
  }

  /// What the tests know of a type.
  private static func conformance(_ type: String) throws -> Document {
    let parts = type.split(separator: ":").map(String.init)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appendingPathComponent("Conformance/\(parts[1])/\(parts[2]).json")
    return try JSON.read(Array(Data(contentsOf: file)))
  }
}
