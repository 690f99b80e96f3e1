import Document
import Foundation
import TrueupCore

/// What all kinds of IAM share: bulk reads, documents and codes.
enum IAM {
  /// Trust, policies, boundary and tags of all roles at once.
  static let roles = details(of: "Role", isEssential: true)

  static func details(of entity: String, isEssential: Bool = false) -> Read {
    Read(
      Call("iam", "GetAccountAuthorizationDetails", ["Filter": [.string(entity)]]),
      pageSize: 1000, isEssential: isEssential)
  }

  /// Of what has a path and a name, of which its ARN is made. IAM ignores the case of names.
  ///
  /// - Parameters:
  ///   - arn: the property that holds the ARN.
  ///   - sort: the word before the path in it.
  static func identity(
    ref: String, name: String, maximumLength: Int = 128, arn: String, sort: String
  ) -> Identity {
    Identity(
      ref: ref,
      name: NameRule(
        property: name, maximumLength: maximumLength, punctuation: "+=,.@-_", ignoresCase: true),
      arn: "iam:\(sort)",
      foretold: [
        arn: { "arn:\($0.partition):iam::\($0.account):\(sort)\($0.path)\($0.name)" }
      ])
  }

  /// What passes by itself: IAM does not know everywhere what was made a moment ago.
  static let fresh: Set = [
    "ConcurrentModification", "EntityTemporarilyUnmodifiable", "NoSuchEntity",
  ]

  /// There is no room for more: of managed policies, of the sum of all inline policies, of client ids.
  /// How much there is depends on the account. Source: IAM User Guide, "IAM and AWS STS quotas".
  static let full: Set = ["LimitExceeded"]

  /// A call that waits until IAM knows everywhere what it names.
  static func call(
    _ operation: String, _ input: [String: Document?] = [:], transientCodes: Set<String> = []
  ) -> Call {
    Call("iam", operation, .members(input), transientCodes: fresh.union(transientCodes))
  }

  /// A call that is done where what it takes away is gone.
  static func removal(_ operation: String, _ input: [String: Document?] = [:]) -> Call {
    Call(
      "iam", operation, .members(input), absentCodes: ["NoSuchEntity"],
      transientCodes: fresh.union(["DeleteConflict"]).subtracting(["NoSuchEntity"]))
  }

  /// The read of one thing.
  static func own(_ operation: String, _ input: Document, pageSize: Int? = nil) -> Read {
    Read(Call("iam", operation, input, absentCodes: ["NoSuchEntity"]), pageSize: pageSize)
  }

  /// IAM answers with documents in percent-encoding (RFC 3986).
  static func document(_ text: Document) -> Document {
    (text.string?.removingPercentEncoding.map(Document.string) ?? text).parsedJSON
  }
}

extension CallSequence {
  /// The outputs of all pages of a list of IAM.
  mutating func pages(_ operation: String, _ input: [String: Document?]) throws(Pause) -> [Document]
  {
    try pages(IAM.removal(operation, input).with(["MaxItems": 1000]), by: "Marker")
  }
}
