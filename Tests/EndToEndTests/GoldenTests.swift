import XCTest

/// Transcripts of what people read.
final class GoldenTests: EndToEndTestCase {
  private let blueprint = "desired-state/blueprints/base.jsonc"
  private let acme = "desired-state/clients/acme-prod.jsonc"

  func testAFirstApplyAfterWhichNothingIsToDo() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try assertTranscript(
      "first-apply", workspace,
      [
        ["plan"], ["apply", "--yes", "--parallelism", "1"], ["plan"], ["drift"],
        ["apply", "--yes"],
      ])
  }

  func testDrift() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try converge(workspace)
    try endpoint.aws(
      "ec2", "authorize_security_group_ingress",
      [
        "GroupId": physicalID("FrontSecurityGroup"), "IpProtocol": "tcp", "FromPort": 22,
        "ToPort": 22, "CidrIp": "0.0.0.0/0",
      ])
    try endpoint.aws("logs", "delete_log_group", ["logGroupName": physicalID("AppLogs")])
    try endpoint.aws("s3", "delete_public_access_block", ["Bucket": physicalID("Assets")])
    try assertTranscript(
      "drift", workspace, [["drift"], ["apply", "--yes", "--parallelism", "1"], ["drift"]])
  }

  func testAReplacementWithItsCascade() throws {
    let workspace = try workspace(Fixtures.network, parameters: #""VpcCidr": "10.1.0.0/16""#)
    try converge(workspace)
    try workspace.edit(acme, "10.1.0.0/16", "10.8.0.0/16")
    try workspace.commit("Another range")
    try assertTranscript(
      "replacement", workspace,
      [
        ["plan"], ["apply", "--yes"],
        ["apply", "--yes", "--allow-replaces", "3", "--parallelism", "1"],
      ])
  }

  func testABlockedCollision() throws {
    let workspace = try workspace(
      """
          "Logs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": { "LogGroupName": "/taken", "RetentionInDays": 30 }
          }
      """)
    try endpoint.aws("logs", "create_log_group", ["logGroupName": "/taken"])
    try assertTranscript("blocked", workspace, [["plan"], ["apply", "--yes"]])
  }

  func testAccessDeniedInMidApply() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try endpoint.configure(["deny": [["service": "iam", "operation": "CreateRole"]]])
    try assertTranscript(
      "access-denied", workspace,
      [["apply", "--yes", "--client", "acme", "--parallelism", "1"]])
  }

  func testOneOfThreeClientsFails() throws {
    let workspace = try workspace(Fixtures.logs)
    for client in ["beta", "gamma"] {
      try workspace.write(
        "desired-state/clients/\(client)-prod.jsonc", Fixtures.manifest(client))
    }
    try workspace.commit("Three clients")
    try endpoint.configure([
      "deny": [["service": "logs", "operation": "CreateLogGroup", "resource": "beta-prod"]]
    ])
    try assertTranscript(
      "one-of-three-fails", workspace, [["apply", "--yes", "--parallelism", "1"]])
  }

  func testErrorsInFiles() throws {
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.edit(blueprint, "\"EnableDnsHostnames\"", "\"EnableDnsHostname\"")
    try workspace.edit("desired-state/clients/zeta-dev.jsonc", "10.2.0.0/16", "10.1.0.0/16")
    try assertTranscript("errors-in-files", workspace, [["validate"]])
  }

  func testHelp() throws {
    let workspace = try Workspace(try endpoint)
    try assertTranscript(
      "help", workspace, [["--help"], ["plan", "--help"], ["apply", "--help"]])
  }

  /// Each command as it is typed, what it prints and its exit code.
  private func assertTranscript(
    _ name: String, _ workspace: Workspace, _ commands: [[String]],
    file: StaticString = #filePath, line: UInt = #line
  ) throws {
    var transcript = ""
    for command in commands {
      let finished = try workspace.start(command).finish()
      transcript += "$ trueup \(command.joined(separator: " "))\n" + finished.output
      transcript += finished.errors
      transcript += "exit \(finished.code)\n\n"
    }
    try Golden.assertMatches(
      transcript, name, replacing: [(workspace.root.path, "WORKSPACE")], file: file, line: line)
  }
}
