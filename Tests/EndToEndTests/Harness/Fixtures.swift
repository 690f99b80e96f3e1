import Foundation

/// Texts of desired states that several tests use.
enum Fixtures {
  static let fleet = """
    {
      "project": "cosyworld",
      "accounts": { "main": { "id": "123456789012", "region": "us-east-1" } },
      "tags": { "Project": "${Project}", "Client": "${Client}", "ManagedBy": "trueup" },
      "limits": { "deletes": 5, "replaces": 2 },
    }
    """

  /// Where the small fleet of the tests is: three clients of the blueprints base and network, and what they
  /// are when applied.
  static let small = Paths.repository.appendingPathComponent("Tests/EndToEndTests/Fleet")

  /// Writes a desired state: fleet and blueprints of the repository under test, and the clients of the small
  /// fleet.
  static func copyFleet(to root: URL) throws {
    let files = FileManager.default
    let state = root.appendingPathComponent("desired-state")
    try files.copyItem(at: Paths.repository.appendingPathComponent("desired-state"), to: state)
    try files.removeItem(at: state.appendingPathComponent("clients"))
    try files.copyItem(
      at: small.appendingPathComponent("clients"), to: state.appendingPathComponent("clients"))
  }

  static func manifest(
    _ client: String, _ environment: String = "prod", blueprint: String = "base",
    parameters: String = ""
  ) -> String {
    """
    {
      "client": "\(client)", "environment": "\(environment)", "blueprint": "\(blueprint)",
      "account": "main", "region": "us-east-1",
      "parameters": { \(parameters) }
    }
    """
  }

  /// A template of these resources (the text inside of `Resources`), with a range as its parameter.
  static func blueprint(_ resources: String, metadata: String = "") -> String {
    """
    {
      "Metadata": { "Trueup": { \(metadata) } },
      "Parameters": { "VpcCidr": { "Type": "String", "Default": "10.1.0.0/16" } },
      "Resources": {
    \(resources)
      }
    }
    """
  }

  /// A VPC, a subnet in it and a security group.
  static let network = """
        "Vpc": {
          "Type": "AWS::EC2::VPC",
          "Properties": { "CidrBlock": { "Ref": "VpcCidr" } }
        },
        "Subnet": {
          "Type": "AWS::EC2::Subnet",
          "Properties": {
            "VpcId": { "Ref": "Vpc" },
            "CidrBlock": { "Fn::Select": [0, { "Fn::Cidr": [{ "Ref": "VpcCidr" }, 1, 8] }] },
            "AvailabilityZone": "us-east-1a"
          }
        },
        "Group": {
          "Type": "AWS::EC2::SecurityGroup",
          "Properties": {
            "GroupDescription": "A group",
            "VpcId": { "Ref": "Vpc" },
            "SecurityGroupIngress": [
              { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0" }
            ]
          }
        }
    """

  static let logs = """
        "Logs": {
          "Type": "AWS::Logs::LogGroup",
          "Properties": { "RetentionInDays": 30 }
        }
    """

  /// A policy that allows an action on everything.
  static func allow(_ action: String) -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","Resource":"*"}]}"#
  }

  /// A trust policy of a service.
  static func trust(_ service: String) -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","#
      + #""Principal":{"Service":"\#(service)"}}]}"#
  }
}
