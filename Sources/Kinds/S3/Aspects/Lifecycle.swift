import Document
import Foundation
import TrueupCore

extension BucketAspect {
  static let lifecycle = BucketAspect(
    "LifecycleConfiguration", read: "GetBucketLifecycleConfiguration",
    absentCodes: ["NoSuchLifecycleConfiguration"],
    decode: { output in
      output["Rules"]?.nonEmpty.map { rules in
        .members([
          "Rules": rules.changingEach(LifecycleRule.registry),
          "TransitionDefaultMinimumObjectSize": output["TransitionDefaultMinimumObjectSize"],
        ])
      }
    },
    canonical: { value in
      value.changing("Rules") { $0.changingEach(LifecycleRule.canonical).unordered }
        .defaulting(to: ["TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"])
    },
    write: { value, change in
      let rules = value["Rules"]?.changingEach(LifecycleRule.api)
      return [
        change.call(
          "PutBucketLifecycleConfiguration",
          [
            "LifecycleConfiguration": .members(["Rules": rules]),
            "TransitionDefaultMinimumObjectSize":
              value["TransitionDefaultMinimumObjectSize"] ?? "all_storage_classes_128K",
          ])
      ]
    },
    reset: { change in [change.call("DeleteBucketLifecycle")] })
}

/// A lifecycle rule: registry, API and canonical form.
/// Source: S3 API reference, LifecycleRule; registry, AWS::S3::Bucket Rule.
enum LifecycleRule {
  private static let sizes = ["ObjectSizeGreaterThan", "ObjectSizeLessThan"]
  private static let conditions = ["Prefix"] + sizes
  private static let transitionNames: MemberNames = [
    "StorageClass": "StorageClass", "TransitionInDays": "Days", "TransitionDate": "Date",
  ]
  private static let noncurrentNames: MemberNames = [
    "StorageClass": "StorageClass", "TransitionInDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
  ]
  private static let expirationNames: MemberNames = [
    "ExpirationInDays": "Days", "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
  ]

  static func registry(_ rule: Document) -> Document {
    let filter = ConfigurationFilter.registry(rule["Filter"], conditions)
    let sizesAsText = sizes.reduce(filter) { filter, name in
      filter.changing(name) { size in size.integer.map { .string(String($0)) } ?? size }
    }
    return Document.members([
      "Id": rule["ID"], "Status": rule["Status"], "Prefix": rule["Prefix"],
      "Transitions": rule["Transitions"]?.changingEach(transitionNames.registry),
      "NoncurrentVersionTransitions":
        rule["NoncurrentVersionTransitions"]?.changingEach(noncurrentNames.registry),
      "NoncurrentVersionExpiration": rule["NoncurrentVersionExpiration"],
      "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
    ]).merging(rule["Expiration"].map(expirationNames.registry)).merging(sizesAsText)
  }

  /// The API's form of a canonical rule.
  static func api(_ rule: Document) -> Document {
    let sizesAsNumbers = sizes.reduce(rule) { rule, name in
      rule.changing(name) { size in
        size.string.flatMap { Int($0) }.map(Document.integer) ?? size
      }
    }
    return .members([
      "ID": rule["Id"], "Status": rule["Status"],
      // One of filter and prefix must be there: the empty prefix is every object.
      "Filter": ConfigurationFilter.api(sizesAsNumbers, conditions) ?? ["Prefix": ""],
      "Expiration": expirationNames.api(rule).dropping(["ExpiredObjectDeleteMarker": false])
        .nonEmpty,
      "Transitions": rule["Transitions"]?.changingEach(transitionNames.api).nonEmpty,
      "NoncurrentVersionTransitions":
        rule["NoncurrentVersionTransitions"]?.changingEach(noncurrentNames.api).nonEmpty,
      "NoncurrentVersionExpiration": rule["NoncurrentVersionExpiration"],
      "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
    ])
  }

  /// The singular members of older templates folded into their plural, and what a rule does not say
  /// made explicit.
  static func canonical(_ rule: Document) -> Document {
    let days = rule["NoncurrentVersionExpirationInDays"]
    let folded = rule.merging(
      .members([
        "Transitions": joined(rule["Transitions"], rule["Transition"]),
        "NoncurrentVersionTransitions": joined(
          rule["NoncurrentVersionTransitions"], rule["NoncurrentVersionTransition"]),
        "NoncurrentVersionExpiration": rule["NoncurrentVersionExpiration"]
          ?? days.map { ["NoncurrentDays": $0] },
      ])
    ).removing([
      "Transition", "NoncurrentVersionTransition", "NoncurrentVersionExpirationInDays",
    ])
    return ConfigurationFilter.canonical(folded)
      .defaulting(to: ["ExpiredObjectDeleteMarker": false])
      .changing("ExpirationDate", wholeSeconds)
  }

  private static func joined(_ plural: Document?, _ singular: Document?) -> Document {
    Document.list((plural?.list ?? []) + (singular.map { [$0] } ?? []))
      .changingEach(canonicalTransition).unordered
  }

  private static func canonicalTransition(_ transition: Document) -> Document {
    transition.changing("StorageClass") { $0 == "Glacier" ? "GLACIER" : $0 }
      .changing("TransitionDate", wholeSeconds)
  }

  /// `2030-01-01T00:00:00Z` of an instant in seconds or in ISO 8601: S3 takes midnights alone.
  private static func wholeSeconds(_ instant: Document) -> Document {
    if let seconds = instant.double {
      return .string(Date(timeIntervalSince1970: seconds).ISO8601Format())
    }
    return instant.string.map { .string($0.replacing(/\.\d+Z$/, with: "Z")) } ?? instant
  }
}
