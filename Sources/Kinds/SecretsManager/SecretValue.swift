import Document
import TrueupCore

/// A value to write, and the id of the version that is to hold it.
struct SecretValue {
  let text: String
  let version: String

  /// The value that a step desires, which Secrets Manager may have to make up; `nil` where none is
  /// declared.
  /// Source: CloudFormation's AWS::SecretsManager::Secret GenerateSecretString; GetRandomPassword.
  init?(_ step: Step, salt: String, _ calls: inout CallSequence) throws(CallSequence.Pause) {
    if let text = step.desired["SecretString"]?.string {
      self.text = text
      version = SecretVersions.id(of: text, salt: salt)
      return
    }
    guard let settings = step.desired["GenerateSecretString"] else { return nil }
    version =
      SecretVersions.proof(ofSettings: settings, salt: salt) + String(step.nonce.suffix(32))
    let members = settings.members(named: [
      "ExcludeCharacters", "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation",
      "ExcludeUppercase", "IncludeSpace", "PasswordLength", "RequireEachIncludedType",
    ])
    let made = try calls.make(Call("secretsmanager", "GetRandomPassword", .members(members)))
    guard let password = made.output?["RandomPassword"]?.string else {
      throw .failed("GetRandomPassword answered without a password")
    }
    switch (settings["SecretStringTemplate"]?.parsedJSON, settings["GenerateStringKey"]?.string) {
    case (nil, nil): text = password
    case (.object(var template)?, let key?):
      template[key] = .string(password)
      text = Document.object(template).json()
    default:
      throw .failed(
        "GenerateSecretString needs SecretStringTemplate, the text of a JSON object, together with "
          + "GenerateStringKey")
    }
  }
}
