import Foundation
import XCTest

/// The flows of all types, in parts that take about equally long and run at the same time.
final class Conformance1Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(0, of: 6) }
}

final class Conformance2Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(1, of: 6) }
}

final class Conformance3Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(2, of: 6) }
}

final class Conformance4Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(3, of: 6) }
}

final class Conformance5Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(4, of: 6) }
}

final class Conformance6Tests: ConformanceFlow {
  func testTypes() throws { try checkTypes(5, of: 6) }
}

/// Each type has its file, which sets every property.
final class ConformanceFileTests: XCTestCase {
  func testEachTypeHasItsFile() throws {
    if let wanted = ProcessInfo.processInfo.environment["CONFORMANCE"] {
      XCTAssert(try Conformance.all().contains { $0.type == wanted }, "no type is \(wanted)")
    }
    XCTAssertEqual(try Conformance.all().map(\.type), try Registry().types.sorted())
    for conformance in try Conformance.all() {
      let name = conformance.stack["name"].string ?? ""
      XCTAssertFalse(name.isEmpty, conformance.type)
      XCTAssert(
        ["replace", "update", "nothing"].contains(conformance.stack["becomes"].string),
        conformance.type)
      XCTAssertFalse(conformance.own.isEmpty, "\(conformance.type) has no resource of its own")
    }
  }

  func testNoPropertyOfTheRegistryIsLeftOut() throws {
    continueAfterFailure = true
    let kinds = try Program.run(
      try Paths.trueup(), ["kinds", "--format", "json"], in: Paths.repository,
      environment: ["LD_LIBRARY_PATH": ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"] ?? ""]
    )
    let listed = try JSON(parsing: kinds.output)["kinds"].array
    let registry = try Registry()
    XCTAssertEqual(
      Set(listed.compactMap { $0["type"].string }), Set(registry.types),
      "each type of the registry schemas has its kind")
    for conformance in try Conformance.all() {
      let type = conformance.type
      let kind = try XCTUnwrap(listed.first { $0["type"].string == type })
      let unsupported = kind["unsupported"].array.compactMap { $0["path"].string }
      let known = registry.properties(of: type)
      XCTAssertFalse(known.isEmpty, "\(type) has properties")
      let set = conformance.own.reduce(into: Set<String>()) { set, name in
        Self.note(conformance.resources[name]["Properties"], at: "", in: &set)
      }
      let missing = known.subtracting(set).filter { path in
        !unsupported.contains { covers($0, path) }
      }
      XCTAssertEqual(
        missing.sorted(), [], "\(type): neither set by its file nor listed as not supported")
      XCTAssertEqual(
        unsupported.filter { !known.contains($0) }, [], "\(type): the registry has no such property"
      )
    }
  }

  /// The paths below a value; `*` is any element of a list.
  private static func note(_ value: JSON, at path: String, in paths: inout Set<String>) {
    paths.insert(path)
    for key in value.keys { note(value[key], at: "\(path)/\(key)", in: &paths) }
    for item in value.array { note(item, at: "\(path)/*", in: &paths) }
  }
}
