import Document
import TrueupCore

extension BucketAspect {
  /// Transfer acceleration. Regions and names that cannot have it say so instead of showing none.
  static let acceleration = BucketAspect(
    "AccelerateConfiguration", read: "GetBucketAccelerateConfiguration",
    absentCodes: ["UnsupportedArgument", "MethodNotAllowed"],
    absentValue: ["AccelerationStatus": "Suspended"],
    decode: { output in output["Status"].map { ["AccelerationStatus": $0] } },
    write: { value, change in
      putAcceleration(value["AccelerationStatus"], change)
    },
    reset: { change in putAcceleration("Suspended", change) })

  private static func putAcceleration(_ status: Document?, _ change: BucketChange) -> [Call] {
    [
      change.call(
        "PutBucketAccelerateConfiguration",
        ["AccelerateConfiguration": .members(["Status": status])]
      )
    ]
  }

  /// Access by the bucket's tags. While it is on, S3 takes tags through S3 Control alone.
  static let abac = BucketAspect(
    "AbacStatus", read: "GetBucketAbac", absentValue: "Disabled",
    decode: { output in output["AbacStatus"]?["Status"] },
    write: { value, change in
      change.isNew && value == "Disabled"
        ? [] : [change.call("PutBucketAbac", ["AbacStatus": ["Status": value]])]
    },
    reset: { change in [change.call("PutBucketAbac", ["AbacStatus": ["Status": "Disabled"]])] })
}
