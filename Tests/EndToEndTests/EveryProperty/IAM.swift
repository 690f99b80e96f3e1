/// IAM: all properties, in all forms.
extension EveryProperty {
  /// A role with everything.
  static let role = """
    "Role": {
      "Type": "AWS::IAM::Role",
      "Properties": {
        "RoleName": "a-declared-name",
        "Path": "/trueup/acme/",
        "Description": "All properties of a role",
        "MaxSessionDuration": 7200,
        "PermissionsBoundary": "arn:aws:iam::aws:policy/PowerUserAccess",
        "AssumeRolePolicyDocument": {
          "Version": "2012-10-17",
          "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": { "Ref": "AWS::AccountId" } },
            "Action": ["sts:TagSession", "sts:AssumeRole"]
          }
        },
        "ManagedPolicyArns": [
          "arn:aws:iam::aws:policy/ReadOnlyAccess",
          "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
        ],
        "Policies": [
          {
            "PolicyName": "one",
            "PolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                { "Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" },
                { "Effect": "Deny", "Action": ["s3:Put*", "s3:Delete*"],
                  "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::a"],
                  "Condition": { "Bool": { "aws:SecureTransport": "false" } } }
              ]
            }
          },
          {
            "PolicyName": "two",
            "PolicyDocument": {
              "Version": "2012-10-17",
              "Statement": [
                { "Effect": "Allow", "Action": "logs:*", "Resource": "*" }
              ]
            }
          }
        ],
        "Tags": [{ "Key": "Name", "Value": "role" }]
      }
    }
    """
}
