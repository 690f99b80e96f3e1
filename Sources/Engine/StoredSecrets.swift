import Document
import TrueupCore

/// Reads the secrets that dynamic references name, for a step that has to write them. They live in memory
/// and in that step's requests, nowhere else.
struct StoredSecrets {
  /// Why a secret cannot be used, without its value.
  struct Unreadable: Error {
    var message: String
  }

  let cloud: any Cloud
  /// For whom they are read.
  let client: String?

  /// The values of all stored secrets in what is to be written.
  ///
  /// - Parameters:
  ///   - account, region: where the step is made. Another account's or region's secret is named by its
  ///     ARN.
  func values(of written: [Value], account: String, region: String)
    async throws(Unreadable) -> [SecretReference: String]
  {
    var values: [SecretReference: String] = [:]
    for reference in Set(written.flatMap(\.secrets)) {
      guard let secret = reference.stored else { continue }
      let parts = secret.id.split(separator: ":", omittingEmptySubsequences: false)
      let place = CallTarget(
        account: account, region: parts.count == 7 ? String(parts[3]) : region, client: client)
      let reply = await cloud.perform(Self.read(secret), in: place)
      if case .failure(let failure) = reply { throw Unreadable(message: failure.message) }
      guard let text = reply.output?["SecretString"]?.string else {
        throw Unreadable(
          message: "\(reference.parameter): there is no such secret, or it is binary")
      }
      guard let value = secret.value(in: text) else {
        throw Unreadable(
          message: "\(reference.parameter): the secret is no JSON object with a member "
            + "\(secret.key ?? "")")
      }
      values[reference] = value
    }
    return values
  }

  /// Source: Secrets Manager API reference, GetSecretValue. What was made a moment ago may not be there.
  private static func read(_ secret: StoredSecret) -> Call {
    var input: [String: Document] = ["SecretId": .string(secret.id)]
    input["VersionStage"] = secret.stage.map(Document.string)
    input["VersionId"] = secret.version.map(Document.string)
    return Call("secretsmanager", "GetSecretValue", .object(input))
  }
}
