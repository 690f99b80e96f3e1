import Document
import TrueupCore

/// Keys that somebody declares by an alias, where a service shows them by their ids. Which alias is meant, of the
/// many that a key may have, only what is declared says.
enum KeyAliases {
  private static let list = Read(Call("kms", "ListAliases", [:]), pageSize: 100)

  /// The read that says which keys the declared aliases stand for; none where no alias is declared.
  static func reads(_ property: String, _ context: ReadContext) -> [Read] {
    declared(property, context).isEmpty ? [] : [list]
  }

  /// A resource with its key as it is declared: by alias, where the alias is that key's.
  static func named(
    _ property: String, in observed: Observed, _ context: ReadContext, _ replies: Replies
  ) -> Observed {
    let declared = declared(property, context)
    guard !declared.isEmpty, let key = observed.properties[property]?.string else {
      return observed
    }
    var shown = observed
    switch replies.finding(list) {
    case .found(let output):
      let alias = output.elements("Aliases").first { alias in
        alias["TargetKeyId"]?.string == key.lastPart
          && declared.contains(alias["AliasName"]?.string ?? "")
      }
      if let name = alias?["AliasName"] {
        shown.properties = observed.properties.setting(property, name)
      }
    case .unread(let reason): shown.mark([property], reason)
    case .nothing: break
    }
    return shown
  }

  private static func declared(_ property: String, _ context: ReadContext) -> Set<String> {
    Set((context.values[property] ?? []).map(name).filter { $0.hasPrefix("alias/") })
  }

  /// The id or the alias of a key, whether it is named by an ARN or not.
  static func name(_ key: String) -> String {
    guard key.hasPrefix("arn:"), let resource = key.split(separator: ":", maxSplits: 5).last else {
      return key
    }
    return resource.hasPrefix("key/") ? String(resource.dropFirst(4)) : String(resource)
  }
}
