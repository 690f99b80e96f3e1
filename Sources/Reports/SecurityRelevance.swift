import TrueupCore

/// What decides who may reach or do what: such a finding is looked at before all others.
enum SecurityRelevance {
  /// Types that are about nothing else.
  private static let types: Set = [
    "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation", "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", "AWS::IAM::Role", "AWS::IAM::User",
    "AWS::IAM::Group", "AWS::IAM::OIDCProvider", "AWS::IAM::SAMLProvider", "AWS::KMS::Key",
    "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy",
    "AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SecretsManager::ResourcePolicy",
    "AWS::Logs::ResourcePolicy",
  ]

  /// Properties of other types.
  private static let properties: Set = [
    "AccessControl", "BucketEncryption", "EnableKeyRotation", "Encrypted", "KmsKeyId",
    "KmsMasterKeyId", "KMSMasterKeyId", "MapPublicIpOnLaunch", "OwnershipControls",
    "PermissionsBoundary", "PolicyDocument", "PublicAccessBlockConfiguration", "ResourcePolicy",
    "SecurityGroupIds", "SecurityGroups", "SqsManagedSseEnabled",
  ]

  /// Properties of the types above that are not.
  private static let harmless: Set = ["Description", "GroupDescription", "Path", "Tags"]

  static func isRelevant(_ change: Change) -> Bool {
    guard types.contains(change.type) else {
      return change.differences.contains { properties.contains($0.path.property ?? "") }
    }
    return change.action != .update
      || change.differences.contains { !harmless.contains($0.path.property ?? "") }
  }
}

extension Change {
  /// Whether somebody has moved what decides who may reach or do what.
  var isSecurityFinding: Bool {
    switch cause {
    case .drift, .conflict, .unknown, .orphan: SecurityRelevance.isRelevant(self)
    case .new, .pending, .removed: false
    }
  }
}
