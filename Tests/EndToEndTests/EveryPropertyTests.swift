import XCTest

/// For every kind, with every supported property set to something else than its default: after an
/// apply there is nothing to do, with and without a journal.
final class EveryPropertyTests: EndToEndTestCase {
  func testVPC() throws {
    try assertConverges(
      """
          "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
              "CidrBlock": "10.1.0.0/16",
              "EnableDnsSupport": true,
              "EnableDnsHostnames": true,
              "InstanceTenancy": "dedicated",
              "Tags": [{ "Key": "Name", "Value": "a name, with: punctuation / and = signs" }]
            }
          },
          "Quiet": {
            "Type": "AWS::EC2::VPC",
            "Properties": { "CidrBlock": "10.2.0.0/16", "EnableDnsSupport": false }
          }
      """)
  }

  func testSubnet() throws {
    let vpc = """
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } }
      """
    let workspace = try workspace(vpc)
    try converge(workspace)
    // The type of the VPC has no IPv6 range of its own; somebody else gives it one.
    let range = try endpoint.aws(
      "ec2", "associate_vpc_cidr_block",
      ["VpcId": physicalID("Vpc"), "AmazonProvidedIpv6CidrBlock": true])
    let block = try XCTUnwrap(range["Ipv6CidrBlockAssociation"]["Ipv6CidrBlock"].string)
    try workspace.write(
      "desired-state/blueprints/base.jsonc",
      Fixtures.blueprint(
        vpc + """
          ,
              "Subnet": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {
                  "VpcId": { "Ref": "Vpc" },
                  "CidrBlock": "10.1.4.0/24",
                  "AvailabilityZone": "us-east-1b",
                  "Ipv6CidrBlock": "\(block.replacingOccurrences(of: "/56", with: "/64"))",
                  "AssignIpv6AddressOnCreation": true,
                  "MapPublicIpOnLaunch": true,
                  "EnableDns64": true,
                  "EnableLniAtDeviceIndex": 1,
                  "PrivateDnsNameOptionsOnLaunch": {
                    "HostnameType": "resource-name",
                    "EnableResourceNameDnsARecord": true,
                    "EnableResourceNameDnsAAAARecord": true
                  },
                  "Tags": [{ "Key": "Name", "Value": "b" }]
                }
              },
              "ByZoneId": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {
                  "VpcId": { "Ref": "Vpc" },
                  "CidrBlock": "10.1.5.0/24",
                  "AvailabilityZoneId": "use1-az1"
                }
              }
          """))
    try workspace.commit("Subnets")
    try converge(workspace)
    try assertInSyncWithoutJournal(workspace)
  }

  func testSecurityGroup() throws {
    try assertConverges(
      """
          "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
          "Peer": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": { "GroupDescription": "A peer", "VpcId": { "Ref": "Vpc" } }
          },
          "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
              "GroupName": "a-declared-name",
              "GroupDescription": "All forms of a rule",
              "VpcId": { "Ref": "Vpc" },
              "SecurityGroupIngress": [
                { "IpProtocol": "tcp", "FromPort": 80, "ToPort": 81, "CidrIp": "10.0.0.0/8" },
                { "IpProtocol": "6", "FromPort": 22, "ToPort": 22, "CidrIp": "10.0.0.1/32",
                  "Description": "by number" },
                { "IpProtocol": "udp", "FromPort": 53, "ToPort": 53,
                  "CidrIpv6": "2001:0db8:0:0::/32" },
                { "IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "CidrIp": "0.0.0.0/0" },
                { "IpProtocol": "-1",
                  "SourceSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] },
                  "Description": "the peer" },
                { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                  "SourcePrefixListId": "pl-0123456789abcdef0", "Description": "a list" }
              ],
              "SecurityGroupEgress": [
                { "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432,
                  "DestinationSecurityGroupId": { "Fn::GetAtt": ["Peer", "GroupId"] } },
                { "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
                  "DestinationPrefixListId": "pl-0123456789abcdef0" },
                { "IpProtocol": "50", "CidrIp": "192.0.2.0/24", "FromPort": -1, "ToPort": -1 }
              ],
              "Tags": [{ "Key": "Name", "Value": "group" }]
            }
          },
          "NoEgress": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
              "GroupDescription": "Loopback only is the custom for none",
              "VpcId": { "Ref": "Vpc" },
              "SecurityGroupEgress": [{ "IpProtocol": "-1", "CidrIp": "127.0.0.1/32" }]
            }
          }
      """)
  }

  func testRole() throws {
    try assertConverges(
      """
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
      """)
  }

  func testLogGroup() throws {
    try endpoint.aws("kms", "create_key")
    try assertConverges(
      """
          "Logs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
              "LogGroupName": "/a/declared/name",
              "LogGroupClass": "STANDARD",
              "RetentionInDays": 90,
              "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/0d2b5f3a-1111-2222-3333-444455556666",
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
      """)
  }

