import Document
import TrueupCore
import XCTest

@testable import Kinds

final class EC2NetworkInterfacesTests: XCTestCase {
  func testEachKindAsksForTheInterfacesInItsOwnWay() throws {
    let table: [(kind: any Kind, filter: String)] = [
      (VPC(), "vpc-id"), (Subnet(), "subnet-id"), (SecurityGroup(), "group-id"),
    ]
    for (kind, filter) in table {
      let step = Step(
        action: .delete, address: Address(stack: "acme-prod", resource: "Thing"),
        scope: Scope(account: "123456789012", region: "us-east-1"), region: "us-east-1", id: "x-1")
      let call = try XCTUnwrap(kind.obstacles(to: step))
      RequestRecording.shared?.add(call, of: kind.type)
      XCTAssertEqual(try modelProblems([call]), [])
      XCTAssertEqual(
        call.input,
        ["Filters": [["Name": .string(filter), "Values": ["x-1"]]]],
        "\(kind.type) is held by interfaces that \(filter) finds")
    }
  }

  func testTheFirstFewAreNamedWithTheirUse() {
    let interfaces = (1...7).map { number -> Document in
      [
        "NetworkInterfaceId": .string("eni-\(number)"),
        "Description": number == 1 ? "ELB app/acme/50dc6c49" : "",
      ]
    }
    XCTAssertEqual(
      VPC().obstacles(in: ["NetworkInterfaces": .list(interfaces)]),
      ["eni-1 (ELB app/acme/50dc6c49)", "eni-2", "eni-3", "eni-4", "eni-5", "2 more"])
    XCTAssertEqual(VPC().obstacles(in: [:]), [], "nothing is in the way")
  }
}
