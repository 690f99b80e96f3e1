import Document

/// Files that are written as other tools have them: named as what they are, with the way out.
enum ForeignText {
  /// The error of a file that could not be read as JSON, with what it is instead.
  static func explained(_ error: ReadingError, _ bytes: [UInt8]) -> ReadingError {
    let lines = String(decoding: bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    if let hint = whole(lines) {
      return ReadingError(position: error.position, message: hint)
    }
    guard error.position.line <= lines.count else { return error }
    let rest = lines[error.position.line - 1].unicodeScalars.dropFirst(error.position.column - 1)
    guard let hint = part(String(String.UnicodeScalarView(rest))) else { return error }
    return ReadingError(position: error.position, message: "\(error.message); \(hint)")
  }

  /// What the whole text is, by its first line that says something.
  private static func whole(_ lines: [Substring]) -> String? {
    let significant = lines.lazy.map { line in
      line.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    }.first { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix("//") && !$0.hasPrefix("/*") }
    guard let line = significant else {
      return lines.contains { $0.contains("#") }
        ? nil : "the file is empty; it holds one JSON object"
    }
    guard let first = line.first, !"{[".contains(first) else { return nil }
    if line.hasPrefix("---") || line.hasPrefix("%YAML") || line.hasPrefix("- ")
      || line.prefixMatch(of: /["']?[A-Za-z_$][A-Za-z0-9_.:$\/ -]*?["']?\s*:(\s|$)/) != nil
    {
      return yaml
    }
    if line.prefixMatch(
      of: /(resource|data|variable|output|provider|module|locals|terraform|moved|import)\b\s*["{]/)
      != nil
    {
      return "this is Terraform's language; Trueup reads CloudFormation templates in JSON with "
        + "comments (docs/from-terraform.md says what becomes what)"
    }
    if line.prefixMatch(of: /(import|from|const|export|class|package|require)\b/) != nil {
      return "this is a program; Trueup reads the template that it writes: cdk synth, and "
        + "cfn-flip for JSON"
    }
    if line.prefixMatch(of: /[A-Za-z_][A-Za-z0-9_.-]*\s*=/) != nil {
      return "this is a list of settings; Trueup reads JSON with comments: { \"name\": \"value\" }"
    }
    return nil
  }

  static let yaml =
    "this is YAML; Trueup reads JSON with comments: convert it, a template by cfn-flip FILE.yaml "
    + "FILE.jsonc, anything else by yq -o=json FILE.yaml > FILE.jsonc"

  /// What stands where a value or a key should be.
  private static func part(_ text: String) -> String? {
    if let short = text.prefixMatch(of: /!([A-Za-z0-9:]+)/) {
      let name = String(short.1)
      let function = name == "Ref" || name == "Condition" ? name : "Fn::\(name)"
      let argument =
        switch name {
        case "Ref", "Condition": "\"NAME\""
        case "GetAtt": "[\"RESOURCE\", \"ATTRIBUTE\"]"
        case "Sub", "ImportValue", "Base64", "GetAZs": "\"TEXT\""
        default: "[…]"
        }
      return "!\(name) is YAML's short form; in JSON it is { \"\(function)\": \(argument) }"
    }
    if text.hasPrefix("'") { return "JSON has double quotes alone" }
    let words = /(True|TRUE|False|FALSE|None|NULL|Null|undefined|yes|no|on|off)\b/
    if let word = text.prefixMatch(of: words) {
      let meant =
        switch word.1.lowercased() {
        case "true", "yes", "on": "true"
        case "false", "no", "off": "false"
        default: "null, or no member at all"
        }
      return "JSON writes \(meant)"
    }
    if text.hasPrefix("#") { return "a comment begins with //" }
    if text.hasPrefix("<<<<<<<") || text.hasPrefix("=======") || text.hasPrefix(">>>>>>>") {
      return "a merge was left unresolved here"
    }
    if text.hasPrefix("<<") { return "a text of several lines is one string with \\n in JSON" }
    return nil
  }
}
