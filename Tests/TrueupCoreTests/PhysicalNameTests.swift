import Document
import XCTest

@testable import TrueupCore

final class PhysicalNameTests: XCTestCase {
  private let stack = StackID(project: "cosyworld", client: "acme", environment: "prod")

  private func name(_ resource: String, generation: Int = 0, _ rule: NameRule) -> String {
    PhysicalName.generated(stack: stack, resource: resource, generation: generation, rule: rule)
  }

  func testNamesReadAsStackAndResource() throws {
    let name = name("Bucket", NameRule(property: "Name", maximumLength: 63))
    XCTAssertNotNil(
      name.wholeMatch(of: /acme-prod-Bucket-[0-9a-f]{6}/), "\(name) should tell what it is")
    XCTAssertEqual(
      name, self.name("Bucket", NameRule(property: "Name", maximumLength: 63)),
      "a name is the same every time")
  }

  func testNamesFollowTheRuleOfTheKind() {
    for length in 8...64 {
      for resource in ["A", "Bucket", String(repeating: "VeryLong", count: 12)] {
        let name = name(
          resource, NameRule(property: "Name", maximumLength: length, prefix: "/x/"))
        XCTAssertLessThanOrEqual(
          name.count, max(length, 10), "\(name) is longer than \(length)")
        XCTAssertTrue(name.hasPrefix("/x/"), "\(name) lacks its prefix")
      }
    }
    let lower = name(
      "MyBucket", NameRule(property: "Name", maximumLength: 63, lowercase: true))
    XCTAssertEqual(lower, lower.lowercased())
    XCTAssertTrue(lower.contains("mybucket"))
  }

  func testANameEndsAsAPropertyThatIsDeclaredTrueWantsIt() {
    let rule = NameRule(property: "Name", maximumLength: 24, suffixes: ["FifoQueue": ".fifo"])
    let cases: [(properties: Value, ending: String)] = [
      (.object(of: ["FifoQueue": .known(true)]), ".fifo"),
      (.object(of: ["FifoQueue": .known("true")]), ".fifo"),
      (.object(of: ["FifoQueue": .known(false)]), ""),
      (.object(of: [:]), ""),
    ]
    for (properties, ending) in cases {
      let resource = DesiredResource(
        address: Address(stack: stack.name, resource: "AQueueWithALongName"),
        type: "AWS::SQS::Queue", scope: Scope(account: "1", region: nil), properties: properties,
        location: SourceLocation(file: "b.jsonc", position: Position(line: 1, column: 1)))
      let names = PhysicalName.generated(for: resource, of: stack, rule: rule)
      XCTAssertEqual(Set(names).count, 2, "each generation has a name of its own: \(names)")
      for name in names {
        XCTAssertEqual(name.hasSuffix(".fifo"), ending == ".fifo", name)
        XCTAssertLessThanOrEqual(name.count, 24, "\(name) is too long")
      }
    }
  }

  func testCharactersThatAreNotAllowedBecomeDashes() {
    let client = StackID(project: "p", client: "ac.me_é", environment: "prod")
    let name = PhysicalName.generated(
      stack: client, resource: "Vpc", generation: 0,
      rule: NameRule(property: "Name", maximumLength: 60, punctuation: "-_"))
    XCTAssertTrue(name.hasPrefix("ac-me_--prod-Vpc-"), name)
  }

  func testGenerationsStacksAndResourcesHaveNamesOfTheirOwn() {
    let rule = NameRule(property: "Name", maximumLength: 12)
    var names: Set<String> = []
    var count = 0
    for environment in ["prod", "prod2"] {
      for resource in ["ResourceNumberOne", "ResourceNumberOneMore"] {
        for generation in PhysicalName.generations {
          let stack = StackID(project: "p", client: "acme", environment: environment)
          names.insert(
            PhysicalName.generated(
              stack: stack, resource: resource, generation: generation, rule: rule))
          count += 1
        }
      }
    }
    XCTAssertEqual(names.count, count, "shortened names still differ: \(names.sorted())")
  }

  func testShorteningKeepsTheEndOfTheResourceAndTheStartOfTheStack() {
    let name = name("ApplicationLoadBalancer", NameRule(property: "Name", maximumLength: 32))
    XCTAssertNotNil(name.wholeMatch(of: /acme-.*LoadBalancer-[0-9a-f]{6}/), name)
    XCTAssertEqual(name.count, 32)
  }
}
