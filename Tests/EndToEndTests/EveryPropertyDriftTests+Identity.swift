import XCTest

/// Policies, keys and who may use them.
extension EveryPropertyDriftTests {
  static func allow(_ action: String) -> String {
    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"\#(action)","Resource":"*"}]}"#
  }

  func testPolicies() throws {
    let workspace = try applied(try EveryProperty.policiesWithHolders(self))
    let managed = "arn:aws:iam::123456789012:policy/trueup/a-declared-policy"
    try assertMended(
      workspace, "Managed", "AWS::IAM::ManagedPolicy",
      [
        Case(
          "PolicyDocument", "iam", "create_policy_version",
          ["PolicyArn": managed, "PolicyDocument": Self.allow("*"), "SetAsDefault": true]),
        Case(
          "Roles", "iam", "detach_role_policy",
          ["PolicyArn": managed, "RoleName": "acme-second"]),
        Case("Users", "iam", "detach_user_policy", ["PolicyArn": managed, "UserName": "alice"]),
        Case(
          "Groups", "iam", "detach_group_policy",
          ["PolicyArn": managed, "GroupName": "operators"]),
      ])
    try assertMended(
      workspace, "Inline", "AWS::IAM::Policy",
      [
        Case(
          "PolicyDocument", "iam", "put_role_policy",
          [
            "RoleName": "acme-first", "PolicyName": "everywhere",
            "PolicyDocument": Self.allow("*"),
          ]),
        Case(
          "Roles", "iam", "delete_role_policy",
          ["RoleName": "acme-second", "PolicyName": "everywhere"]),
        Case(
          "Users", "iam", "delete_user_policy", ["UserName": "alice", "PolicyName": "everywhere"]),
        Case(
          "Groups", "iam", "delete_group_policy",
          ["GroupName": "operators", "PolicyName": "everywhere"]),
      ])
    try assertMended(
      workspace, "RolePolicy", "AWS::IAM::RolePolicy",
      [
        Case(
          "PolicyDocument", "iam", "put_role_policy",
          ["RoleName": "acme-first", "PolicyName": "alone", "PolicyDocument": Self.allow("*")])
      ])
    try assertMended(
      workspace, "Profile", "AWS::IAM::InstanceProfile",
      [
        Case(
          "Roles", "iam", "remove_role_from_instance_profile",
          ["InstanceProfileName": "a-declared-profile", "RoleName": "acme-first"])
      ])
    let provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.example.com/acme"
    try assertMended(
      workspace, "Provider", "AWS::IAM::OIDCProvider",
      [
        Case(
          "ClientIdList", "iam", "add_client_id_to_open_id_connect_provider",
          ["OpenIDConnectProviderArn": provider, "ClientID": "by-hand"]),
        Case(
          "ThumbprintList", "iam", "update_open_id_connect_provider_thumbprint",
          [
            "OpenIDConnectProviderArn": provider,
            "ThumbprintList": [String(repeating: "a", count: 40)],
          ]),
        Case(
          "Tags", "iam", "tag_open_id_connect_provider",
          [
            "OpenIDConnectProviderArn": provider, "Tags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
  }

  func testBucketPolicy() throws {
    let workspace = try applied(EveryProperty.bucketPolicy)
    try assertMended(
      workspace, "BucketPolicy", "AWS::S3::BucketPolicy",
      [
        Case(
          "PolicyDocument", "s3", "put_bucket_policy",
          [
            "Bucket": try physicalID("Bucket"),
            "Policy":
              #"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::a/*"}]}"#,
          ])
      ])
  }

  func testKeys() throws {
    let workspace = try applied(EveryProperty.keys)
    let id = try physicalID("Key")
    func change(_ property: String, _ operation: String, _ input: [String: Any] = [:]) -> Case {
      Case(property, "kms", operation, input.merging(["KeyId": id]) { $1 })
    }
    try assertMended(
      workspace, "Key", "AWS::KMS::Key",
      [
        change("Description", "update_key_description", ["Description": "by hand"]),
        change(
          "KeyPolicy", "put_key_policy",
          [
            "PolicyName": "default",
            "Policy":
              #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:*","Resource":"*"}]}"#,
          ]),
        change("Enabled", "enable_key"),
        change("RotationPeriodInDays", "enable_key_rotation", ["RotationPeriodInDays": 90]),
        change("EnableKeyRotation", "disable_key_rotation"),
        change(
          "PendingWindowInDays", "tag_resource",
          ["Tags": [["TagKey": "trueup:pending-window", "TagValue": "30"]]]),
        change("Tags", "tag_resource", ["Tags": [["TagKey": "Name", "TagValue": "by hand"]]]),
      ])
    try assertMended(
      workspace, "Alias", "AWS::KMS::Alias",
      [
        Case(
          "TargetKeyId", "kms", "update_alias",
          ["AliasName": "alias/acme/key", "TargetKeyId": try physicalID("Signing")])
      ])
  }

  func testSecrets() throws {
    let workspace = try applied(EveryProperty.secrets)
    func change(_ property: String, _ operation: String, _ input: [String: Any]) -> Case {
      Case(
        property, "secretsmanager", operation,
        input.merging(["SecretId": "acme/a-declared-secret"]) { $1 })
    }
    try assertMended(
      workspace, "Secret", "AWS::SecretsManager::Secret",
      [
        change("Description", "update_secret", ["Description": "by hand"]),
        change("KmsKeyId", "update_secret", ["KmsKeyId": "alias/by-hand"]),
        change("Type", "update_secret", ["Type": "another-partner"]),
        change("SecretString", "put_secret_value", ["SecretString": "by hand"]),
        change(
          "ReplicaRegions", "remove_regions_from_replication",
          ["RemoveReplicaRegions": ["eu-west-1"]]),
        change(
          "ReplicaRegions", "replicate_secret_to_regions",
          ["AddReplicaRegions": [["Region": "eu-central-1"]]]),
        change("Tags", "tag_resource", ["Tags": [["Key": "Name", "Value": "by hand"]]]),
      ])
  }
}
