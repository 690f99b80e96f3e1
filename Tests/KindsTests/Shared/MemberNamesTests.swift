import Document
import TrueupCore
import XCTest

@testable import Kinds

/// Names lead there and back again, whatever is declared.
final class MemberNamesTests: XCTestCase {
  func testMembersAreMovedRenamedAndWrapped() {
    let names: MemberNames = [
      "Rules": "RULES", "Rules/*/Id": "ID", "Rules/*/Days": "Expiration/Days", "Index": "Index/Key",
    ]
    let registry: Document = [
      "Index": "i", "Other": 1, "Rules": [["Id": "a", "Days": 3, "Kept": true], ["Kept": false]],
    ]
    let api: Document = [
      "Index": ["Key": "i"], "Other": 1,
      "RULES": [["ID": "a", "Expiration": ["Days": 3], "Kept": true], ["Kept": false]],
    ]
    XCTAssertEqual(names.api(registry), api)
    XCTAssertEqual(names.registry(api), registry)
  }

  func testWhatIsNotKnownStaysAsItIs() {
    let names: MemberNames = ["Rules/*/Id": "ID", "Index": "Index/Key"]
    let unknown: Document = ["Rules": .unknown("acme-prod/Thing.Arn")]
    XCTAssertEqual(names.api(unknown), unknown)
    XCTAssertEqual(names.registry(unknown), unknown)
  }

  func testEveryTableLeadsBackToWhatWasDeclared() throws {
    var declarations = Declarations(seed: 1)
    for aspect in Bucket.aspects where !aspect.names.isEmpty {
      let property = try XCTUnwrap(
        ResourceSchema.embedded("AWS::S3::Bucket")?.properties[aspect.property])
      check(aspect.names, "\(aspect.property)") { declarations.next(property) }
    }
    let repository = try XCTUnwrap(ResourceSchema.embedded("AWS::ECR::Repository")).root
    check(Repository.names, "a repository") { declarations.next(repository) }
    let rule = try XCTUnwrap(ResourceSchema.embedded("AWS::Events::Rule"))
    let target = try XCTUnwrap(rule["/Targets/*"])
    check(EventTarget.names, "a target") { declarations.next(target) }
  }

  private func check(_ names: MemberNames, _ what: String, _ declaration: () -> Document) {
    var renamed = 0
    for _ in 0..<200 {
      let declared = declaration()
      let api = names.api(declared)
      renamed += api == declared ? 0 : 1
      XCTAssertEqual(names.registry(api), declared, "\(what): \(declared.json())")
    }
    XCTAssertGreaterThan(renamed, 0, "\(what): nothing is called otherwise in its API")
  }

  /// What S3 is told of an aspect it shows, and it is read as what was declared.
  func testEveryAspectOfABucketIsReadAsItWasWritten() throws {
    // What S3 is told of these is not what it shows: see the tests of buckets.
    let others = [
      "AccessControl", "ObjectLockEnabled", "MetadataTableConfiguration", "MetadataConfiguration",
    ]
    var declarations = Declarations(seed: 2)
    for aspect in Bucket.aspects where !others.contains(aspect.property) {
      let property = try XCTUnwrap(
        ResourceSchema.embedded("AWS::S3::Bucket")?.properties[aspect.property])
      for _ in 0..<200 {
        let value = aspect.canonical(declarations.next(property))
        // What declares nothing is shown as nothing.
        guard value != aspect.absentValue, value != [:] else { continue }
        let output: Document = [aspect.member ?? aspect.property: aspect.api(value)]
        XCTAssertEqual(aspect.value(in: output), value, "\(aspect.property): \(value.json())")
      }
    }
  }
}

/// Declarations as a schema allows them, made at random: of each object some members, of each list one to
/// three elements, and numbers as texts, which are texts everywhere.
private struct Declarations {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  mutating func next(_ schema: PropertySchema) -> Document {
    if let items = schema.items {
      return .list((0..<Int.random(in: 1...3, using: &generator)).map { _ in next(items) })
    }
    let members = (schema.oneOf + schema.anyOf).randomElement(using: &generator)?.members ?? [:]
    let all = schema.members.merging(members) { own, _ in own }
    if !all.isEmpty || schema.types == [.object] {
      let some = all.sorted { $0.key < $1.key }.filter { member in
        schema.required.contains(member.key) || Bool.random(using: &generator)
      }
      return .object(
        Dictionary(some.map { ($0.key, next($0.value)) }, uniquingKeysWith: { $1 }))
    }
    switch schema.types.first {
    case .boolean: return .bool(Bool.random(using: &generator))
    case .integer, .number: return .integer(Int.random(in: 1...9, using: &generator))
    default: return .string(String(Int.random(in: 1...99, using: &generator)))
    }
  }
}
