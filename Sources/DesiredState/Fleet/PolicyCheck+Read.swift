import Document
import TrueupCore

extension PolicyCheck {
  /// `"checks": [{ "name": "guardrails", "run": ["conftest", "test", "-"] }]`.
  static func read(_ reader: ObjectReader) -> [PolicyCheck] {
    guard let node = reader["checks"] else { return [] }
    guard let elements = node.elements else {
      reader.error("\"checks\" must be a list, not \(node.article)", at: node.position)
      return []
    }
    var names: Set<String> = []
    return elements.compactMap { element in
      guard
        let check = ObjectReader(
          element, in: reader.file, as: "a check", allowed: ObjectSchema.check.names,
          log: reader.log),
        let name = check.string("name", required: true)
      else { return nil }
      if !names.insert(name.value).inserted {
        check.log.error("there are two checks \(name.value.quoted)", at: name.location)
      }
      if check["run"] == nil {
        check.error(
          "check \(name.value.quoted) needs \"run\": the program and its arguments",
          at: check.position)
      }
      let run = check.strings("run").map(\.value)
      if check["run"]?.elements?.isEmpty == true {
        check.error("\"run\" of check \(name.value.quoted) names no program", at: check.position)
      }
      guard !run.isEmpty else { return nil }
      return PolicyCheck(
        name: name.value, run: run, on: occasions(check), warns: flag("warn", check),
        timeout: timeout(check))
    }
  }

  private static func occasions(_ check: ObjectReader) -> Set<Occasion> {
    guard check["on"] != nil else { return Set(Occasion.allCases) }
    let words = check.strings("on")
    if check["on"]?.elements?.isEmpty == true {
      check.error("\"on\" is empty, so that the check would never run", at: check.position)
    }
    return Set(
      words.compactMap { word in
        if let occasion = Occasion(rawValue: word.value) { return occasion }
        let known = Occasion.allCases.map(\.rawValue)
        check.log.error(
          "\"on\" may name \(known.joined(separator: ", ")), not \(word.value.quoted)"
            + Spelling.suggestion(for: word.value, among: known), at: word.location)
        return nil
      })
  }

  private static func flag(_ key: String, _ check: ObjectReader) -> Bool {
    guard let node = check[key] else { return false }
    guard let flag = node.document.bool else {
      check.error("\(key.quoted) must be true or false", at: node.position)
      return false
    }
    return flag
  }

  private static func timeout(_ check: ObjectReader) -> Int {
    guard let seconds = check.count("timeout") else { return standardTimeout }
    guard (1...longestTimeout).contains(seconds) else {
      check.error(
        "\"timeout\" must be 1 to \(longestTimeout) seconds", at: check.position)
      return standardTimeout
    }
    return seconds
  }
}
