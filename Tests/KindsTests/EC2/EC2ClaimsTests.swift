import Document
import Kinds
import TrueupCore
import XCTest

/// Parts that are resources of their own are none of the resource that holds them.
final class EC2ClaimsTests: XCTestCase {
  private static func observed(_ type: String, _ properties: Document) -> Observed {
    Observed(type: type, id: "x", scope: .rehearsal, properties: properties)
  }

  private let https: Document = [
    "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8",
  ]
  private let ssh: Document = [
    "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.0/8",
  ]

  private func ingress(claims: [Claim]) -> Document? {
    let group = Self.observed(
      "AWS::EC2::SecurityGroup",
      ["SecurityGroupIngress": [https, ssh], "SecurityGroupEgress": [https]])
    let left = SecurityGroup().without(claims, in: group)
    XCTAssertEqual(left.properties["SecurityGroupEgress"], [https], "the other way is not claimed")
    return left.properties["SecurityGroupIngress"]
  }

  func testAGroupIsWithoutARuleThatIsClaimedInWhateverWords() {
    let claim = Claim(
      type: "AWS::EC2::SecurityGroupIngress",
      properties: [
        "GroupId": "sg-1", "IpProtocol": 6, "FromPort": 443, "ToPort": 443, "CidrIp": "10.1.2.3/8",
        "Description": "web",
      ])
    XCTAssertEqual(ingress(claims: [claim]), [ssh])
    XCTAssertEqual(ingress(claims: []), [https, ssh])
  }

  func testAGroupIsWithoutARuleThatItsOwnResourceIsAboutToReplace() {
    let claim = Claim(
      type: "AWS::EC2::SecurityGroupIngress",
      properties: https.with(["GroupId": "sg-1", "CidrIp": "192.168.0.0/16"]),
      observed: Self.observed(
        "AWS::EC2::SecurityGroupIngress", https.with(["GroupId": "sg-1", "Id": "sgr-1"])))
    XCTAssertEqual(ingress(claims: [claim]), [ssh], "the old rule is its resource's to revoke")
  }

  func testARoleIsWithoutPoliciesThatAreResources() {
    let role = Self.observed(
      "AWS::IAM::Role",
      [
        "Policies": [["PolicyName": "own"], ["PolicyName": "logs"], ["PolicyName": "shared"]],
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/A", "arn:aws:iam::111122223333:policy/B"],
      ])
    let left = Role().without(
      [
        Claim(type: "AWS::IAM::RolePolicy", properties: ["PolicyName": "logs"]),
        Claim(type: "AWS::IAM::Policy", properties: ["PolicyName": "shared"]),
        Claim(
          type: "AWS::IAM::ManagedPolicy", properties: [:],
          observed: Self.observed(
            "AWS::IAM::ManagedPolicy", ["PolicyArn": "arn:aws:iam::111122223333:policy/B"])),
      ], in: role)
    XCTAssertEqual(left.properties["Policies"], [["PolicyName": "own"]])
    XCTAssertEqual(left.properties["ManagedPolicyArns"], ["arn:aws:iam::aws:policy/A"])
  }
}
