import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::Route53::RecordSet`.
final class RecordSetTests: XCTestCase {
  private let record = RecordSet()
  private static let plain: Document = [
    "HostedZoneId": "Z1", "Name": "*.acme.example.com", "Type": "A", "TTL": "60",
    "ResourceRecords": ["192.0.2.1", "192.0.2.2"],
  ]
  private static let stored: Document = [
    "Name": #"\052.acme.example.com."#, "Type": "A", "TTL": 60,
    "ResourceRecords": [["Value": "192.0.2.1"], ["Value": "192.0.2.2"]],
  ]

  // MARK: Observing

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListHostedZones":
      .success([
        "HostedZones": [
          ["Id": "/hostedzone/Z1", "Name": "acme.example.com."],
          ["Id": "/hostedzone/Z2", "Name": "example.com."],
          ["Id": "/hostedzone/Z3", "Name": "other.net."],
        ]
      ])
    case "GetResources":
      .success([
        "ResourceTagMappingList": [
          ["ResourceARN": "arn:aws:route53:::hostedzone/Z1", "Tags": .ourTagList]
        ]
      ])
    case "ListTagsForResources": .success(["ResourceTagSets": []])
    case "ListResourceRecordSets": .success(["ResourceRecordSets": [stored]])
    default: .success([:])
    }
  }

  private static func context(_ values: [String: Set<String>]) -> ReadContext {
    var context = ReadContext.rehearsal()
    context.values = values
    return context
  }

  func testOnlyZonesThatMayHoldADeclaredRecordAreRead() {
    let cases: [(values: [String: Set<String>], zones: [String])] = [
      (["Name": ["www.acme.example.com"]], ["Z1"]),
      (["Name": ["www.acme.example.com"], "HostedZoneId": ["Z2"]], ["Z1", "Z2"]),
      (["Name": ["www.other.net"], "HostedZoneName": ["Other.net."]], ["Z3"]),
      (["Name": ["www.other.net"]], []),
    ]
    for (values, zones) in cases {
      let observation = ObservationRehearsal(record, Self.context(values), answer: Self.answer)
      XCTAssertEqual(
        observation.reads.filter { $0.call.operation == "ListResourceRecordSets" }
          .compactMap { $0.call.input["HostedZoneId"]?.string }, zones, "\(values)")
    }
  }

  func testNamesAreShownPlain() throws {
    let observation = ObservationRehearsal(
      record, Self.context(["HostedZoneId": ["Z1"]]), answer: Self.answer)
    let observed = try XCTUnwrap(observation["Z1|*.acme.example.com|A"])
    XCTAssertEqual(
      observed.properties,
      Self.plain.with([
        "TTL": 60, "HostedZoneName": "acme.example.com", "Id": "Z1|*.acme.example.com|A",
      ]))
  }

  func testNamesAndHostsAreTheSameInAllSpellings() {
    let canonical = record.facts.canonical
    XCTAssertEqual(
      canonical([
        "Name": #"\052.ACME.example.com."#, "Type": "CNAME", "HostedZoneName": "Example.com.",
        "ResourceRecords": ["Www.Example.NET."], "AliasTarget": ["DNSName": "LB.example."],
      ]),
      [
        "Name": "*.acme.example.com", "Type": "CNAME", "HostedZoneName": "example.com",
        "ResourceRecords": ["www.example.net"], "AliasTarget": ["DNSName": "lb.example"],
      ])
    XCTAssertEqual(
      canonical(["Type": "TXT", "ResourceRecords": [#""Case Matters.""#]]),
      ["Type": "TXT", "ResourceRecords": [#""Case Matters.""#]], "text is left alone")
  }

  // MARK: Changing

  private func done(_ call: Call) -> Reply {
    call.operation == "ChangeResourceRecordSets"
      ? .success(["ChangeInfo": ["Id": "/change/C1", "Status": "INSYNC"]]) : .success([:])
  }

  func testCreatesWithoutOverwriting() throws {
    let rehearsal = Rehearsal(
      record, .creating(Self.plain.with(["Comment": "why"]), tags: [:]), answer: done)
    XCTAssertEqual(
      rehearsal.calls.map(\.input),
      [
        [
          "HostedZoneId": "Z1",
          "ChangeBatch": [
            "Comment": "why",
            "Changes": [
              [
                "Action": "CREATE",
                "ResourceRecordSet": Self.stored.with(["Name": "*.acme.example.com"]),
              ]
            ],
          ],
        ]
      ])
    XCTAssertEqual(rehearsal.id, "Z1|*.acme.example.com|A")
    XCTAssertEqual(try modelProblems(rehearsal.calls), [])
  }

  func testWaitsUntilAllNameServersKnowIt() {
    var statuses = ["PENDING", "INSYNC"]
    let rehearsal = Rehearsal(record, .creating(Self.plain, tags: [:])) { call in
      let status = call.operation == "GetChange" ? statuses.removeFirst() : "PENDING"
      return .success(["ChangeInfo": ["Id": "/change/C1", "Status": .string(status)]])
    }
    XCTAssertEqual(
      rehearsal.calls.map(\.operation), ["ChangeResourceRecordSets", "GetChange", "GetChange"])
    XCTAssertEqual(rehearsal.calls[1].input, ["Id": "C1"])
  }

  func testAZoneByItsNameMustBeTheOnlyOne() throws {
    let desired: Document = [
      "HostedZoneName": "acme.example.com.", "Name": "a.acme.example.com", "Type": "A",
      "AliasTarget": ["DNSName": "lb.example", "HostedZoneId": "ZL"],
    ]
    for (names, failure) in [
      (["acme.example.com.", "b.example.com."], nil),
      ([], "there is no hosted zone acme.example.com."),
      (
        ["acme.example.com.", "acme.example.com."],
        "2 hosted zones are called acme.example.com.: name one by HostedZoneId"
      ),
    ] as [([String], String?)] {
      let rehearsal = Rehearsal(record, .creating(desired, tags: [:])) { call in
        guard call.operation == "ListHostedZonesByName" else { return done(call) }
        return .success([
          "HostedZones": .list(
            names.map { ["Id": "/hostedzone/Z1", "Name": .string($0)] })
        ])
      }
      XCTAssertEqual(rehearsal.failure, failure)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [], "an alias tells about health")
    }
  }

  func testAnotherTypeComesInTheSameBatchInWhichTheOldOneGoes() throws {
    let cases: [(to: Document, actions: [Document])] = [
      (Self.plain.with(["TTL": "30"]), ["UPSERT"]),
      (
        [
          "HostedZoneId": "Z1", "Name": "*.acme.example.com", "Type": "CNAME", "TTL": "60",
          "ResourceRecords": ["x.example"],
        ], ["DELETE", "CREATE"]
      ),
      (Self.plain.with(["SetIdentifier": "s", "Weight": 1]), ["DELETE", "CREATE"]),
    ]
    for (to, actions) in cases {
      let rehearsal = Rehearsal(
        record,
        .updating("Z1|*.acme.example.com|A", from: Self.plain, to: to, changed: ["TTL"]),
        answer: done)
      XCTAssertEqual(rehearsal.calls.count, 1)
      let changes = rehearsal.calls[0].input["ChangeBatch"]?["Changes"]?.list ?? []
      XCTAssertEqual(changes.compactMap { $0["Action"] }, actions, to.json())
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }

  func testDeletesWhatWasSeenAndNothingElse() throws {
    var step = Step.deleting("Z1|*.acme.example.com|A")
    step.observed = Observed(
      type: record.type, id: "Z1|*.acme.example.com|A", scope: .rehearsal, properties: Self.plain)
    let deleted = Rehearsal(record, step, answer: done)
    XCTAssertEqual(deleted.calls.count, 1)
    XCTAssertEqual(try modelProblems(deleted.calls), [])
    for (left, failure) in [
      ([], nil), ([["Name": "z.example.com.", "Type": "A"]], nil),
      ([Self.stored], "Z1|*.acme.example.com|A is not any more as it was observed: plan again"),
    ] as [([Document], String?)] {
      let rehearsal = Rehearsal(record, step) { call in
        call.operation == "ChangeResourceRecordSets"
          ? .absent : .success(["ResourceRecordSets": .list(left)])
      }
      XCTAssertEqual(rehearsal.failure, failure)
      XCTAssertEqual(try modelProblems(rehearsal.calls), [])
    }
  }
}
