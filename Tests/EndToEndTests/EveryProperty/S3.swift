/// S3: all properties, in all forms.
extension EveryProperty {
  /// Who may read, how long it is kept, how it is encrypted.
  static let bucketSafety = """
    "Bucket": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "BucketName": "a-declared-bucket-name",
        "AbacStatus": "Enabled",
        "AccelerateConfiguration": { "AccelerationStatus": "Enabled" },
        "BucketEncryption": {
          "ServerSideEncryptionConfiguration": [
            { "BucketKeyEnabled": true,
                "BlockedEncryptionTypes": { "EncryptionType": ["SSE-C"] },
              "ServerSideEncryptionByDefault": {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": "\(key)"
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
                { "StorageClass": "GLACIER", "TransitionInDays": 10,
                    "NewerNoncurrentVersions": 3 }
              ],
              "Transitions": [
                { "StorageClass": "STANDARD_IA", "TransitionInDays": 30 },
                { "StorageClass": "GLACIER", "TransitionInDays": 90 }
              ] },
            { "Id": "tagged", "Status": "Disabled", "ExpirationInDays": 7,
              "ObjectSizeGreaterThan": "100", "ObjectSizeLessThan": "100000",
              "TagFilters": [{ "Key": "temporary", "Value": "yes" }] },
            { "Id": "markers", "Status": "Enabled", "ExpiredObjectDeleteMarker": true },
              { "Id": "dates", "Status": "Enabled", "Prefix": "d/",
                "ExpirationDate": "2031-01-01T00:00:00.000Z",
                "Transitions": [
                  { "StorageClass": "GLACIER", "TransitionDate": "2030-01-01T00:00:00Z" }
                ] },
              { "Id": "old forms", "Status": "Enabled", "Prefix": "o/",
                "Transition": { "StorageClass": "DEEP_ARCHIVE", "TransitionInDays": 40 },
                "NoncurrentVersionExpirationInDays": 50,
                "NoncurrentVersionTransition": {
                  "StorageClass": "STANDARD_IA", "TransitionInDays": 45,
                  "NewerNoncurrentVersions": 2 } },
              { "Id": "old form with a date", "Status": "Enabled", "Prefix": "p/",
                "Transition": {
                  "StorageClass": "GLACIER_IR", "TransitionDate": "2030-06-01T00:00:00Z" } }
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
    },
    "Years": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "ObjectLockEnabled": true,
        "ObjectLockConfiguration": {
          "ObjectLockEnabled": "Enabled",
          "Rule": { "DefaultRetention": { "Mode": "COMPLIANCE", "Years": 1 } }
        },
        "VersioningConfiguration": { "Status": "Enabled" }
      }
    },
    "Public": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "AccessControl": "PublicRead",
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "ObjectWriter" }] },
        "PublicAccessBlockConfiguration": {
          "BlockPublicAcls": false, "BlockPublicPolicy": false,
          "IgnorePublicAcls": false, "RestrictPublicBuckets": false
        }
      }
    },
    "Regional": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "BucketNamespace": "account-regional",
        "BucketName": { "Fn::Sub": "acme-${AWS::AccountId}-${AWS::Region}-an" }
      }
    }
    """

