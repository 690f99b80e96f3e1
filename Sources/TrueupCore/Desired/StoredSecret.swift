import Document

/// A secret that Secrets Manager keeps, named by a dynamic reference:
/// `{{resolve:secretsmanager:secret-id:SecretString:json-key:version-stage:version-id}}`, of which all
/// after the id may be left out. The id is a name or an ARN. It is read only where it has to be
/// written.
/// Source: CloudFormation User Guide, "Get a secret or secret value from Secrets Manager".
public struct StoredSecret: Hashable, Sendable {
  public var id: String
  /// The member of the JSON object that the secret holds; `nil` for all of the secret.
  public var key: String?
  public var stage: String?
  public var version: String?

  static let opening = "{{resolve:"

  /// - Parameter text: what stands between the braces, or all of it.
  /// - Returns: `nil` where the text is no reference to a secret.
  public init?(_ text: String) {
    var text = text
    if text.hasPrefix(Self.opening), text.hasSuffix("}}") {
      text = String(text.dropFirst(Self.opening.count).dropLast(2))
    }
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts.removeFirst() == "secretsmanager" else { return nil }
    // arn:aws:secretsmanager:region:account:secret:name
    let length = parts.first == "arn" ? 7 : 1
    guard parts.count >= length else { return nil }
    id = parts[..<length].joined(separator: ":")
    let rest = parts[length...].map { $0.isEmpty ? nil : $0 }
    guard !id.isEmpty, rest.count <= 4, (rest.first ?? nil) ?? "SecretString" == "SecretString"
    else { return nil }
    func part(_ index: Int) -> String? { rest.count > index ? rest[index] : nil }
    (key, stage, version) = (part(1), part(2), part(3))
    if stage != nil, version != nil { return nil }
  }

  /// The value in what Secrets Manager keeps as the secret.
  ///
  /// - Returns: `nil` where the secret is no JSON object with that member.
  public func value(in secret: String) -> String? {
    guard let key else { return secret }
    return (try? JSON.read(secret))?[key]?.scalarText
  }
}

extension SecretReference {
  /// - Parameter resolve: the dynamic reference without its braces, `secretsmanager:id`.
  init(stack: String, resolve: String) {
    self.init(stack: stack, parameter: StoredSecret.opening + resolve + "}}")
  }

  /// The secret that Secrets Manager keeps; `nil` for a `NoEcho` parameter.
  public var stored: StoredSecret? {
    parameter.hasPrefix(StoredSecret.opening) ? StoredSecret(parameter) : nil
  }
}
