import Document

extension Credentials {
  /// The credentials in the output of an operation of STS.
  init(output: Document, of operation: String) throws(AWSError) {
    let found = output["Credentials"]
    guard let key = found?["AccessKeyId"]?.string,
      let secret = found?["SecretAccessKey"]?.string, let token = found?["SessionToken"]?.string,
      let expires = found?["Expiration"].flatMap(WireTimestamp.seconds)
    else {
      throw .malformedReply(
        service: "sts", operation: operation, status: 200,
        reason: "Credentials are missing or incomplete")
    }
    self.init(
      accessKeyID: key, secretAccessKey: secret, sessionToken: token, expiration: expires)
  }

  /// The credentials that a container's endpoint, the instance metadata or a program answers with.
  /// No part of the text gets into an error, because any of it may be secret.
  /// - Parameters:
  ///   - place: where the source is configured, for the error.
  ///   - source: who answered, for the error.
  ///   - token: the name of the session token's member, which a program calls otherwise.
  init(
    json: [UInt8], place: String, source: String, token: String = "Token"
  ) throws(AWSError) {
    let found = try Self.object(json, place: place, source: source)
    guard let key = found["AccessKeyId"]?.string, !key.isEmpty,
      let secret = found["SecretAccessKey"]?.string, !secret.isEmpty
    else {
      throw .configuration(
        place: place, reason: "\(source) answered without AccessKeyId or SecretAccessKey")
    }
    let expiration = found["Expiration"].flatMap { $0.isNull ? nil : $0 }
    let seconds = expiration.flatMap(WireTimestamp.seconds)
    guard (expiration == nil) == (seconds == nil) else {
      throw .configuration(
        place: place, reason: "\(source) answered with an Expiration that is no time")
    }
    self.init(
      accessKeyID: key, secretAccessKey: secret, sessionToken: found[token]?.string,
      expiration: seconds)
  }

  /// The members of an answer in JSON.
  static func object(
    _ json: [UInt8], place: String, source: String
  ) throws(AWSError) -> [String: Document] {
    // What the parser says of a wrong text may quote it.
    guard let members = try? JSON.read(json).object else {
      throw .configuration(place: place, reason: "\(source) answered with no JSON object")
    }
    return members
  }
}
