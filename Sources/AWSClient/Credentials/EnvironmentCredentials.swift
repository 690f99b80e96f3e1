/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`. An empty variable counts as
/// absent, as in AWS's SDKs.
public struct EnvironmentCredentials: CredentialsProvider {
  private let environment: [String: String]

  public init(_ environment: [String: String]) { self.environment = environment }

  /// Throws `noCredentials` without a key id, `configuration` with a key id and no secret.
  public func credentials() async throws(AWSError) -> Credentials {
    let set = environment.filter { !$0.value.isEmpty }
    guard let key = set["AWS_ACCESS_KEY_ID"] else {
      throw .noCredentials(tried: ["environment: AWS_ACCESS_KEY_ID is not set"])
    }
    guard let secret = set["AWS_SECRET_ACCESS_KEY"] else {
      throw .configuration(
        place: "AWS_SECRET_ACCESS_KEY", reason: "is not set, though AWS_ACCESS_KEY_ID is")
    }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: set["AWS_SESSION_TOKEN"])
  }
}
