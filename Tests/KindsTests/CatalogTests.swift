import Document
import Kinds
import TrueupCore
import XCTest

final class CatalogTests: XCTestCase {
  func testEveryAnnotatedPropertyStandsInTheRegistry() throws {
    for kind in Catalog.standard.kinds {
      let schema = try XCTUnwrap(
        ResourceSchema.embedded(kind.type), "\(kind.type) is not among the embedded schemas")
      let facts = kind.facts
      var paths = Set(facts.properties.all.keys)
      var names = [facts.identity.ref] + facts.identity.identifiers
      names += facts.identity.keys.flatMap { $0.properties + $0.within }
      names += facts.ownership.parents.map(\.property)
      names += facts.properties.releasable.union(facts.properties.proven)
      names += [facts.placement.regionProperty].compactMap(\.self)
      names += facts.identity.name?.suffixes.keys.map { $0 } ?? []
      paths.formUnion(names.map { PropertyPath([$0]) })
      for parent in facts.ownership.parents {
        let other = try XCTUnwrap(
          Catalog.standard[parent.type], "\(kind.type) lies in \(parent.type), which no kind is")
        let schema = ResourceSchema.embedded(parent.type)
        for property in [parent.matching].compactMap(\.self) + facts.ownership.gives {
          XCTAssertNotNil(schema?[PropertyPath([property])], "\(other.type) has no \(property)")
        }
      }
      for path in paths.sorted() where !Self.composed.contains(kind.type + path.description) {
        XCTAssertNotNil(schema[path], "\(kind.type) has no \(path)")
      }
    }
  }

  /// Ids and keys that the registry does not have, made of what it has.
  private static let composed: Set = [
    "AWS::EC2::Route/Id", "AWS::EC2::VPCGatewayAttachment/Id", "AWS::EC2::VPCCidrBlock/Range",
    "AWS::EC2::FlowLog/Destination",
    "AWS::EC2::VPCDHCPOptionsAssociation/Id", "AWS::Events::Rule/Id",
    "AWS::IAM::Policy/Anchor", "AWS::IAM::RolePolicy/Id",
    "AWS::SQS::Queue/RedriveAllowPolicy/redrivePermission", "AWS::SNS::TopicPolicy/Anchor",
    "AWS::SQS::QueuePolicy/Anchor",
  ]

  func testNoTypeStandsInTheCatalogTwice() {
    let types = Catalog.standard.types
    XCTAssertEqual(types, Set(types).sorted())
  }

  func testEveryReasonIsASentencePartThatReadsAfterAColon() {
    for kind in Catalog.standard.kinds {
      let table = kind.facts.properties
      for reasons in [
        table.listing(\.unsupported), table.listing(\.notReadable), table.listing(\.notResettable),
      ] {
        for (path, reason) in reasons {
          XCTAssertFalse(
            reason.isEmpty || reason.hasSuffix("."), "\(kind.type)\(path): \"\(reason)\"")
        }
      }
    }
  }

  /// As the tagging API shows resources of each type that carries tags.
  /// Source: Service Authorization Reference, "Resource types defined by …" of each service.
  private static let arns = [
    "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:us-east-1:1:alarm:it",
    "AWS::CloudWatch::Dashboard": "arn:aws:cloudwatch::1:dashboard/it",
    "AWS::EC2::DHCPOptions": "arn:aws:ec2:us-east-1:1:dhcp-options/dopt-1",
    "AWS::EC2::EgressOnlyInternetGateway":
      "arn:aws:ec2:us-east-1:1:egress-only-internet-gateway/eigw-1",
    "AWS::EC2::EIP": "arn:aws:ec2:us-east-1:1:elastic-ip/eipalloc-1",
    "AWS::EC2::FlowLog": "arn:aws:ec2:us-east-1:1:vpc-flow-log/fl-1",
    "AWS::EC2::InternetGateway": "arn:aws:ec2:us-east-1:1:internet-gateway/igw-1",
    "AWS::EC2::NatGateway": "arn:aws:ec2:us-east-1:1:natgateway/nat-1",
    "AWS::EC2::NetworkAcl": "arn:aws:ec2:us-east-1:1:network-acl/acl-1",
    "AWS::EC2::RouteTable": "arn:aws:ec2:us-east-1:1:route-table/rtb-1",
    "AWS::EC2::SecurityGroup": "arn:aws:ec2:us-east-1:1:security-group/sg-1",
    "AWS::EC2::SecurityGroupEgress": "arn:aws:ec2:us-east-1:1:security-group-rule/sgr-1",
    "AWS::EC2::SecurityGroupIngress": "arn:aws:ec2:us-east-1:1:security-group-rule/sgr-1",
    "AWS::EC2::Subnet": "arn:aws:ec2:us-east-1:1:subnet/subnet-1",
    "AWS::EC2::VPC": "arn:aws:ec2:us-east-1:1:vpc/vpc-1",
    "AWS::EC2::VPCEndpoint": "arn:aws:ec2:us-east-1:1:vpc-endpoint/vpce-1",
    "AWS::IAM::InstanceProfile": "arn:aws:iam::1:instance-profile/a/it",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::1:policy/a/it",
    "AWS::IAM::OIDCProvider": "arn:aws:iam::1:oidc-provider/token.example.com",
    "AWS::KMS::Key": "arn:aws:kms:us-east-1:1:key/1234",
    "AWS::Logs::LogGroup": "arn:aws:logs:us-east-1:1:log-group:/a/b",
    "AWS::Events::Rule": "arn:aws:events:us-east-1:1:rule/bus/it",
    "AWS::ECR::Repository": "arn:aws:ecr:us-east-1:1:repository/a/b",
    "AWS::ECS::Cluster": "arn:aws:ecs:us-east-1:1:cluster/it",
    "AWS::ECS::Service": "arn:aws:ecs:us-east-1:1:service/cluster/it",
    "AWS::ECS::TaskDefinition": "arn:aws:ecs:us-east-1:1:task-definition/it:1",
    "AWS::Route53::HostedZone": "arn:aws:route53:::hostedzone/Z1",
    "AWS::S3::Bucket": "arn:aws:s3:::it",
    "AWS::SNS::Topic": "arn:aws:sns:us-east-1:1:it",
    "AWS::SQS::Queue": "arn:aws:sqs:us-east-1:1:it",
    "AWS::SSM::Parameter": "arn:aws:ssm:us-east-1:1:parameter/a/b",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:us-east-1:1:secret:it-AbCdEf",
  ]

  func testLeftoversOfEveryTypeThatCarriesTagsAreKnownByTheirARNs() {
    for kind in Catalog.standard.kinds
    where kind.facts.ownership.isTaggable && kind.facts.placement.isSwept {
      guard let arn = Self.arns[kind.type] else {
        XCTFail("write here how the ARNs of \(kind.type) are")
        continue
      }
      XCTAssert(
        Catalog.standard.kinds(ofARN: arn).contains { $0.type == kind.type },
        "\(kind.type) needs `arn` in its identity: its own are such as \(arn)")
    }
  }
}
