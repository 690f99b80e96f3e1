/// One of AWS's shared files, `~/.aws/config` or `~/.aws/credentials`, as sections of settings.
///
/// Rules: "Shared config and credentials files format" in the AWS SDKs and Tools Reference Guide.
struct SharedFile: Sendable {
  struct Setting: Hashable, Sendable {
    var value: String
    /// `file:line`.
    var place: String
    /// Settings of the indented block below a setting without value (`s3 =`).
    var nested: [String: Setting] = [:]
  }

  /// By the text between the brackets, blanks made one (`profile dev`), then by lower-case name.
  var sections: [String: [String: Setting]] = [:]

  init() {}

  /// Throws `configuration` with file and line where a line is neither section nor setting.
  init(_ text: String, path: String) throws(AWSError) {
    var section: String?
    var name: String?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, raw) in lines.enumerated() {
      let place = "\(path):\(index + 1)"
      let line = raw.trimmed
      if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if raw.hasPrefix(" ") || raw.hasPrefix("\t") {
        guard let section, let name else {
          throw .configuration(place: place, reason: "an indented line has no setting above it")
        }
        try continued(section, name: name, line: line, place: place)
      } else if line.hasPrefix("[") {
        section = try Self.header(line, place)
        name = nil
        if let section { sections[section, default: [:]] = sections[section] ?? [:] }
      } else {
        guard let section else {
          throw .configuration(place: place, reason: "a setting stands before any [section]")
        }
        let (key, setting) = try Self.setting(line, place)
        sections[section]?[key] = setting
        name = key
      }
    }
  }

  /// An indented line: a nested setting below a setting without value, else more of its value.
  private mutating func continued(
    _ section: String, name: String, line: String, place: String
  ) throws(AWSError) {
    guard var setting = sections[section]?[name] else { return }
    if setting.value.isEmpty {
      let (key, nested) = try Self.setting(line, place)
      setting.nested[key] = nested
    } else {
      setting.value += "\n" + line
    }
    sections[section]?[name] = setting
  }

  private static func header(_ line: String, _ place: String) throws(AWSError) -> String {
    guard let end = line.firstIndex(of: "]") else {
      throw .configuration(place: place, reason: "the section's name has no closing bracket")
    }
    let rest = line[line.index(after: end)...].trimmed
    guard rest.isEmpty || rest.hasPrefix("#") || rest.hasPrefix(";") else {
      throw .configuration(place: place, reason: "there is text after the closing bracket")
    }
    let name = line[line.index(after: line.startIndex)..<end]
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !name.isEmpty else {
      throw .configuration(place: place, reason: "the section has no name")
    }
    return name
  }

  /// `name = value`; a comment begins with a blank and `#` or `;`.
  private static func setting(
    _ line: String, _ place: String
  ) throws(AWSError) -> (String, Setting) {
    guard let equals = line.firstIndex(of: "=") else {
      throw .configuration(place: place, reason: "expected `name = value` or `[section]`")
    }
    let name = line[..<equals].trimmed.lowercased()
    guard !name.isEmpty else {
      throw .configuration(place: place, reason: "the setting has no name before `=`")
    }
    var value = line[line.index(after: equals)...]
    var previous: Character = "="
    for index in value.indices {
      if value[index] == "#" || value[index] == ";", previous.isWhitespace {
        value = value[..<index]
        break
      }
      previous = value[index]
    }
    return (name, Setting(value: value.trimmed, place: place))
  }
}

extension StringProtocol {
  /// The text without white space at either end.
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
