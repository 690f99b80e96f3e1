/// KMS: all properties, in all forms.
extension EveryProperty {
  /// A key with everything, one that signs, one whose material is yet to come, and names of them.
  static let keys = """
    "Key": {
      "Type": "AWS::KMS::Key",
      "Properties": {
        "Description": "All properties of a key",
        "Enabled": false,
        "EnableKeyRotation": true,
        "RotationPeriodInDays": 180,
        "PendingWindowInDays": 7,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": true,
        "Origin": "AWS_KMS",
        "BypassPolicyLockoutSafetyCheck": true,
        "KeyPolicy": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Principal": { "AWS": { "Ref": "AWS::AccountId" } },
              "Action": "kms:*", "Resource": "*" },
            { "Effect": "Allow", "Principal": { "Service": "logs.amazonaws.com" },
              "Action": ["kms:Encrypt*", "kms:Decrypt*"], "Resource": "*" }
          ]
        },
        "Tags": [{ "Key": "Name", "Value": "key" }]
      }
    },
    "Signing": {
      "Type": "AWS::KMS::Key",
      "Properties": { "KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY",
        "EnableKeyRotation": false }
    },
    "Imported": {
      "Type": "AWS::KMS::Key",
      "Properties": { "Origin": "EXTERNAL", "Enabled": true }
    },
    "Alias": {
      "Type": "AWS::KMS::Alias",
      "Properties": { "AliasName": "alias/acme/key", "TargetKeyId": { "Ref": "Key" } }
    },
    "AliasByARN": {
      "Type": "AWS::KMS::Alias",
      "Properties": {
        "AliasName": "alias/acme/signing",
        "TargetKeyId": { "Fn::GetAtt": ["Signing", "Arn"] }
      }
    }
    """
}
