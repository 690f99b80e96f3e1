/// What `plan`, `drift` and `apply` print with `--format json`.
struct Report {
  struct Change {
    let json: JSON

    var address: String { json["address"].string ?? "?" }
    var resource: String { json["resource"].string ?? "?" }
    var action: String { json["action"].string ?? "?" }
    var cause: String { json["cause"].string ?? "?" }
    var outcome: String { json["outcome"].string ?? "?" }
    var paths: [String] { json["differences"].array.compactMap { $0["path"].string } }
  }

  let json: JSON

  /// Throws when a member is missing on which other programs rely.
  init(_ finished: Program.Finished) throws {
    do {
      json = try JSON(parsing: finished.output)
    } catch {
      throw HarnessError(
        "the output is not JSON (exit code \(finished.code)):\n\(finished.everything)")
    }
    for member in ["formatVersion", "stacks", "summary", "calls", "dirty"]
    where json[member].value == nil {
      throw HarnessError("the report has no \(member): \(json)")
    }
  }

  var changes: [Change] {
    json["stacks"].array.flatMap { $0["changes"].array }.map { Change(json: $0) }
  }

  func change(_ resource: String) -> Change? { changes.first { $0.resource == resource } }

  func change(_ resource: String, stack: String) -> Change? {
    changes.first { $0.address == "\(stack)/\(resource)" }
  }

  /// One line per change: what must not depend on whether a journal exists.
  var actions: [String] { changes.map { "\($0.action) \($0.address)" }.sorted() }

  var summary: JSON { json["summary"] }
  var totalCalls: Int { json["calls"]["total"].int ?? -1 }
}
