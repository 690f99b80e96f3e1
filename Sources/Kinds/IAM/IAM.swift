import Document
import Foundation
import TrueupCore

/// What all kinds of IAM share: bulk reads, documents and codes.
enum IAM {
  /// Trust, policies, boundary and tags of all roles at once.
  static let roles = details(of: "Role", isEssential: true)
  /// The customer's managed policies with their versions; without tags.
  static let policies = details(of: "LocalManagedPolicy", isEssential: true)

  static func details(of entity: String, isEssential: Bool = false) -> Read {
    Read(
      Call("iam", "GetAccountAuthorizationDetails", ["Filter": [.string(entity)]]),
      pageSize: 1000, isEssential: isEssential)
  }

  /// What passes by itself: IAM does not know everywhere what was made a moment ago.
  static let fresh: Set<String> = [
    "ConcurrentModification", "EntityTemporarilyUnmodifiable", "NoSuchEntity",
  ]

  /// There is no room for more: of managed policies, of the sum of all inline policies, of client ids.
  /// How much there is depends on the account. Source: IAM User Guide, "IAM and AWS STS quotas".
  static let full: Set<String> = ["LimitExceeded"]

  /// A call that waits until IAM knows everywhere what it names.
  static func call(
    _ operation: String, _ input: [String: Document?], transientCodes: Set<String> = []
  ) -> Call {
    Call("iam", operation, .members(input), transientCodes: fresh.union(transientCodes))
  }

  /// A call that is done where what it takes away is gone.
  static func removal(_ operation: String, _ input: [String: Document?]) -> Call {
    Call(
      "iam", operation, .members(input), absentCodes: ["NoSuchEntity"],
      transientCodes: fresh.union(["DeleteConflict"]).subtracting(["NoSuchEntity"]))
  }

  /// The calls that bring the tags of a named thing (`Policy`) to what the step says.
  static func tagCalls(_ step: Step, of thing: String, _ name: [String: Document?]) -> [Call] {
    Tags.calls(
      step, tag: call("Tag" + thing, name.merging(["Tags": Tags.list(step.newTags)]) { $1 }),
      untag: call("Untag" + thing, name.merging(["TagKeys": Tags.keys(step.removedTags)]) { $1 }))
  }

  /// IAM answers with documents in percent-encoding (RFC 3986).
  static func document(_ text: Document) -> Document {
    (text.string?.removingPercentEncoding.map(Document.string) ?? text).parsedJSON
  }

  /// An instant as CloudFormation's attributes write it.
  static func date(_ value: Document) -> Document {
    value.double.map { .string(Date(timeIntervalSince1970: $0).ISO8601Format()) } ?? value
  }
}
