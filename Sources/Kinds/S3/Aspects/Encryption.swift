import Document
import TrueupCore

extension BucketAspect {
  /// Every bucket encrypts: without a configuration of its own with S3's keys (AES256).
  static let encryption = BucketAspect(
    "BucketEncryption", read: "GetBucketEncryption",
    absentCodes: ["ServerSideEncryptionConfigurationNotFoundError"],
    absentValue: [
      "ServerSideEncryptionConfiguration": [
        ["ServerSideEncryptionByDefault": ["SSEAlgorithm": "AES256"], "BucketKeyEnabled": false]
      ]
    ],
    decode: { output in
      output["ServerSideEncryptionConfiguration"]?["Rules"].map {
        ["ServerSideEncryptionConfiguration": $0.changingEach(encryptionNames.registry)]
      }
    },
    canonical: { value in
      value.changing("ServerSideEncryptionConfiguration") { rules in
        rules.changingEach { rule in
          let settled = rule.changing("BlockedEncryptionTypes") {
            $0.changing("EncryptionType", \.unordered)
          }
          return rule["ServerSideEncryptionByDefault"] == nil
            ? settled : settled.defaulting(to: ["BucketKeyEnabled": false])
        }
      }
    },
    write: { value, change in
      // S3 replaces all of it, so what is not declared (S3 blocks SSE-C by itself) is said again.
      let shown = change.observed["BucketEncryption"]?["ServerSideEncryptionConfiguration"]?[0]
      let rules = value["ServerSideEncryptionConfiguration"]?.changingEach { rule in
        encryptionNames.api(
          rule.defaulting(
            to: shown?["BlockedEncryptionTypes"].map { ["BlockedEncryptionTypes": $0] } ?? [:]))
      }
      return [
        change.call(
          "PutBucketEncryption",
          ["ServerSideEncryptionConfiguration": .members(["Rules": rules])])
      ]
    },
    reset: { change in [change.call("DeleteBucketEncryption")] })

  private static let encryptionNames: MemberNames = [
    "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
    "BucketKeyEnabled": "BucketKeyEnabled",
    "BlockedEncryptionTypes": "BlockedEncryptionTypes",
  ]
}
