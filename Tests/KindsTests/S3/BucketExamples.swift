import Document

/// Declarations of each of the bucket's settings, in which every member stands at least once, never
/// at its default.
enum BucketExamples {
  static let all: [String: [Document]] = [
    "VersioningConfiguration": [["Status": "Enabled"], ["Status": "Suspended"]],
    "BucketEncryption": [
      [
        "ServerSideEncryptionConfiguration": [
          [
            "ServerSideEncryptionByDefault": [
              "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/acme",
            ],
            "BucketKeyEnabled": true, "BlockedEncryptionTypes": ["EncryptionType": ["SSE-C"]],
          ]
        ]
      ]
    ],
    "PublicAccessBlockConfiguration": [
      [
        "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
        "RestrictPublicBuckets": true,
      ],
      ["BlockPublicAcls": true],
    ],
    "OwnershipControls": [["Rules": [["ObjectOwnership": "BucketOwnerPreferred"]]]],
    "AccessControl": [
      "PublicRead", "PublicReadWrite", "AuthenticatedRead", "LogDeliveryWrite", "AwsExecRead",
    ],
    "ObjectLockEnabled": [true],
    "ObjectLockConfiguration": [
      [
        "ObjectLockEnabled": "Enabled",
        "Rule": ["DefaultRetention": ["Mode": "GOVERNANCE", "Days": 30]],
      ],
      ["Rule": ["DefaultRetention": ["Mode": "COMPLIANCE", "Years": 7]]],
    ],
    "LifecycleConfiguration": [lifecycle, legacyLifecycle],
    "CorsConfiguration": [cors],
    "WebsiteConfiguration": [
      website,
      ["RedirectAllRequestsTo": ["HostName": "acme.example", "Protocol": "https"]],
    ],
    "LoggingConfiguration": [
      [
        "DestinationBucketName": "acme-logs", "LogFilePrefix": "assets/",
        "TargetObjectKeyFormat": ["PartitionedPrefix": ["PartitionDateSource": "EventTime"]],
      ],
      ["LogFilePrefix": "own/", "TargetObjectKeyFormat": ["SimplePrefix": [:]]],
    ],
    "NotificationConfiguration": [notifications],
    "AccelerateConfiguration": [["AccelerationStatus": "Enabled"]],
    "AnalyticsConfigurations": [analytics],
    "IntelligentTieringConfigurations": [
      [
        [
          "Id": "cold", "Status": "Enabled", "Prefix": "archive/",
          "TagFilters": [["Key": "tier", "Value": "cold"]],
          "Tierings": [
            ["AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180],
            ["AccessTier": "ARCHIVE_ACCESS", "Days": 90],
          ],
        ]
      ]
    ],
    "InventoryConfigurations": [inventory],
    "MetricsConfigurations": [
      [
        ["Id": "everything"],
        ["Id": "prefix", "Prefix": "images/"],
        [
          "Id": "many", "Prefix": "images/",
          "AccessPointArn": "arn:aws:s3:eu-west-1:111122223333:accesspoint/acme",
          "TagFilters": [["Key": "b", "Value": "2"], ["Key": "a", "Value": "1"]],
        ],
      ]
    ],
    "ReplicationConfiguration": [replication, legacyReplication],
    "MetadataTableConfiguration": [
      [
        "S3TablesDestination": [
          "TableBucketArn": "arn:aws:s3tables:eu-west-1:111122223333:bucket/tables",
          "TableName": "assets",
        ]
      ]
    ],
    "MetadataConfiguration": [
      [
        "JournalTableConfiguration": [
          "RecordExpiration": ["Expiration": "ENABLED", "Days": 30],
          "EncryptionConfiguration": key,
        ],
        "InventoryTableConfiguration": [
          "ConfigurationState": "ENABLED", "EncryptionConfiguration": key,
        ],
      ]
    ],
    "AbacStatus": ["Enabled"],
  ]

  /// One declaration of everything that can be declared together.
  static let everything = Document.object(
    all.compactMapValues(\.first).filter { $0.key != "MetadataTableConfiguration" }
  ).with(["BucketName": "acme-assets", "BucketNamespace": "global"])

  private static let key: Document = [
    "SseAlgorithm": "aws:kms", "KmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/1",
  ]

  private static let lifecycle: Document = [
    "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    "Rules": [
      ["Id": "all", "Status": "Enabled", "ExpirationInDays": 365],
      [
        "Id": "large", "Status": "Enabled", "Prefix": "logs/",
        "TagFilters": [["Key": "z", "Value": "1"], ["Key": "keep", "Value": "no"]],
        "ObjectSizeGreaterThan": "1024", "ObjectSizeLessThan": "1048576",
        "ExpirationDate": "2030-01-01T00:00:00.000Z",
        "Transitions": [
          ["StorageClass": "GLACIER", "TransitionInDays": 90],
          ["StorageClass": "STANDARD_IA", "TransitionInDays": 30],
        ],
        "NoncurrentVersionTransitions": [
          [
            "StorageClass": "GLACIER_IR", "TransitionInDays": 10, "NewerNoncurrentVersions": 3,
          ]
        ],
        "NoncurrentVersionExpiration": ["NoncurrentDays": 60, "NewerNoncurrentVersions": 5],
      ],
      [
        "Status": "Disabled", "Prefix": "dated/",
        "Transitions": [
          ["StorageClass": "DEEP_ARCHIVE", "TransitionDate": "2031-06-01T00:00:00Z"]
        ],
      ],
      [
        "Status": "Enabled", "TagFilters": [["Key": "only", "Value": "one"]],
        "ExpirationInDays": 7,
      ],
      [
        "Status": "Enabled", "ExpiredObjectDeleteMarker": true,
        "AbortIncompleteMultipartUpload": ["DaysAfterInitiation": 3],
      ],
    ],
  ]

