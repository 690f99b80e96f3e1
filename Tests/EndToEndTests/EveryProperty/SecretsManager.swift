/// Secrets Manager: all properties, in all forms.
extension EveryProperty {
  /// A secret with a value, and two with generated ones.
  static let secrets = """
    "Secret": {
      "Type": "AWS::SecretsManager::Secret",
      "Properties": {
        "Name": "acme/a-declared-secret",
        "Description": "All properties of a secret",
        "KmsKeyId": "\(key)",
        "SecretString": "{\\"client\\":\\"acme\\"}",
        "Type": "SalesforceClientSecret",
        "ReplicaRegions": [
          { "Region": "eu-west-1" },
          { "Region": "us-west-2", "KmsKeyId": "alias/replicas" }
        ],
        "Tags": [{ "Key": "Name", "Value": "secret" }]
      }
    },
    "Generated": {
      "Type": "AWS::SecretsManager::Secret",
      "Properties": {
        "GenerateSecretString": {
          "ExcludeCharacters": "/@",
          "ExcludeLowercase": false,
          "ExcludeNumbers": false,
          "ExcludePunctuation": true,
          "ExcludeUppercase": false,
          "GenerateStringKey": "password",
          "IncludeSpace": false,
          "PasswordLength": 40,
          "RequireEachIncludedType": true,
          "SecretStringTemplate": "{\\"username\\":\\"admin\\"}"
        }
      }
    },
    "Plain": {
      "Type": "AWS::SecretsManager::Secret",
      "Properties": { "GenerateSecretString": {} }
    }
    """
}
