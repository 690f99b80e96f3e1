import Document
import TrueupCore

/// How AWS is asked for the ids or names of one parameter type.
struct IdentifierType: Sendable {
  /// Asks for these values; for all where the list has no filter for them.
  let reads: @Sendable (_ values: [String]) -> [Read]
  /// The ids in an output.
  let identifiers: @Sendable (_ output: Document) -> [String]

  /// By parameter type. An unknown value is no error of these lists: it is left out.
  /// Source: EC2, Route 53 and SSM API references; EC2 takes 200 values per filter.
  static let all: [String: IdentifierType] = [
    "AWS::EC2::AvailabilityZone::Name": ec2(
      "DescribeAvailabilityZones", "zone-name", "AvailabilityZones", "ZoneName"),
    "AWS::EC2::Image::Id": ec2("DescribeImages", "image-id", "Images", "ImageId"),
    "AWS::EC2::Instance::Id": IdentifierType(
      reads: filtered("DescribeInstances", "instance-id"),
      identifiers: { output in
        (output["Reservations"]?.list ?? []).flatMap { $0["Instances"]?.list ?? [] }.compactMap {
          $0["InstanceId"]?.string
        }
      }),
    "AWS::EC2::KeyPair::KeyName": ec2("DescribeKeyPairs", "key-name", "KeyPairs", "KeyName"),
    "AWS::EC2::SecurityGroup::GroupName": ec2(
      "DescribeSecurityGroups", "group-name", "SecurityGroups", "GroupName"),
    "AWS::EC2::SecurityGroup::Id": ec2(
      "DescribeSecurityGroups", "group-id", "SecurityGroups", "GroupId"),
    "AWS::EC2::Subnet::Id": ec2("DescribeSubnets", "subnet-id", "Subnets", "SubnetId"),
    "AWS::EC2::VPC::Id": ec2("DescribeVpcs", "vpc-id", "Vpcs", "VpcId"),
    "AWS::Route53::HostedZone::Id": IdentifierType(
      reads: { _ in [Read(Call("route53", "ListHostedZones", .object([:])), pageSize: 100)] },
      identifiers: { output in
        members("HostedZones", "Id", output).map { String($0.trimmingPrefix("/hostedzone/")) }
      }),
    "AWS::SSM::Parameter::Name": IdentifierType(
      reads: { values in
        batches(values, of: 50).map { names in
          Read(
            Call(
              "ssm", "DescribeParameters",
              ["ParameterFilters": [["Key": "Name", "Option": "Equals", "Values": names]]]),
            pageSize: 50)
        }
      }, identifiers: { members("Parameters", "Name", $0) }),
  ]

  private static func ec2(
    _ operation: String, _ filter: String, _ list: String, _ member: String
  ) -> IdentifierType {
    IdentifierType(
      reads: filtered(operation, filter), identifiers: { members(list, member, $0) })
  }

  private static func filtered(_ operation: String, _ filter: String)
    -> @Sendable ([String]) -> [Read]
  {
    { values in
      batches(values, of: 200).map { batch in
        Read(
          Call("ec2", operation, ["Filters": [["Name": .string(filter), "Values": batch]]]))
      }
    }
  }

  private static func batches(_ values: [String], of size: Int) -> [Document] {
    stride(from: 0, to: values.count, by: size).map { start in
      .list(values[start..<min(start + size, values.count)].map(Document.string))
    }
  }

  private static func members(_ list: String, _ member: String, _ output: Document) -> [String] {
    (output[list]?.list ?? []).compactMap { $0[member]?.string }
  }
}