  /// What is copied, counted, announced and served.
  static let bucketReports = """
    "Target": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "AccessControl": "LogDeliveryWrite",
        "OwnershipControls": { "Rules": [{ "ObjectOwnership": "BucketOwnerPreferred" }] },
        "VersioningConfiguration": { "Status": "Enabled" }
      }
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
          { "Id": "usage", "Prefix": "a/", "TagFilters": [{ "Key": "kind", "Value": "a" }],
            "StorageClassAnalysis": {
              "DataExport": {
                "OutputSchemaVersion": "V_1",
                "Destination": {
                  "Format": "CSV", "BucketArn": { "Fn::GetAtt": ["Target", "Arn"] },
                    "BucketAccountId": { "Ref": "AWS::AccountId" }, "Prefix": "analytics/" }
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
                "TagFilters": [{ "Key": "kind", "Value": "c" }],
            "Tierings": [{ "AccessTier": "ARCHIVE_ACCESS", "Days": 90 }] }
        ],
        "InventoryConfigurations": [
          { "Id": "all", "Enabled": true, "IncludedObjectVersions": "All",
            "ScheduleFrequency": "Weekly", "OptionalFields": ["Size", "ETag"],
            "Prefix": "i/",
            "Destination": {
              "Format": "Parquet", "BucketArn": { "Fn::GetAtt": ["Target", "Arn"] },
                  "BucketAccountId": { "Ref": "AWS::AccountId" }, "Prefix": "inventory/" } }
        ],
        "LoggingConfiguration": {
          "DestinationBucketName": { "Ref": "Target" }, "LogFilePrefix": "access/",
              "TargetObjectKeyFormat": {
                "PartitionedPrefix": { "PartitionDateSource": "EventTime" } } },
        "MetricsConfigurations": [
              { "Id": "whole" },
              { "Id": "part", "Prefix": "p/",
                "TagFilters": [{ "Key": "kind", "Value": "p" }],
                "AccessPointArn": "arn:aws:s3:us-east-1:123456789012:accesspoint/web" }
            ],
        "NotificationConfiguration": {
          "EventBridgeConfiguration": { "EventBridgeEnabled": true },
          "QueueConfigurations": [
            { "Event": "s3:ObjectCreated:*",
              "Queue": "arn:aws:sqs:us-east-1:123456789012:queue",
              "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": "in/" }] } } }
          ],
          "TopicConfigurations": [
            { "Event": "s3:ObjectRemoved:*",
              "Topic": "arn:aws:sns:us-east-1:123456789012:topic",
              "Filter": { "S3Key": { "Rules": [{ "Name": "suffix", "Value": ".gone" }] } } }
          ],
          "LambdaConfigurations": [
            { "Event": "s3:ObjectRestore:*",
              "Function": "arn:aws:lambda:us-east-1:123456789012:function:restored",
              "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": "l/" }] } } }
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
                "StorageClass": "STANDARD_IA" } },
            { "Id": "encrypted", "Status": "Enabled", "Priority": 2,
              "Filter": {
                "And": { "Prefix": "e/", "TagFilters": [{ "Key": "kind", "Value": "e" }] } },
              "DeleteMarkerReplication": { "Status": "Disabled" },
              "SourceSelectionCriteria": {
                "SseKmsEncryptedObjects": { "Status": "Enabled" },
                "ReplicaModifications": { "Status": "Enabled" } },
              "Destination": {
                "Bucket": { "Fn::GetAtt": ["Target", "Arn"] },
                "Account": { "Ref": "AWS::AccountId" },
                "AccessControlTranslation": { "Owner": "Destination" },
                "EncryptionConfiguration": { "ReplicaKmsKeyID": "\(key)" },
                "Metrics": { "Status": "Enabled", "EventThreshold": { "Minutes": 15 } },
                "ReplicationTime": { "Status": "Enabled", "Time": { "Minutes": 15 } } } },
            { "Id": "tagged", "Status": "Enabled", "Priority": 3,
              "Filter": { "TagFilter": { "Key": "kind", "Value": "t" } },
              "DeleteMarkerReplication": { "Status": "Disabled" },
              "Destination": { "Bucket": { "Fn::GetAtt": ["Target", "Arn"] } } }
          ]
        },
        "VersioningConfiguration": { "Status": "Enabled" },
        "WebsiteConfiguration": {
          "IndexDocument": "index.html", "ErrorDocument": "error.html",
          "RoutingRules": [
            { "RoutingRuleCondition": { "KeyPrefixEquals": "old/" },
              "RedirectRule": { "ReplaceKeyPrefixWith": "new/", "HttpRedirectCode": "301" } },
                { "RoutingRuleCondition": { "HttpErrorCodeReturnedEquals": "404" },
                  "RedirectRule": {
                    "HostName": "example.com", "Protocol": "https", "ReplaceKeyWith": "lost.html" } }
          ]
        }
      }
    },
    "OldForms": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "LoggingConfiguration": {
          "DestinationBucketName": { "Ref": "Target" }, "LogFilePrefix": "old/",
          "TargetObjectKeyFormat": { "SimplePrefix": {} } },
        "ReplicationConfiguration": {
          "Role": { "Fn::GetAtt": ["Replicator", "Arn"] },
          "Rules": [
            { "Id": "v1", "Status": "Enabled", "Prefix": "v1/",
              "Destination": { "Bucket": { "Fn::GetAtt": ["Target", "Arn"] } } }
          ]
        },
        "VersioningConfiguration": { "Status": "Enabled" },
        "WebsiteConfiguration": {
          "RedirectAllRequestsTo": { "HostName": "example.com", "Protocol": "https" } }
      }
    },
    "Catalogued": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "MetadataConfiguration": {
          "JournalTableConfiguration": {
            "RecordExpiration": { "Expiration": "ENABLED", "Days": 30 },
            "EncryptionConfiguration": { "SseAlgorithm": "aws:kms", "KmsKeyArn": "\(key)" } },
          "InventoryTableConfiguration": {
            "ConfigurationState": "ENABLED",
            "EncryptionConfiguration": { "SseAlgorithm": "aws:kms", "KmsKeyArn": "\(key)" } } }
      }
    },
    "CataloguedBefore": {
      "Type": "AWS::S3::Bucket",
      "Properties": {
        "MetadataTableConfiguration": {
          "S3TablesDestination": {
            "TableBucketArn": "arn:aws:s3tables:us-east-1:123456789012:bucket/tables",
            "TableName": "catalogue" } }
      }
    }
    """
}
