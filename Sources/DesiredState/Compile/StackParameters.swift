import Document
import TrueupCore

extension StackCompiler {
  /// Gives every parameter its value: from the manifest, its secrets, or the default.
  func readParameters() {
    let declared = blueprint.parameters
    let names = declared.map(\.name)
    let filled = ["Client": id.client, "Environment": id.environment, "Project": id.project]
    var given: [String: Node.Member] = [:]
    // A misspelled parameter is not missing as well.
    var meant: Set<String> = []
    for member in manifest.parameters {
      given[member.key] = member
      guard !names.contains(member.key) else { continue }
      meant.formUnion([Spelling.nearest(to: member.key, among: names)].compactMap(\.self))
      log.error(
        "blueprint \(blueprint.name) has no parameter \(member.key.quoted)"
          + Spelling.suggestion(for: member.key, among: names),
        at: inManifest(member.position))
    }
    for (name, source) in manifest.secrets {
      guard let parameter = declared.first(where: { $0.name == name }) else {
        log.error(
          "blueprint \(blueprint.name) has no parameter \(name.quoted)"
            + Spelling.suggestion(for: name, among: declared.filter(\.noEcho).map(\.name)),
          at: source.location)
        continue
      }
      if !parameter.noEcho {
        log.error(
          "\(name) is not NoEcho (\(parameter.location)): its value belongs under \"parameters\"",
          at: source.location)
      }
    }
    for parameter in declared {
      if let text = filled[parameter.name] {
        if let member = given[parameter.name] {
          log.error(
            "\(parameter.name) is filled from \"\(parameter.name.lowercased())\" and cannot be given",
            at: inManifest(member.position))
        }
        set(parameter, .string(text), at: manifest.clientLocation)
      } else if parameter.noEcho {
        setSecret(parameter, given: given[parameter.name])
      } else if let member = given[parameter.name] {
        set(parameter, member.value.document, at: inManifest(member.value.position))
      } else if let value = parameter.defaultValue {
        accept(parameter, value.value)
      } else if !meant.contains(parameter.name) {
        log.error(
          "parameter \(parameter.name) of blueprint \(blueprint.name) has no value "
            + "(declared at \(parameter.location))", at: manifest.parametersLocation)
      }
    }
  }

  private func inManifest(_ position: Position) -> SourceLocation {
    SourceLocation(file: manifest.file, position: position)
  }

  private func set(_ parameter: TemplateParameter, _ value: Document, at place: SourceLocation) {
    switch parameter.value(of: value) {
    case .success(let value): accept(parameter, value)
    case .failure(let problem): log.error(problem.text, at: place)
    }
  }

  /// A default stands in the blueprint for all to see, so it is used as it is.
  private func setSecret(_ parameter: TemplateParameter, given member: Node.Member?) {
    if let member {
      log.error(
        "\(parameter.name) is NoEcho: name its source under \"secrets\" instead of its value",
        at: inManifest(member.position))
    }
    if manifest.secrets[parameter.name] == nil, let value = parameter.defaultValue {
      accept(parameter, value.value)
    } else {
      let isMeant = manifest.secrets.keys.contains {
        Spelling.nearest(to: $0, among: [parameter.name]) != nil
      }
      if !isMeant, member == nil, checksContent {
        // What exists already needs no source: it is an apply that has to write it which is refused.
        log.add(
          settings.isStrict ? .error : .warning,
          "NoEcho parameter \(parameter.name) of blueprint \(blueprint.name) has no source (declared at "
            + "\(parameter.location)); name it: \"secrets\": { \(parameter.name.quoted): "
            + "{ \"env\": \"VARIABLE\" } }", at: manifest.secretsLocation, stack: id.name)
      }
      parameterValues[parameter.name] = .secret(
        SecretReference(stack: id.name, parameter: parameter.name))
    }
  }

  private func accept(_ parameter: TemplateParameter, _ value: Document) {
    defer { noteIdentifier(parameter) }
    guard parameter.type.isStored, let name = value.string else {
      parameterValues[parameter.name] = .known(value)
      return
    }
    let fact = Fact.parameter(
      name: name, isList: parameter.type.isList, account: account.id, region: region)
    factOrigins[fact] = "parameter \(parameter.name)"
    requiredFacts.insert(fact)
    parameterValues[parameter.name] = .fact(fact)
  }

  /// What the parameter names must be there: only AWS can tell. A secret is not asked about.
  private func noteIdentifier(_ parameter: TemplateParameter) {
    guard case .awsValue(let type, _) = parameter.type.element, !parameter.noEcho,
      let value = parameterValues[parameter.name]
    else { return }
    givenIdentifiers.append(
      GivenIdentifier(
        parameter: parameter.name, type: type, value: value,
        location: location(ofParameter: parameter.name)))
  }

  /// Where the manifest gives a parameter's value, or should.
  func location(ofParameter name: String) -> SourceLocation {
    manifest.parameters.last { $0.key == name }.map { inManifest($0.value.position) }
      ?? manifest.parametersLocation
  }
}
