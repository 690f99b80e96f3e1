import Document
import TrueupCore

extension BucketAspect {
  static let website = BucketAspect(
    "WebsiteConfiguration", read: "GetBucketWebsite", absentCodes: ["NoSuchWebsiteConfiguration"],
    decode: { output in
      Document.members([
        "IndexDocument": output["IndexDocument"]?["Suffix"],
        "ErrorDocument": output["ErrorDocument"]?["Key"],
        "RedirectAllRequestsTo": output["RedirectAllRequestsTo"],
        "RoutingRules": output["RoutingRules"]?.changingEach(routingNames.registry).nonEmpty,
      ]).nonEmpty
    },
    canonical: { value in value.dropping(["RoutingRules": []]) },
    write: { value, change in
      let site = Document.members([
        "IndexDocument": value["IndexDocument"].map { ["Suffix": $0] },
        "ErrorDocument": value["ErrorDocument"].map { ["Key": $0] },
        "RedirectAllRequestsTo": value["RedirectAllRequestsTo"],
        "RoutingRules": value["RoutingRules"]?.changingEach(routingNames.api),
      ])
      return [change.call("PutBucketWebsite", ["WebsiteConfiguration": site])]
    },
    reset: { change in [change.call("DeleteBucketWebsite")] })

  private static let routingNames: MemberNames = [
    "RedirectRule": "Redirect", "RoutingRuleCondition": "Condition",
  ]
}
