import Document
import Kinds
import TrueupCore
import XCTest

final class EC2DHCPOptionsTests: XCTestCase {
  private let kind = DHCPOptions()

  private static let everything: Document = [
    "DomainName": "example.com", "DomainNameServers": ["10.0.0.3", "AmazonProvidedDNS"],
    "NtpServers": ["10.0.0.4"], "NetbiosNameServers": ["10.0.0.5"], "NetbiosNodeType": 2,
    "Ipv6AddressPreferredLeaseTime": 600,
  ]

  func testShowsEveryOption() throws {
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success([
        "DhcpOptions": [
          [
            "DhcpOptionsId": "dopt-1", "Tags": [["Key": "Name", "Value": "it"]],
            "DhcpConfigurations": [
              ["Key": "domain-name", "Values": [["Value": "example.com"]]],
              [
                "Key": "domain-name-servers",
                "Values": [["Value": "10.0.0.3"], ["Value": "AmazonProvidedDNS"]],
              ],
              ["Key": "ntp-servers", "Values": [["Value": "10.0.0.4"]]],
              ["Key": "netbios-name-servers", "Values": [["Value": "10.0.0.5"]]],
              ["Key": "netbios-node-type", "Values": [["Value": "2"]]],
              ["Key": "ipv6-address-preferred-lease-time", "Values": [["Value": "600"]]],
            ],
          ],
          ["DhcpOptionsId": "dopt-0", "DhcpConfigurations": []],
        ]
      ])
    }
    XCTAssertEqual(observation.lines, ["DescribeDhcpOptions {}"])
    XCTAssertEqual(
      observation["dopt-1"]?.properties, Self.everything.with(["DhcpOptionsId": "dopt-1"]))
    XCTAssertEqual(observation["dopt-1"]?.tags, ["Name": "it"])
    XCTAssertEqual(observation["dopt-0"]?.properties, ["DhcpOptionsId": "dopt-0"])
    XCTAssertEqual(try uncovered(kind, shown: observation.observed), [])
  }

  func testCreatesWhatIsDeclaredAndDeletesWhenNoVPCHasIt() throws {
    let created = Rehearsal(
      kind, .creating(["DomainName": "example.com", "NetbiosNodeType": 2, "NtpServers": []])
    ) { _ in .success(["DhcpOptions": ["DhcpOptionsId": "dopt-1"]]) }
    XCTAssertEqual(
      created.calls.first?.input["DhcpConfigurations"],
      [
        ["Key": "domain-name", "Values": ["example.com"]],
        ["Key": "netbios-node-type", "Values": ["2"]],
      ])
    XCTAssertEqual(
      created.calls.first?.input["TagSpecifications"]?[0]?["ResourceType"], "dhcp-options")
    XCTAssertEqual(created.id, "dopt-1")
    XCTAssertEqual(
      created.calls.map(\.operation), ["CreateDhcpOptions", "CreateTags"],
      "tags that the creation did not take are put")
    let all = Rehearsal(kind, .creating(Self.everything)) { call in
      .success([
        "DhcpOptions": [
          "DhcpOptionsId": "dopt-1", "Tags": call.input["TagSpecifications"]?[0]?["Tags"] ?? [],
        ]
      ])
    }
    XCTAssertEqual(all.calls.map(\.operation), ["CreateDhcpOptions"])
    XCTAssertEqual(all.calls.first?.input["DhcpConfigurations"]?.list?.count, 6)
    let deleted = Rehearsal(kind, .deleting("dopt-1"))
    XCTAssertEqual(deleted.lines, [#"DeleteDhcpOptions {"DhcpOptionsId":"dopt-1"}"#])
    XCTAssertEqual(deleted.calls[0].transientCodes, ["DependencyViolation"])
    XCTAssertTrue(deleted.calls[0].absentCodes.contains("InvalidDhcpOptionID.NotFound"))
    XCTAssertEqual(try modelProblems(created.calls + all.calls + deleted.calls), [])
  }

  func testGivesAVPCItsOptionsAndTheAccountsBack() throws {
    let kind = VPCDHCPOptionsAssociation()
    let observation = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success(["Vpcs": [["VpcId": "vpc-1", "DhcpOptionsId": "dopt-1"]]])
    }
    XCTAssertEqual(observation.lines, ["DescribeVpcs {}"], "no read of its own")
    let shown: Document = ["Id": "dopt-1|vpc-1", "VpcId": "vpc-1", "DhcpOptionsId": "dopt-1"]
    XCTAssertEqual(observation["dopt-1|vpc-1"]?.properties, shown)
    let none = ObservationRehearsal(kind, .rehearsal()) { _ in
      .success(["Vpcs": [["VpcId": "vpc-1", "DhcpOptionsId": "default"]]])
    }.observed
    XCTAssertEqual(none.map(\.transition), [Observed.given], "nobody gave it that")
    let wanted: (String) -> Document = { ["VpcId": "vpc-1", "DhcpOptionsId": .string($0)] }
    XCTAssertEqual(plannedChanges(kind, wanted("default"), shown: none), [])
    XCTAssertEqual(plannedChanges(kind, wanted("dopt-1"), shown: none), ["create"])
    let created = Rehearsal(kind, .creating(["VpcId": "vpc-1", "DhcpOptionsId": "dopt-1"]))
    XCTAssertEqual(
      created.lines, [#"AssociateDhcpOptions {"DhcpOptionsId":"dopt-1","VpcId":"vpc-1"}"#])
    XCTAssertEqual(created.id, "dopt-1|vpc-1")
    let moved = Rehearsal(
      kind,
      .updating(
        "dopt-1|vpc-1", from: shown, to: ["VpcId": "vpc-1", "DhcpOptionsId": "dopt-2"],
        changed: ["DhcpOptionsId"]))
    XCTAssertEqual(
      moved.lines, [#"AssociateDhcpOptions {"DhcpOptionsId":"dopt-2","VpcId":"vpc-1"}"#])
    XCTAssertEqual(moved.id, "dopt-2|vpc-1")
    let deleted = Rehearsal(kind, .deleting("dopt-1|vpc-1", shown))
    XCTAssertEqual(
      deleted.lines, [#"AssociateDhcpOptions {"DhcpOptionsId":"default","VpcId":"vpc-1"}"#])
    XCTAssertEqual(try modelProblems(created.calls + moved.calls + deleted.calls), [])
  }
}
