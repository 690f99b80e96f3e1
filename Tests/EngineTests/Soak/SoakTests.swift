import Foundation
import XCTest

/// Random cases: `make soak` runs many; `SEED=…` and `CASES=…` choose which.
final class SoakTests: XCTestCase {
  func testNothingForeignIsTouchedCausesAreTrueAndTheEndIsAsDesired() async {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["SEED"].flatMap(UInt64.init) ?? 1
    let count = environment["CASES"].flatMap(UInt64.init) ?? 300
    var failed: [String] = []
    for seed in first..<first + count {
      var one = SoakCase(seed: seed)
      await one.run()
      if let failure = one.failures.first { failed.append(failure) }
      if count == 1 { print(one.trace.joined(separator: "\n")) }
    }
    XCTAssertEqual(
      failed.count, 0,
      "\(failed.count) of \(count) cases from SEED=\(first) failed; the first:\n"
        + failed.prefix(10).joined(separator: "\n"))
  }
}
