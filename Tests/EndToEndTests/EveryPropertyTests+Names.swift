/// Zones and records.
extension EveryPropertyTests {
  func testZones() throws { try assertConverges(EveryProperty.zones) }
}

extension EveryPropertyResetTests {
  func testZones() throws { try assertReset(EveryProperty.zones, ["Zone"]) }
}

extension EveryPropertyDriftTests {
  func testZones() throws {
    let workspace = try applied(EveryProperty.zones)
    let zone = try physicalID("Zone")
    let configuration = try endpoint.aws("route53", "list_query_logging_configs")[
      "QueryLoggingConfigs"][0]["Id"].string
    var tried = try mend(
      workspace, "Zone",
      [
        Case(
          "HostedZoneConfig", "route53", "update_hosted_zone_comment",
          ["Id": zone, "Comment": "by hand"]),
        Case(
          "HostedZoneFeatures", "route53", "update_hosted_zone_features",
          ["HostedZoneId": zone, "EnableAcceleratedRecovery": false]),
        Case(
          "QueryLoggingConfig", "route53", "delete_query_logging_config",
          ["Id": configuration ?? ""]),
        Case(
          "Tags", "route53", "change_tags_for_resource",
          [
            "ResourceType": "hostedzone", "ResourceId": zone,
            "AddTags": [["Key": "Name", "Value": "by hand"]],
          ]),
      ])
    tried += try mend(
      workspace, "Private",
      [
        Case(
          "VPCs", "route53", "disassociate_vpc_from_hosted_zone",
          [
            "HostedZoneId": try physicalID("Private"),
            "VPC": ["VPCRegion": "us-east-1", "VPCId": try physicalID("Other")],
          ])
      ])
    try assertAll(
      "AWS::Route53::HostedZone", tried.map { $0 == "Tags" ? "HostedZoneTags" : $0 })
  }

  func testRecords() throws {
    let workspace = try applied(EveryProperty.zones)
    let zone = try physicalID("Zone")
    func change(_ properties: [String], _ name: String, _ members: [String: Any]) -> [Case] {
      var record: [String: Any] = ["Name": "\(name)acme.example.com", "Type": "A"]
      if members["AliasTarget"] == nil {
        record["TTL"] = 60
        record["ResourceRecords"] = [["Value": "192.0.2.3"]]
      }
      record.merge(members) { $1 }
      return properties.map {
        Case(
          $0, "route53", "change_resource_record_sets",
          [
            "HostedZoneId": zone,
            "ChangeBatch": ["Changes": [["Action": "UPSERT", "ResourceRecordSet": record]]],
          ])
      }
    }
    let set: [String: Any] = ["SetIdentifier": "one"]
    let changes: [(resource: String, cases: [Case])] = [
      (
        "Plain",
        change(
          ["TTL", "ResourceRecords", "HealthCheckId"], "www.",
          ["TTL": 30, "HealthCheckId": "8e9f2e8c-1111-2222-3333-000000000000"])
      ),
      (
        "Alias",
        change(
          ["AliasTarget"], "",
          [
            "AliasTarget": [
              "DNSName": "by-hand.example.net", "HostedZoneId": "Z35SXDOTRQ7X7K",
              "EvaluateTargetHealth": false,
            ]
          ])
      ),
      ("Weighted", change(["Weight"], "weighted.", set.merging(["Weight": 20]) { $1 })),
      ("Nearest", change(["Region"], "nearest.", set.merging(["Region": "eu-west-1"]) { $1 })),
      ("Primary", change(["Failover"], "failover.", set.merging(["Failover": "PRIMARY"]) { $1 })),
      (
        "Many",
        change(
          ["MultiValueAnswer"], "many.", set.merging(["MultiValueAnswer": false]) { $1 })
      ),
      (
        "Located",
        change(
          ["GeoLocation"], "located.", set.merging(["GeoLocation": ["CountryCode": "CA"]]) { $1 })
      ),
      (
        "Close",
        change(
          ["GeoProximityLocation"], "close.",
          set.merging(["GeoProximityLocation": ["AWSRegion": "us-east-1", "Bias": 20]]) { $1 })
      ),
      (
        "ByNetwork",
        change(
          ["CidrRoutingConfig"], "network.",
          set.merging([
            "CidrRoutingConfig": [
              "CollectionId": "c8c02a84-b3b2-4c7d-9b5a-8c8f2a2e7f01", "LocationName": "by-hand",
            ]
          ]) { $1 })
      ),
    ]
    var tried: [String] = []
    for (resource, cases) in changes { tried += try mend(workspace, resource, cases) }
    try assertAll("AWS::Route53::RecordSet", tried)
  }
}
