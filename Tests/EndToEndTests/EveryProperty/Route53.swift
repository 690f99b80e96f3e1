/// Route 53: all properties, in all forms.
extension EveryProperty {
  /// A public zone with records of every routing policy, and a private one.
  static let zones = #"""
    "Network": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.1.0.0/16" } },
    "Other": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": "10.2.0.0/16" } },
    "Queries": { "Type": "AWS::Logs::LogGroup", "Properties": { "LogGroupName": "/aws/route53/acme" } },
    "Zone": {
      "Type": "AWS::Route53::HostedZone",
      "Properties": {
        "Name": "Acme.example.com",
        "HostedZoneConfig": { "Comment": "All properties of a zone" },
        "HostedZoneFeatures": { "EnableAcceleratedRecovery": true },
        "HostedZoneTags": [{ "Key": "Name", "Value": "zone" }],
        "QueryLoggingConfig": {
          "CloudWatchLogsLogGroupArn": { "Fn::GetAtt": ["Queries", "Arn"] }
        }
      }
    },
    "Private": {
      "Type": "AWS::Route53::HostedZone",
      "Properties": {
        "Name": "acme.internal.",
        "VPCs": [
          { "VPCId": { "Ref": "Network" }, "VPCRegion": "us-east-1" },
          { "VPCId": { "Ref": "Other" }, "VPCRegion": "us-east-1" }
        ]
      }
    },
    "Plain": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "WWW.acme.example.com.", "Type": "A",
        "TTL": "300", "ResourceRecords": ["192.0.2.2", "192.0.2.1"], "Comment": "by the table",
        "HealthCheckId": "8e9f2e8c-1111-2222-3333-444455556666"
      }
    },
    "Wildcard": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneName": "acme.internal", "Name": "*.acme.internal", "Type": "CNAME",
        "TTL": "60", "ResourceRecords": ["Www.Acme.Example.Com"]
      },
      "DependsOn": "Private"
    },
    "Text": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "acme.example.com", "Type": "TXT",
        "TTL": "300", "ResourceRecords": ["\"v=spf1 -all\"", "\"one\" \"two\""]
      }
    },
    "Alias": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "acme.example.com", "Type": "A",
        "AliasTarget": {
          "DNSName": "Acme-123.us-east-1.elb.amazonaws.com", "HostedZoneId": "Z35SXDOTRQ7X7K",
          "EvaluateTargetHealth": true
        }
      }
    },
    "Weighted": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "weighted.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one", "Weight": 10
      }
    },
    "Nearest": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "nearest.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "Region": "us-east-1"
      }
    },
    "Primary": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "failover.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "Failover": "SECONDARY"
      }
    },
    "Many": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "many.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "MultiValueAnswer": true
      }
    },
    "Located": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "located.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "GeoLocation": { "CountryCode": "US", "SubdivisionCode": "WA" }
      }
    },
    "Continental": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "located.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.4"], "SetIdentifier": "two",
        "GeoLocation": { "ContinentCode": "EU" }
      }
    },
    "Close": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "close.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "GeoProximityLocation": { "AWSRegion": "us-east-1", "Bias": 10 }
      }
    },
    "CloseToPlace": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "close.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.4"], "SetIdentifier": "two",
        "GeoProximityLocation": {
          "Coordinates": { "Latitude": "47.60", "Longitude": "-122.33" }
        }
      }
    },
    "CloseToZone": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "close.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.5"], "SetIdentifier": "three",
        "GeoProximityLocation": { "LocalZoneGroup": "us-east-1-bue-1" }
      }
    },
    "ByNetwork": {
      "Type": "AWS::Route53::RecordSet",
      "Properties": {
        "HostedZoneId": { "Ref": "Zone" }, "Name": "network.acme.example.com", "Type": "A",
        "TTL": "60", "ResourceRecords": ["192.0.2.3"], "SetIdentifier": "one",
        "CidrRoutingConfig": {
          "CollectionId": "c8c02a84-b3b2-4c7d-9b5a-8c8f2a2e7f01", "LocationName": "office"
        }
      }
    }
    """#
}