  /// The members that older templates use.
  private static let legacyLifecycle: Document = [
    "Rules": [
      [
        "Status": "Enabled", "Prefix": "",
        "Transition": ["StorageClass": "Glacier", "TransitionInDays": 5],
        "NoncurrentVersionTransition": [
          "StorageClass": "GLACIER", "TransitionInDays": 6, "NewerNoncurrentVersions": 2,
        ],
        "NoncurrentVersionExpirationInDays": 40,
      ],
      [
        "Status": "Enabled", "Prefix": "dated/",
        "Transition": ["StorageClass": "GLACIER", "TransitionDate": "2030-01-01T00:00:00Z"],
      ],
    ]
  ]

  private static let cors: Document = [
    "CorsRules": [
      [
        "Id": "site", "AllowedHeaders": ["X-B", "X-A"], "AllowedMethods": ["PUT", "GET"],
        "AllowedOrigins": ["https://b.example", "https://a.example"],
        "ExposedHeaders": ["ETag", "Date"], "MaxAge": 3000,
      ],
      ["AllowedMethods": ["HEAD"], "AllowedOrigins": ["*"]],
    ]
  ]

  private static let website: Document = [
    "IndexDocument": "index.html", "ErrorDocument": "error.html",
    "RoutingRules": [
      [
        "RoutingRuleCondition": [
          "HttpErrorCodeReturnedEquals": "404", "KeyPrefixEquals": "docs/",
        ],
        "RedirectRule": [
          "HostName": "docs.example", "HttpRedirectCode": "302", "Protocol": "https",
          "ReplaceKeyPrefixWith": "documents/",
        ],
      ],
      ["RedirectRule": ["ReplaceKeyWith": "gone.html"]],
    ],
  ]

