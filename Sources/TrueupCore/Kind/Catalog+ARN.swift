extension Catalog {
  /// The kinds whose resources have such ARNs; empty for what no kind knows.
  /// Source: AWS General Reference, "Amazon Resource Names (ARNs)"; the type names of the Resource
  /// Groups Tagging API, which follow them.
  public func kinds(ofARN arn: String) -> [any Kind] {
    ARNType(arn).flatMap { byARN[$0] } ?? []
  }
}

/// What an ARN tells of its resource's type: `ec2:route-table`, `s3`.
struct ARNType: Hashable, CustomStringConvertible {
  let service: String
  /// Without hyphens and in lower case, because types and ARNs differ in these alone.
  private let word: String
  let description: String

  /// `nil` for a text that is no ARN.
  init?(_ arn: String) {
    let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6, parts[0] == "arn" else { return nil }
    let separator = parts[5].firstIndex { $0 == "/" || $0 == ":" }
    self.init(service: String(parts[2]), separator.map { String(parts[5][..<$0]) } ?? "")
  }

  /// As the ARNs of the kind's resources are.
  init(_ kind: any Kind) {
    let parts = kind.type.split(separator: ":").map(String.init)
    var service = parts.count > 1 ? parts[1].lowercased() : ""
    var word = parts.last ?? ""
    if let arn = kind.facts.identity.arn {
      let own = arn.split(separator: ":", maxSplits: 1).map(String.init)
      (service, word) = (own.first ?? "", own.count > 1 ? own[1] : "")
    }
    self.init(service: service, word)
  }

  private init(service: String, _ word: String) {
    let own = word
    self.service = service
    self.word = own.lowercased().filter { $0 != "-" }
    description = own.isEmpty ? service : "\(service):\(own)"
  }

  static func == (left: ARNType, right: ARNType) -> Bool {
    left.service == right.service && left.word == right.word
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(service)
    hasher.combine(word)
  }
}

extension Snapshot {
  /// What stands for the type of a resource that no kind knows, by its ARN: `ec2:dhcp-options`.
  public static func typeName(ofARN arn: String) -> String {
    ARNType(arn)?.description ?? arn
  }
}
