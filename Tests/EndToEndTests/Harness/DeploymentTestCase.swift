import Foundation
import XCTest

/// A test of clients with one service each, whose deployments go as the tags of their images say
/// (`Scripts/endpoint/gaps/ecs_courses.py`).
class DeploymentTestCase: EndToEndTestCase {
  override func setUpWithError() throws {
    try super.setUpWithError()
    try endpoint.configure(["noted": false])
  }

  /// A workspace with these clients, with the parameters of each.
  func deployable(clients: [String], parameters: String = #""Image": "bot:1""#) throws -> Workspace
  {
    let vpc = try endpoint.aws("ec2", "create_vpc", ["CidrBlock": "10.9.0.0/16"])
    let subnet = try endpoint.aws(
      "ec2", "create_subnet",
      ["VpcId": vpc["Vpc"]["VpcId"].string ?? "", "CidrBlock": "10.9.0.0/24"])
    let workspace = try Workspace(try endpoint)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Self.blueprint(subnet: subnet["Subnet"]["SubnetId"].string ?? ""))
    for client in clients {
      try workspace.write(
        "desired-state/clients/\(client)-prod.jsonc",
        Fixtures.manifest(client, parameters: parameters))
    }
    try workspace.commit("The desired state")
    return workspace
  }

  private static func blueprint(subnet: String) -> String {
    """
    {
      "Parameters": {
        "Image": { "Type": "String", "Default": "bot:1" },
        "Count": { "Type": "Number", "Default": 1 },
        "Provider": { "Type": "String", "Default": "FARGATE" },
        "Breaker": { "Type": "String", "Default": "yes" }
      },
      "Conditions": {
        "Breaks": { "Fn::Equals": [{ "Ref": "Breaker" }, "yes"] }
      },
      "Resources": {
        "Cluster": {
          "Type": "AWS::ECS::Cluster",
          "Properties": { "CapacityProviders": ["FARGATE", "FARGATE_SPOT"] }
        },
        "Task": {
          "Type": "AWS::ECS::TaskDefinition",
          "Properties": {
            "Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "ContainerDefinitions": [{ "Name": "bot", "Image": { "Ref": "Image" } }]
          }
        },
        "Service": {
          "Type": "AWS::ECS::Service",
          "Properties": {
            "Cluster": { "Ref": "Cluster" }, "TaskDefinition": { "Ref": "Task" },
            "DesiredCount": { "Ref": "Count" },
            "CapacityProviderStrategy": [{ "CapacityProvider": { "Ref": "Provider" }, "Weight": 1 }],
            "NetworkConfiguration": { "AwsvpcConfiguration": { "Subnets": ["\(subnet)"] } },
            "DeploymentConfiguration": {
              "DeploymentCircuitBreaker": {
                "Enable": { "Fn::If": ["Breaks", true, false] },
                "Rollback": { "Fn::If": ["Breaks", true, false] }
              },
              "Alarms": { "AlarmNames": ["errors"], "Enable": true, "Rollback": true }
            }
          }
        }
      },
      "Outputs": { "Image": { "Value": { "Ref": "Image" } } }
    }
    """
  }

  /// The calls that change something since the last `forgetCalls`.
  func mutations() throws -> [String] {
    try endpoint.calls().filter { $0["mutating"].bool == true }
      .compactMap { $0["operation"].string }
  }

  /// Starts an apply for a client, and kills it once its deployment is under way.
  func killInMidRollout(_ workspace: Workspace, client: String) throws {
    let running = try workspace.start(["apply", "--yes", "--client", client])
    while running.isRunning {
      let calls = try endpoint.calls().compactMap { $0["operation"].string }
      if let update = calls.lastIndex(of: "UpdateService"),
        calls[update...].contains("ListServiceDeployments")
      {
        break
      }
      usleep(20_000)
    }
    running.kill9()
    let finished = try running.finish()
    XCTAssertNotEqual(finished.code, 0, "it was killed: \(finished.everything)")
  }
}