  func testBucketSafetyAndLifecycle() throws {
    try assertConverges(
      """
          "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
              "BucketName": "a-declared-bucket-name",
              "AbacStatus": "Enabled",
              "AccelerateConfiguration": { "AccelerationStatus": "Enabled" },
              "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                  { "BucketKeyEnabled": true,
                    "ServerSideEncryptionByDefault": {
                      "SSEAlgorithm": "aws:kms",
                      "KMSMasterKeyID": "arn:aws:kms:us-east-1:123456789012:key/0d2b5f3a-1111-2222-3333-444455556666"
                    } }
                ]
              },
              "LifecycleConfiguration": {
                "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
                "Rules": [
                  { "Id": "age", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 365,
                    "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 3 },
                    "NoncurrentVersionExpiration": {
                      "NoncurrentDays": 30, "NewerNoncurrentVersions": 2 },
                    "NoncurrentVersionTransitions": [
                      { "StorageClass": "GLACIER", "TransitionInDays": 10 }
                    ],
                    "Transitions": [
                      { "StorageClass": "STANDARD_IA", "TransitionInDays": 30 },
                      { "StorageClass": "GLACIER", "TransitionInDays": 90 }
                    ] },
                  { "Id": "tagged", "Status": "Disabled", "ExpirationInDays": 7,
                    "ObjectSizeGreaterThan": "100", "ObjectSizeLessThan": "100000",
                    "TagFilters": [{ "Key": "temporary", "Value": "yes" }] },
                  { "Id": "markers", "Status": "Enabled", "ExpiredObjectDeleteMarker": true }
                ]
              },
              "ObjectLockEnabled": true,
              "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": { "DefaultRetention": { "Mode": "GOVERNANCE", "Days": 3 } }
              },
              "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerPreferred" }] },
              "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": true, "BlockPublicPolicy": false,
                "IgnorePublicAcls": true, "RestrictPublicBuckets": false
              },
              "VersioningConfiguration": { "Status": "Enabled" },
              "Tags": [{ "Key": "Name", "Value": "bucket" }]
            }
          }
      """)
  }

  func testBucketReportsAndCopies() throws {
    try assertConverges(
      """
          "Target": {
            "Type": "AWS::S3::Bucket",
            "Properties": { "VersioningConfiguration": { "Status": "Enabled" } }
          },
          "Replicator": {
            "Type": "AWS::IAM::Role",
            "Properties": {
              "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                  { "Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": { "Service": "s3.amazonaws.com" } }
                ]
              }
            }
          },
          "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
              "AnalyticsConfigurations": [
                { "Id": "usage", "Prefix": "a/",
                  "StorageClassAnalysis": {
                    "DataExport": {
                      "OutputSchemaVersion": "V_1",
                      "Destination": {
                        "Format": "CSV", "BucketArn": { "Fn::GetAtt": ["Target", "Arn"] },
                        "Prefix": "analytics/" }
                    }
                  } }
              ],
              "CorsConfiguration": {
                "CorsRules": [
                  { "Id": "web", "AllowedMethods": ["GET", "HEAD"], "MaxAge": 300,
                    "AllowedOrigins": ["https://example.com"], "AllowedHeaders": ["*"],
                    "ExposedHeaders": ["ETag"] }
                ]
              },
              "IntelligentTieringConfigurations": [
                { "Id": "cold", "Status": "Enabled", "Prefix": "c/",
                  "Tierings": [{ "AccessTier": "ARCHIVE_ACCESS", "Days": 90 }] }
              ],
              "InventoryConfigurations": [
                { "Id": "all", "Enabled": true, "IncludedObjectVersions": "All",
                  "ScheduleFrequency": "Weekly", "OptionalFields": ["Size", "ETag"],
                  "Prefix": "i/",
                  "Destination": {
                    "Format": "Parquet", "BucketArn": { "Fn::GetAtt": ["Target", "Arn"] } } }
              ],
              "LoggingConfiguration": {
                "DestinationBucketName": { "Ref": "Target" }, "LogFilePrefix": "access/" },
              "MetricsConfigurations": [{ "Id": "whole" }, { "Id": "part", "Prefix": "p/" }],
              "NotificationConfiguration": {
                "EventBridgeConfiguration": { "EventBridgeEnabled": true },
                "QueueConfigurations": [
                  { "Event": "s3:ObjectCreated:*",
                    "Queue": "arn:aws:sqs:us-east-1:123456789012:queue",
                    "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": "in/" }] } } }
                ],
                "TopicConfigurations": [
                  { "Event": "s3:ObjectRemoved:*",
                    "Topic": "arn:aws:sns:us-east-1:123456789012:topic" }
                ]
              },
              "ReplicationConfiguration": {
                "Role": { "Fn::GetAtt": ["Replicator", "Arn"] },
                "Rules": [
                  { "Id": "copy", "Status": "Enabled", "Priority": 1,
                    "Filter": { "Prefix": "r/" },
                    "DeleteMarkerReplication": { "Status": "Disabled" },
                    "Destination": {
                      "Bucket": { "Fn::GetAtt": ["Target", "Arn"] },
                      "StorageClass": "STANDARD_IA" } }
                ]
              },
              "VersioningConfiguration": { "Status": "Enabled" },
              "WebsiteConfiguration": {
                "IndexDocument": "index.html", "ErrorDocument": "error.html",
                "RoutingRules": [
                  { "RoutingRuleCondition": { "KeyPrefixEquals": "old/" },
                    "RedirectRule": { "ReplaceKeyPrefixWith": "new/", "HttpRedirectCode": "301" } }
                ]
              }
            }
          }
      """)
  }

  private func assertConverges(_ resources: String) throws {
    let workspace = try workspace(resources)
    let validated = try workspace.trueup("validate")
    XCTAssertEqual(validated.code, 0, validated.everything)
    try converge(workspace)
    try assertInSyncWithoutJournal(workspace)
  }

  private func assertInSyncWithoutJournal(_ workspace: Workspace) throws {
    try workspace.remove(".trueup")
    try assertInSync(workspace)
  }
}
