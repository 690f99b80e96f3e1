/// The policies of IAM, its instance profiles and identity providers: all properties.
extension EveryProperty {
  private static func role(_ name: String) -> String {
    """
    "\(name)": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "RoleName": "acme-\(name.lowercased())",
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "sts:AssumeRole",
              "Principal": { "Service": "ec2.amazonaws.com" } }
          ]
        }
      }
    }
    """
  }

  private static func document(_ action: String) -> String {
    """
    { "Version": "2012-10-17",
      "Statement": { "Effect": "Allow", "Action": ["\(action)"], "Resource": "*" } }
    """
  }

  /// Policies of all sorts on two roles, a user and a group; the latter are made by hand.
  static let policies = """
    \(role("First")), \(role("Second")),
    "Managed": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": {
        "ManagedPolicyName": "a-declared-policy",
        "Path": "/trueup/",
        "Description": "All properties of a policy",
        "PolicyDocument": \(document("s3:GetObject")),
        "Roles": [{ "Ref": "First" }, { "Ref": "Second" }],
        "Users": ["alice"],
        "Groups": ["operators"]
      }
    },
    "Generated": {
      "Type": "AWS::IAM::ManagedPolicy",
      "Properties": { "PolicyDocument": \(document("s3:PutObject")) }
    },
    "Inline": {
      "Type": "AWS::IAM::Policy",
      "Properties": {
        "PolicyName": "everywhere",
        "PolicyDocument": \(document("sqs:SendMessage")),
        "Roles": [{ "Ref": "Second" }, { "Ref": "First" }],
        "Users": ["alice"],
        "Groups": ["operators"]
      }
    },
    "OfFirst": {
      "Type": "AWS::IAM::Policy",
      "Properties": {
        "PolicyName": "same", "PolicyDocument": \(document("sns:Publish")),
        "Roles": [{ "Ref": "First" }]
      }
    },
    "OfSecond": {
      "Type": "AWS::IAM::Policy",
      "Properties": {
        "PolicyName": "same", "PolicyDocument": \(document("sns:Publish")),
        "Roles": [{ "Ref": "Second" }]
      }
    },
    "RolePolicy": {
      "Type": "AWS::IAM::RolePolicy",
      "Properties": {
        "RoleName": { "Ref": "First" },
        "PolicyName": "alone",
        "PolicyDocument": \(document("logs:PutLogEvents"))
      }
    },
    "Profile": {
      "Type": "AWS::IAM::InstanceProfile",
      "Properties": {
        "InstanceProfileName": "a-declared-profile",
        "Path": "/trueup/",
        "Roles": [{ "Ref": "First" }]
      }
    },
    "Provider": {
      "Type": "AWS::IAM::OIDCProvider",
      "Properties": {
        "Url": "https://token.actions.example.com/acme",
        "ClientIdList": ["sts.amazonaws.com", "acme"],
        "ThumbprintList": ["6938FD4D98BAB03FAADB97B34396831E3780AEA1"],
        "Tags": [{ "Key": "Name", "Value": "provider" }]
      }
    }
    """

  /// `policies`, with the user and the group that they name.
  static func policiesWithHolders(_ test: EndToEndTestCase) throws -> String {
    try test.endpoint.aws("iam", "create_user", ["UserName": "alice"])
    try test.endpoint.aws("iam", "create_group", ["GroupName": "operators"])
    return policies
  }

  static let bucketPolicy = """
    "Bucket": { "Type": "AWS::S3::Bucket" },
    "BucketPolicy": {
      "Type": "AWS::S3::BucketPolicy",
      "Properties": {
        "Bucket": { "Ref": "Bucket" },
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Deny", "Principal": "*", "Action": "s3:*",
              "Resource": [
                { "Fn::GetAtt": ["Bucket", "Arn"] },
                { "Fn::Sub": "${Bucket.Arn}/*" }
              ],
              "Condition": { "Bool": { "aws:SecureTransport": "false" } } }
          ]
        }
      }
    }
    """
}
