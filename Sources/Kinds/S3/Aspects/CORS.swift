import Document
import TrueupCore

extension BucketAspect {
  /// The first rule that fits a request decides: the order of rules matters, that of their lists not.
  static let cors = BucketAspect(
    "CorsConfiguration", read: "GetBucketCors", absentCodes: ["NoSuchCORSConfiguration"],
    decode: { output in
      output["CORSRules"].map { ["CorsRules": $0.changingEach(corsNames.registry)] }
    },
    canonical: { value in
      value.changing("CorsRules") { rules in
        rules.changingEach { rule in
          ["AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposedHeaders"].reduce(rule) {
            $0.changing($1, \.unordered)
          }.dropping(["AllowedHeaders": [], "ExposedHeaders": []])
        }
      }
    },
    write: { value, change in
      let rules = value["CorsRules"]?.changingEach(corsNames.api)
      return [
        change.call("PutBucketCors", ["CORSConfiguration": .members(["CORSRules": rules])])
      ]
    },
    reset: { change in [change.call("DeleteBucketCors")] })

  private static let corsNames: MemberNames = [
    "Id": "ID", "AllowedHeaders": "AllowedHeaders", "AllowedMethods": "AllowedMethods",
    "AllowedOrigins": "AllowedOrigins", "ExposedHeaders": "ExposeHeaders",
    "MaxAge": "MaxAgeSeconds",
  ]
}
