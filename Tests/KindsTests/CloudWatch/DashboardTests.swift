import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::CloudWatch::Dashboard`.
final class DashboardTests: XCTestCase {
  private let dashboard = Dashboard()
  private static let arn = "arn:aws:cloudwatch::111122223333:dashboard/"

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListDashboards":
      .success([
        "DashboardEntries": .list(
          ["ours", "others"].map {
            ["DashboardName": .string($0), "DashboardArn": .string(arn + $0), "Size": 2]
          })
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "ours"), "Tags": .ourTagList]]
      ])
    case "GetDashboard": .success(["DashboardBody": #"{"widgets": []}"#])
    default: .success([:])
    }
  }

  func testTheBodiesOfOursAloneAreRead() throws {
    let observation = ObservationRehearsal(
      dashboard, .rehearsal(properties: ["DashboardBody"]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        "ListDashboards {}", #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"GetDashboard {"DashboardName":"ours"}"#,
      ])
    XCTAssertEqual(observation["ours"]?.tags, Step.ourTags)
    XCTAssertEqual(observation["others"]?.unread["/DashboardBody"]?.isEmpty, false)
    XCTAssertEqual(try uncovered(dashboard, shown: observation.observed), [])
    let refused = ObservationRehearsal(dashboard, .rehearsal(properties: ["DashboardBody"])) {
      $0.operation == "GetDashboard" ? denied($0) : Self.answer($0)
    }
    XCTAssertEqual(refused["ours"]?.unread["/DashboardBody"], "GetDashboard is not allowed")
  }

  func testADashboardWithoutTagsMayHaveBeenMadeWithoutThem() {
    let observation = ObservationRehearsal(
      dashboard, .rehearsal(candidates: ["others": []]), answer: Self.answer)
    XCTAssertEqual(observation["others"]?.unread["/Tags"], "CloudWatch shows no tags of it")
    XCTAssertNil(observation["ours"]?.unread["/Tags"])
  }

  func testTagsAreTakenForANewDashboardOnly() throws {
    let desired: Document = ["DashboardName": "d", "DashboardBody": #"{ "widgets": [ ] }"#]
    let created = Rehearsal(dashboard, .creating(desired))
    XCTAssertEqual(created.calls.map(\.operation), ["PutDashboard"])
    XCTAssertEqual(created.calls[0].input["DashboardBody"], #"{"widgets":[]}"#)
    XCTAssertEqual(created.calls[0].input["Tags"]?.list?.count, 2)
    let updated = Rehearsal(
      dashboard, .updating("d", to: desired, changed: ["DashboardBody"], changesTags: true))
    XCTAssertEqual(updated.calls.map(\.operation), ["PutDashboard", "TagResource"])
    XCTAssertNil(updated.calls[0].input["Tags"])
    XCTAssertEqual(updated.calls[1].input["ResourceARN"], .string(Self.arn + "d"))
    let deleted = Rehearsal(dashboard, .deleting("d"))
    XCTAssertEqual(deleted.lines, [#"DeleteDashboards {"DashboardNames":["d"]}"#])
    XCTAssertEqual(try modelProblems(created.calls + updated.calls + deleted.calls), [])
  }
}
