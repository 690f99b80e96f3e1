import Foundation

/// The AWS CLI, for the few tests that show the main job as a person does it; a run costs about a
/// second, so the others use `Endpoint.aws`.
struct AWSCLI {
  let endpoint: Endpoint

  @discardableResult
  func run(_ arguments: [String]) throws -> String {
    let finished = try Program.run(
      try Paths.tool("aws"), arguments, in: FileManager.default.temporaryDirectory,
      environment: [
        "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "AWS_PAGER": "",
        "AWS_ENDPOINT_URL": endpoint.url, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIA123456789012HAND", "AWS_SECRET_ACCESS_KEY": "test-secret",
        "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
      ])
    guard finished.code == 0 else {
      throw HarnessError("aws \(arguments.joined(separator: " ")): \(finished.everything)")
    }
    return finished.output
  }
}
