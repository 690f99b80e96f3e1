import XCTest

/// What parameters name in AWS.
final class IdentifierTests: FaultTestCase {
  private typealias Parameter = (name: String, type: String, there: String, absent: String)

  /// Each type of parameter that names something in AWS: what is not there is told, what is there passes.
  func testWhatParametersNameIsLookedForInAWS() throws {
    let ec2 = { (operation: String, input: [String: Any]) in
      try self.endpoint.aws("ec2", operation, input)
    }
    let vpc = try ec2("create_vpc", ["CidrBlock": "10.0.0.0/16"])["Vpc"]["VpcId"].string ?? ""
    let subnet = try ec2("create_subnet", ["VpcId": vpc, "CidrBlock": "10.0.1.0/24"])
    let image = try ec2("register_image", ["Name": "others"])["ImageId"]
    let instance = try ec2(
      "run_instances", ["ImageId": image.string ?? "", "MinCount": 1, "MaxCount": 1])
    _ = try ec2("create_key_pair", ["KeyName": "operators"])
    let group = try ec2(
      "create_security_group", ["GroupName": "others", "Description": "others", "VpcId": vpc])
    try endpoint.aws(
      "ssm", "put_parameter", ["Name": "/others/one", "Value": "1", "Type": "String"])
    let zone = try endpoint.aws(
      "route53", "create_hosted_zone", ["Name": "example.com", "CallerReference": "1"])
    let parameters: [Parameter] = [
      ("Zone", "EC2::AvailabilityZone::Name", "us-east-1a", "us-east-1z"),
      ("Image", "EC2::Image::Id", image.string ?? "", "ami-0123456789abcdef0"),
      (
        "Instance", "EC2::Instance::Id", instance["Instances"][0]["InstanceId"].string ?? "",
        "i-0123456789abcdef0"
      ),
      ("Pair", "EC2::KeyPair::KeyName", "operators", "nobodys"),
      ("GroupName", "EC2::SecurityGroup::GroupName", "others", "nobodys"),
      ("Group", "EC2::SecurityGroup::Id", group["GroupId"].string ?? "", "sg-0123456789abcdef0"),
      (
        "Subnet", "EC2::Subnet::Id", subnet["Subnet"]["SubnetId"].string ?? "",
        "subnet-0123456789abcdef0"
      ),
      ("Vpc", "EC2::VPC::Id", vpc, "vpc-0123456789abcdef0"),
      (
        "HostedZone", "Route53::HostedZone::Id",
        zone["HostedZone"]["Id"].string?.split(separator: "/").last.map(String.init) ?? "",
        "Z0123456789ABCDEFGHIJ"
      ),
      ("Parameter", "SSM::Parameter::Name", "/others/one", "/others/none"),
    ]
    func values(_ value: (Parameter) -> String) -> String {
      parameters.map { "\"\($0.name)\": \"\(value($0))\"" }.joined(separator: ", ")
    }
    let workspace = try workspace("", parameters: values { $0.absent })
    let declared = parameters.map {
      "\"\($0.name)\": { \"Type\": \"AWS::\($0.type)\" }"
    }.joined(separator: ", ")
    let used = parameters.map { "{ \"Ref\": \"\($0.name)\" }" }.joined(separator: ", ")
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      """
      {
        "Parameters": { \(declared) },
        "Resources": {
          "Named": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {
              "Name": "/acme/named", "Type": "StringList",
              "Value": { "Fn::Join": [",", [\(used)]] }
            }
          }
        }
      }
      """)
    try workspace.commit("What is not there")
    let failed = try workspace.trueup("apply", "--yes")
    XCTAssertEqual(failed.code, 1, failed.everything)
    for parameter in parameters {
      XCTAssert(
        failed.output.contains("has no such AWS::\(parameter.type)"),
        "\(parameter.name): \(failed.everything)")
    }
    XCTAssertEqual(try mutations(), [])
    try workspace.write(
      "desired-state/clients/acme-prod.jsonc",
      Fixtures.manifest("acme", parameters: values { $0.there }))
    try workspace.commit("What is there")
    try converge(workspace)
  }
}
