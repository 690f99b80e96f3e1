import Document
import TrueupCore

/// A value to write, and the id of the version that is to hold it.
struct SecretValue {
  var text: String
  var version: String

  /// A value that Secrets Manager makes up.
  /// Source: CloudFormation's AWS::SecretsManager::Secret GenerateSecretString; GetRandomPassword.
  static func generated(
    _ settings: Document, salt: String, nonce: String, _ calls: inout CallSequence
  ) throws(CallSequence.Pause) -> SecretValue {
    let members = settings.members(named: [
      "ExcludeCharacters", "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation",
      "ExcludeUppercase", "IncludeSpace", "PasswordLength", "RequireEachIncludedType",
    ])
    let made = try calls.make(Call("secretsmanager", "GetRandomPassword", .members(members)))
    guard let password = made.output?["RandomPassword"]?.string else {
      throw .failed("GetRandomPassword answered without a password")
    }
    let version =
      SecretVersions.proof(ofSettings: settings, salt: salt) + String(nonce.suffix(32))
    switch (settings["SecretStringTemplate"]?.parsedJSON, settings["GenerateStringKey"]?.string) {
    case (nil, nil):
      return SecretValue(text: password, version: version)
    case (.object(var template)?, let key?):
      template[key] = .string(password)
      return SecretValue(text: Document.object(template).json(), version: version)
    default:
      throw .failed(
        "GenerateSecretString needs SecretStringTemplate, the text of a JSON object, together with "
          + "GenerateStringKey")
    }
  }
}
