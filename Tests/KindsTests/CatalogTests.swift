import Document
import Kinds
import TrueupCore
import XCTest

final class CatalogTests: XCTestCase {
  func testEveryAnnotatedPropertyStandsInTheRegistry() throws {
    for kind in Catalog.standard.kinds {
      let schema = try XCTUnwrap(
        ResourceSchema.embedded(kind.type), "\(kind.type) is not among the embedded schemas")
      let annotations = kind.annotations
      var paths = Set(annotations.collections.keys)
      paths.formUnion(annotations.ownedWhole.keys)
      paths.formUnion(annotations.normalisations.keys)
      paths.formUnion(annotations.defaults.keys)
      paths.formUnion(annotations.createOnly.keys)
      paths.formUnion(annotations.unsupported.keys)
      paths.formUnion(annotations.notReadable.keys)
      paths.formUnion(annotations.notResettable.keys)
      let names =
        [annotations.ref] + annotations.naturalKey + annotations.releasable
        + [annotations.nameRule?.property, annotations.nameRule?.uniqueWithin].compactMap { $0 }
      paths.formUnion(names.map { PropertyPath([$0]) })
      for path in paths.sorted() {
        XCTAssertNotNil(schema[path], "\(kind.type) has no \(path)")
      }
    }
  }

  func testNoTypeStandsInTheCatalogTwice() {
    let types = Catalog.standard.types
    XCTAssertEqual(types, Set(types).sorted())
  }

  func testEveryReasonIsASentencePartThatReadsAfterAColon() {
    for kind in Catalog.standard.kinds {
      let annotations = kind.annotations
      for reasons in [annotations.unsupported, annotations.notReadable, annotations.notResettable] {
        for (path, reason) in reasons {
          XCTAssertFalse(
            reason.isEmpty || reason.hasSuffix("."), "\(kind.type)\(path): \"\(reason)\"")
        }
      }
    }
  }
}
