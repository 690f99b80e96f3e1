import Document
import Kinds
import TrueupCore
import XCTest

/// What updates of the kinds' properties take away is declared, and not forgotten for a new kind.
final class LossFactsTests: XCTestCase {
  private func facts(_ type: String, _ path: PropertyPath) -> PropertyFacts? {
    Catalog.standard[type]?.facts.properties.all[path]
  }

  func testEveryPolicyMayTakeBackWhatItGrants() {
    var count = 0
    for kind in Catalog.standard.kinds {
      for (path, facts) in kind.facts.properties.all where facts.normalisation == .policyDocument {
        count += 1
        XCTAssertEqual(facts.loss, .policy, "\(kind.type) \(path)")
        XCTAssertEqual(facts.isSecurity, true, "\(kind.type) \(path)")
      }
    }
    XCTAssertGreaterThan(count, 9)
  }

  /// A property whose name says how long something is kept.
  func testEveryRetentionMayFall() throws {
    for kind in Catalog.standard.kinds {
      for name in ResourceSchema.embedded(kind.type)?.root.memberNames ?? [] {
        guard name.contains("Retention"),
          kind.facts.properties.covering(
            PropertyPath([name]), \.unsupported) == nil
        else { continue }
        let loss = facts(kind.type, PropertyPath([name]))?.loss
        guard case .less? = loss else {
          XCTFail("\(kind.type) \(name) says nothing of its falling")
          continue
        }
      }
    }
  }

  func testListsThatAreOwnedWholeMayLoseMembers() {
    for kind in Catalog.standard.kinds {
      for path in kind.facts.properties.owned.keys {
        XCTAssertEqual(facts(kind.type, path)?.loss, .members, "\(kind.type) \(path)")
      }
    }
  }

  func testTheKnownLosses() {
    for (type, path) in [
      ("AWS::EC2::SecurityGroup", "/SecurityGroupIngress"),
      ("AWS::EC2::SecurityGroup", "/SecurityGroupEgress"),
      ("AWS::KMS::Key", "/KeyPolicy"), ("AWS::KMS::Key", "/Enabled"),
      ("AWS::S3::Bucket", "/LifecycleConfiguration/Rules"),
      ("AWS::S3::Bucket", "/VersioningConfiguration/Status"),
      ("AWS::Logs::LogGroup", "/RetentionInDays"), ("AWS::IAM::Role", "/ManagedPolicyArns"),
      ("AWS::SecretsManager::Secret", "/ReplicaRegions"), ("AWS::SSM::Parameter", "/Policies"),
      ("AWS::SQS::Queue", "/RedrivePolicy"), ("AWS::Route53::HostedZone", "/VPCs"),
      ("AWS::EC2::NetworkAclEntry", "/RuleAction"), ("AWS::EC2::VPCEndpoint", "/RouteTableIds"),
    ] {
      XCTAssertNotNil(facts(type, PropertyPath(text: path))?.loss, "\(type) \(path)")
    }
  }
}
