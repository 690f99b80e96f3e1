import XCTest

@testable import TrueupCore

extension Plan {
  /// `update Net drift`, one per change, without the stack where there is but one.
  var lines: [String] {
    changes.map { change in
      let place = stacks.count == 1 ? change.address.resource : change.address.description
      return "\(change.action.rawValue) \(place) \(change.cause.rawValue)"
    }
  }

  /// `/Note drift`, one per difference of the resource's changes.
  func differences(of resource: String) -> [String] {
    changes.filter { $0.address.resource == resource }.flatMap(\.differences).map {
      "\($0.path) \($0.cause.rawValue)"
    }
  }

  func change(of resource: String) -> Change? {
    changes.first { $0.address.resource == resource }
  }

  /// Asserts that the steps whose ids begin so are there, and that each must wait for the one before.
  func assertOrder(
    _ steps: String..., file: StaticString = #filePath, line: UInt = #line
  ) {
    let all = self.steps
    for (first, next) in zip(steps, steps.dropFirst()) {
      guard let one = all.first(where: { $0.id.description.hasPrefix(first) }),
        let other = all.first(where: { $0.id.description.hasPrefix(next) })
      else {
        XCTFail(
          "\(first) or \(next) is not among \(all.map(\.id.description))", file: file, line: line)
        return
      }
      XCTAssertTrue(
        needs(other.id, one.id), "\(other.id) does not wait for \(one.id)", file: file, line: line)
    }
  }

  private func needs(_ step: PlannedStep.ID, _ other: PlannedStep.ID) -> Bool {
    let after = Dictionary(uniqueKeysWithValues: steps.map { ($0.id, $0.after) })
    var seen: Set<PlannedStep.ID> = []
    var queue = Array(after[step] ?? [])
    while let next = queue.popLast() {
      if next == other { return true }
      if seen.insert(next).inserted { queue += after[next] ?? [] }
    }
    return false
  }
}
