/// CloudWatch Logs: all properties, in all forms.
extension EveryProperty {
  /// A log group with everything, and one of the other class.
  static let logGroup = """
    "Logs": {
      "Type": "AWS::Logs::LogGroup",
      "Properties": {
        "LogGroupName": "/a/declared/name",
        "LogGroupClass": "STANDARD",
        "RetentionInDays": 90,
        "KmsKeyId": "\(key)",
        "DeletionProtectionEnabled": true,
        "BearerTokenAuthenticationEnabled": true,
        "FieldIndexPolicies": [{ "Fields": ["RequestId", "TransactionId"] }],
        "DataProtectionPolicy": {
          "Name": "mask", "Version": "2021-06-01",
          "Statement": [
            { "Sid": "audit",
              "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
              "Operation": { "Audit": { "FindingsDestination": {} } } },
            { "Sid": "redact",
              "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
              "Operation": { "Deidentify": { "MaskConfig": {} } } }
          ]
        },
        "ResourcePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*",
              "Principal": { "Service": "delivery.logs.amazonaws.com" } }
          ]
        },
        "Tags": [{ "Key": "Name", "Value": "logs" }]
      }
    },
    "Rare": {
      "Type": "AWS::Logs::LogGroup",
      "Properties": { "LogGroupClass": "INFREQUENT_ACCESS" }
    }
    """
}
