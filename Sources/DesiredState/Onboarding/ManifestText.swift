import Document
import TrueupCore

/// The text of a new manifest, with what its blueprint says of each parameter as comments.
struct ManifestText {
  let onboarding: Onboarding
  let account: String?
  let blueprint: Blueprint
  var networks: [String: (network: Network, pool: AddressPool)] = [:]
  /// Values that the other stacks of the blueprint agree on, with one of those stacks.
  var shared: [String: (value: Document, stack: String)] = [:]

  /// Parameters without a value: a person has to give one.
  var toFill: [TemplateParameter] {
    open.filter {
      !$0.noEcho && networks[$0.name] == nil && shared[$0.name] == nil && $0.defaultValue == nil
    }
  }

  /// The `NoEcho` parameters that have to have a value, with the variables that they will be read from.
  var secrets: [Onboarding.Proposal.Secret] {
    open.filter { $0.noEcho && $0.defaultValue == nil }.map {
      .init(parameter: $0.name, variable: variable($0))
    }
  }

  private func variable(_ parameter: TemplateParameter) -> String {
    [onboarding.client, onboarding.environment, parameter.name].map(Self.variablePart)
      .joined(separator: "_")
  }

  /// Parameters that are not filled from the manifest's client and environment.
  private var open: [TemplateParameter] {
    blueprint.parameters.filter { !["Client", "Environment", "Project"].contains($0.name) }
  }

  var text: String {
    var lines = ["{"]
    if let schema = onboarding.schema { lines += member("$schema", .string(schema)) }
    lines += member("client", .string(onboarding.client))
    lines += member("environment", .string(onboarding.environment))
    lines += member("blueprint", .string(onboarding.blueprint))
    if let account { lines += member("account", .string(account)) }
    if let region = onboarding.region { lines += member("region", .string(region)) }
    let plain = open.filter { !$0.noEcho }
    if !plain.isEmpty {
      lines += ["  \"parameters\": {"] + plain.flatMap(parameter) + ["  },"]
    }
    let hidden = open.filter(\.noEcho)
    if !hidden.isEmpty {
      lines.append("  // Read where trueup runs; never in git. Also: { \"file\": PATH }, or")
      lines.append("  // { \"generate\": LENGTH } for a value that nobody needs to know.")
      lines.append("  \"secrets\": {")
      for parameter in hidden {
        let isOptional = parameter.defaultValue != nil
        lines += comments(parameter)
        if isOptional { lines.append("    // It may be left out.") }
        lines.append(
          "    \(isOptional ? "// " : "")\(Self.json(.string(parameter.name))): "
            + "{ \"env\": \(Self.json(.string(variable(parameter)))) },")
      }
      lines.append("  },")
    }
    lines.append("}")
    return lines.map { $0 + "\n" }.joined()
  }

  private func member(_ key: String, _ value: Document) -> [String] {
    ["  \"\(key)\": \(value.json()),"]
  }

  private func parameter(_ parameter: TemplateParameter) -> [String] {
    let key = Self.json(.string(parameter.name))
    if let (network, pool) = networks[parameter.name] {
      return comments(parameter) + [
        "    // The next free /\(pool.prefixLength) of the fleet's pool \(pool.range).",
        "    \(key): \(Self.json(.string(network.description))),",
      ]
    }
    if let (value, stack) = shared[parameter.name] {
      return comments(parameter) + [
        "    // As \(stack) has it.",
        "    \(key): \(Self.json(Self.plain(value, parameter.type))),",
      ]
    }
    if let value = parameter.defaultValue {
      return comments(parameter) + [
        "    // The default, which follows the blueprint; give a value to differ from it.",
        "    // \(key): \(Self.json(Self.plain(value.value, parameter.type))),",
      ]
    }
    return comments(parameter) + [
      "    // FILL IN: this parameter has no default.", "    // \(key): \"\",",
    ]
  }

  /// What the blueprint says of the parameter, as comments.
  private func comments(_ parameter: TemplateParameter) -> [String] {
    var texts = [parameter.description].compactMap(\.self)
    let allowed = parameter.allowedValues.filter { !$0.isEmpty }
    if !allowed.isEmpty { texts.append("One of \(allowed.joined(separator: ", ")).") }
    if let constraint = parameter.constraintDescription {
      texts.append("It \(constraint).")
    } else if let pattern = parameter.allowedPattern {
      texts.append("It must match \(pattern.source)")
    }
    if let least = parameter.minLength { texts.append("At least \(Self.characters(least)).") }
    if let most = parameter.maxLength { texts.append("At most \(Self.characters(most)).") }
    if let least = parameter.minValue { texts.append("At least \(least.short).") }
    if let most = parameter.maxValue { texts.append("At most \(most.short).") }
    if parameter.type.isStored {
      texts.append("The name of an SSM parameter that holds the value.")
    } else if parameter.type.isList {
      texts.append("A list.")
    }
    return texts.flatMap { $0.split(whereSeparator: \.isNewline) }.map { "    // \($0)" }
  }

  private static func characters(_ count: Double) -> String {
    "\(count.short) character\(count == 1 ? "" : "s")"
  }

  /// Numbers as people write them; templates hold them as strings.
  private static func plain(_ value: Document, _ type: ParameterType) -> Document {
    guard type.element == .number else { return value }
    func number(_ value: Document) -> Document {
      value.string.flatMap { text in
        Int(text).map(Document.integer) ?? Double(text).map(Document.double)
      } ?? value
    }
    return value.list.map { .list($0.map(number)) } ?? number(value)
  }

  private static func json(_ value: Document) -> String { value.json() }

  /// `BOT_TOKEN` of `BotToken`, `OPEN_ROUTER_API_KEY` of `OpenRouterAPIKey`, `EU_WEST` of `eu-west`.
  static func variablePart(_ name: String) -> String {
    let letters = Array(name)
    var text = ""
    for (index, letter) in letters.enumerated() {
      guard letter.isLetter || letter.isNumber else {
        text += "_"
        continue
      }
      if letter.isUppercase, index > 0, letters[index - 1] != "-" {
        let previous = letters[index - 1]
        let beginsWord = index + 1 < letters.count && letters[index + 1].isLowercase
        if previous.isLowercase || previous.isNumber || previous.isUppercase && beginsWord {
          text += "_"
        }
      }
      text += letter.uppercased()
    }
    return text
  }
}
