import Document
import Kinds
import TrueupCore
import XCTest

final class EC2TagTests: XCTestCase {
  func testChangesNothingButTagsWhereOnlyTagsChanged() throws {
    let kinds: [any Kind] = [
      DHCPOptions(), EgressOnlyInternetGateway(), FlowLog(), InternetGateway(), NatGateway(),
      NetworkAcl(), RouteTable(), VPCEndpoint(),
      SecurityGroupIngress(), SecurityGroupEgress(),
    ]
    for kind in kinds {
      let rehearsal = Rehearsal(
        kind, .updating("x-1", changed: [], removedTags: ["Old"], changesTags: true))
      XCTAssertEqual(
        rehearsal.lines,
        [
          #"DeleteTags {"Resources":["x-1"],"Tags":[{"Key":"Old"}]}"#,
          #"CreateTags {"Resources":["x-1"],"Tags":[{"Key":"trueup:resource","Value":"Thing"},"#
            + #"{"Key":"trueup:stack","Value":"cosyworld/acme-prod"}]}"#,
        ], kind.type)
      XCTAssertEqual(rehearsal.id, "x-1", kind.type)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [], kind.type)
    }
  }
}
