import Document
import TrueupCore

/// What an observation has shown of the parameters that concern us: those of the names that are desired
/// or known, and those that the sweep shows as ours. An account may hold thousands of others.
struct ParameterReads {
  private let context: ReadContext
  private let replies: Replies
  private let sweep: TagSweep

  init(_ context: ReadContext, _ replies: Replies) {
    self.context = context
    self.replies = replies
    sweep = TagSweep(context, replies)
  }

  /// Source: Systems Manager API reference, ParameterStringFilter: up to 50 names.
  var descriptions: [Read] {
    guard replies[TagSweep.read] != nil else { return [] }
    return names.chunks(of: 50).map { names in
      Read(
        Call(
          "ssm", "DescribeParameters",
          [
            "ParameterFilters": [
              ["Key": "Name", "Option": "Equals", "Values": .list(names.map(Document.string))]
            ]
          ]), pageSize: 50, isEssential: true)
    }
  }

  /// An ARN does not tell whether a name without hierarchy begins with a slash.
  private var names: [String] {
    let ours = sweep.swept.filter { context.owns($0.value) }.keys.flatMap { arn -> [String] in
      let parts = arn.split(separator: ":", maxSplits: 5).map(String.init)
      guard parts.count == 6, parts[2] == "ssm", parts[5].hasPrefix("parameter/") else {
        return []
      }
      let name = String(parts[5].dropFirst("parameter/".count))
      return name.contains("/") ? ["/" + name] : [name, "/" + name]
    }
    return Set(ours).union(context.candidates.keys).sorted()
  }

  var parameters: [Document] {
    descriptions.flatMap { replies[$0]?.output?["Parameters"]?.list ?? [] }
  }

  func tags(of parameter: Document) -> TagSweep.KnownTags {
    let name = parameter["Name"]?.string ?? ""
    return sweep.tags(
      ofARN: parameter["ARN"]?.string ?? arn(of: name), candidate: name,
      own: Read(
        Call(
          "ssm", "ListTagsForResource",
          ["ResourceType": "Parameter", "ResourceId": .string(name)],
          absentCodes: ["InvalidResourceId"]))
    ) { Tags.read($0["TagList"]) }
  }

  private func arn(of name: String) -> String {
    "arn:\(context.partition):ssm:\(context.region):\(context.scope.account):parameter"
      + (name.hasPrefix("/") ? name : "/" + name)
  }

  // MARK: Values

  /// Ten names a call, of those whose value is compared and not encrypted.
  var values: [Read] {
    let wanted = parameters.filter { parameter in
      guard let name = parameter["Name"]?.string else { return false }
      return parameter["Type"] != "SecureString"
        && context.declared(id: name, tags: tags(of: parameter).known).contains("Value")
    }.compactMap { $0["Name"]?.string }.sorted()
    // Only once all are known: which are read together must not change from round to round.
    guard descriptions.allSatisfy({ replies[$0] != nil }),
      parameters.allSatisfy({ tags(of: $0).wanted.map { replies[$0] != nil } ?? true })
    else { return [] }
    return wanted.chunks(of: 10).map { names in
      Read(Call("ssm", "GetParameters", ["Names": .list(names.map(Document.string))]))
    }
  }

  func value(of name: String) -> Finding {
    let parameter = parameters.first { $0["Name"]?.string == name }
    if parameter?["Type"] == "SecureString" { return .unread("its value is encrypted") }
    let read = values.first { $0.call.input["Names"]?.list?.contains(.string(name)) ?? false }
    guard let read else { return .unread(notAskedFor) }
    switch replies.finding(read) {
    case .found(let output):
      let found = output["Parameters"]?.list?.first { $0["Name"]?.string == name }
      return found?["Value"].map(Finding.found) ?? .nothing
    case .nothing: return .nothing
    case .unread(let reason): return .unread(reason)
    }
  }
}
