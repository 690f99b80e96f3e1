import Document
import Foundation
import TrueupCore

extension BucketAspect {
  /// Source: S3 API reference, LifecycleRule; registry, AWS::S3::Bucket Rule.
  static let lifecycle = BucketAspect(
    property: "LifecycleConfiguration", reading: "GetBucketLifecycleConfiguration",
    writing: "PutBucketLifecycleConfiguration",
    absentCodes: ["NoSuchLifecycleConfiguration"], deletion: "DeleteBucketLifecycle",
    names: [
      "Rules/*/Id": "ID",
      "Rules/*/ExpirationInDays": "Expiration/Days",
      "Rules/*/ExpirationDate": "Expiration/Date",
      "Rules/*/ExpiredObjectDeleteMarker": "Expiration/ExpiredObjectDeleteMarker",
      "Rules/*/Transitions/*/TransitionInDays": "Days",
      "Rules/*/Transitions/*/TransitionDate": "Date",
      "Rules/*/NoncurrentVersionTransitions/*/TransitionInDays": "NoncurrentDays",
    ],
    defaults: [
      "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K", "Rules/*/Prefix": "",
      "Rules/*/TagFilters": [], "Rules/*/Transitions": [],
      "Rules/*/NoncurrentVersionTransitions": [], "Rules/*/ExpiredObjectDeleteMarker": false,
    ],
    facts: [
      "Rules": .set.losing(
        .rules(
          deletingBy: [
            "ExpirationInDays", "ExpirationDate", "NoncurrentVersionExpiration",
            "NoncurrentVersionExpirationInDays",
          ], while: "Status", is: "Enabled")),
      "Rules/*/NoncurrentVersionTransitions": .set, "Rules/*/TagFilters": .set,
      "Rules/*/Transitions": .set,
    ],
    settled: { value in
      value.changing("Rules/*", plural)
        .changing("Rules/*/*/*/StorageClass") { $0 == "Glacier" ? "GLACIER" : $0 }
        .changing("Rules/*/*/*/TransitionDate", wholeSeconds)
        .changing("Rules/*/ExpirationDate", wholeSeconds)
    },
    shown: { output in
      sizes.reduce(output.changing("Rules/*", ConfigurationFilter.registry)) {
        $0.changing($1) { size in size.integer.map { .string(String($0)) } ?? size }
      }
    },
    written: { value in
      // One of filter and prefix must be there: the empty prefix is every object.
      sizes.reduce(value) {
        $0.changing($1) { size in size.string.flatMap { Int($0) }.map(Document.integer) ?? size }
      }.changing("Rules/*") { rule in
        ConfigurationFilter.api(rule.dropping(["ExpiredObjectDeleteMarker": false]))
          .defaulting(to: ["Filter": ["Prefix": ""]])
      }
    },
    write: { lifecycle, value, step in
      // S3 takes the size beside the rules.
      let rules = lifecycle.put(value.setting(smallestSize, nil), step)
      return [rules.with([smallestSize: value[smallestSize]])]
    })

  private static let smallestSize = "TransitionDefaultMinimumObjectSize"
  /// Texts in the registry, numbers in S3's API.
  private static let sizes: [PropertyPath] = [
    "Rules/*/ObjectSizeGreaterThan", "Rules/*/ObjectSizeLessThan",
  ]

  /// A rule with the singular members of older templates folded into their plural.
  private static func plural(_ rule: Document) -> Document {
    let older: MemberNames = [
      "NoncurrentVersionExpirationInDays": "NoncurrentVersionExpiration/NoncurrentDays"
    ]
    return ["Transition", "NoncurrentVersionTransition"].reduce(older.api(rule)) { rule, name in
      guard let one = rule[name] else { return rule }
      return rule.setting(name, nil).setting(name + "s", .list(rule.elements(name + "s") + [one]))
    }
  }

  /// `2030-01-01T00:00:00Z` of an instant in seconds or in ISO 8601: S3 takes midnights alone.
  private static func wholeSeconds(_ instant: Document) -> Document {
    if let seconds = instant.double {
      return .string(Date(timeIntervalSince1970: seconds).ISO8601Format())
    }
    return instant.string.map { .string($0.replacing(/\.\d+Z$/, with: "Z")) } ?? instant
  }
}