  private static let notifications: Document = [
    "EventBridgeConfiguration": ["EventBridgeEnabled": true],
    "LambdaConfigurations": [
      [
        "Event": "s3:ObjectCreated:*",
        "Function": "arn:aws:lambda:eu-west-1:111122223333:function:thumbnail",
        "Filter": [
          "S3Key": [
            "Rules": [
              ["Name": "suffix", "Value": ".jpg"], ["Name": "prefix", "Value": "images/"],
            ]
          ]
        ],
      ],
      [
        "Event": "s3:ObjectRemoved:*",
        "Function": "arn:aws:lambda:eu-west-1:111122223333:function:thumbnail",
      ],
    ],
    "QueueConfigurations": [
      [
        "Event": "s3:ObjectCreated:Put", "Queue": "arn:aws:sqs:eu-west-1:111122223333:uploads",
        "Filter": ["S3Key": ["Rules": [["Name": "prefix", "Value": "in/"]]]],
      ]
    ],
    "TopicConfigurations": [
      [
        "Event": "s3:ReducedRedundancyLostObject",
        "Topic": "arn:aws:sns:eu-west-1:111122223333:lost",
        "Filter": ["S3Key": ["Rules": [["Name": "prefix", "Value": "in/"]]]],
      ]
    ],
  ]

  private static let analytics: Document = [
    [
      "Id": "report", "Prefix": "images/", "TagFilters": [["Key": "team", "Value": "web"]],
      "StorageClassAnalysis": [
        "DataExport": [
          "OutputSchemaVersion": "V_1",
          "Destination": [
            "BucketArn": "arn:aws:s3:::acme-reports", "BucketAccountId": "111122223333",
            "Format": "CSV", "Prefix": "analytics/",
          ],
        ]
      ],
    ],
    ["Id": "tagged", "TagFilters": [["Key": "a", "Value": "1"]], "StorageClassAnalysis": [:]],
  ]

  private static let inventory: Document = [
    [
      "Id": "weekly", "Enabled": true, "IncludedObjectVersions": "All", "Prefix": "images/",
      "ScheduleFrequency": "Weekly", "OptionalFields": ["Size", "ETag"],
      "Destination": [
        "BucketArn": "arn:aws:s3:::acme-reports", "BucketAccountId": "111122223333",
        "Format": "Parquet", "Prefix": "inventory/",
      ],
    ]
  ]

  private static let replication: Document = [
    "Role": "arn:aws:iam::111122223333:role/replication",
    "Rules": [
      [
        "Id": "copies", "Priority": 1, "Status": "Enabled",
        "Filter": [
          "And": [
            "Prefix": "images/",
            "TagFilters": [["Key": "b", "Value": "2"], ["Key": "a", "Value": "1"]],
          ]
        ],
        "DeleteMarkerReplication": ["Status": "Enabled"],
        "SourceSelectionCriteria": [
          "SseKmsEncryptedObjects": ["Status": "Enabled"],
          "ReplicaModifications": ["Status": "Enabled"],
        ],
        "Destination": [
          "Bucket": "arn:aws:s3:::acme-copies", "Account": "444455556666",
          "StorageClass": "STANDARD_IA", "AccessControlTranslation": ["Owner": "Destination"],
          "EncryptionConfiguration": [
            "ReplicaKmsKeyID": "arn:aws:kms:eu-west-1:444455556666:key/2"
          ],
          "Metrics": ["Status": "Enabled", "EventThreshold": ["Minutes": 15]],
          "ReplicationTime": ["Status": "Enabled", "Time": ["Minutes": 15]],
        ],
      ],
      [
        "Priority": 2, "Status": "Enabled",
        "Filter": ["TagFilter": ["Key": "copy", "Value": "yes"]],
        "Destination": ["Bucket": "arn:aws:s3:::acme-copies"],
      ],
      [
        "Priority": 3, "Status": "Disabled", "Filter": ["Prefix": "videos/"],
        "Destination": ["Bucket": "arn:aws:s3:::acme-copies"],
      ],
    ],
  ]

  private static let legacyReplication: Document = [
    "Role": "arn:aws:iam::111122223333:role/replication",
    "Rules": [
      [
        "Status": "Enabled", "Prefix": "images/",
        "Destination": ["Bucket": "arn:aws:s3:::acme-copies"],
      ]
    ],
  ]
}
