import Document
import XCTest

/// The elements of an HTML page that is well-formed XML, too.
struct PageElements {
  let all: [XMLElement]

  init(_ page: String) throws {
    let declaration = "<!DOCTYPE html>\n"
    XCTAssertTrue(page.hasPrefix(declaration), "a page should begin with its document type")
    func flat(_ element: XMLElement) -> [XMLElement] {
      [element] + element.children.flatMap(flat)
    }
    all = flat(try XMLElement.read(String(page.dropFirst(declaration.count))))
  }
}
