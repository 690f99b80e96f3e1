import Document
import TrueupCore

extension StackCompiler {
  /// What AWS would refuse of a resource although its schema allows it.
  func checkContent(
    _ declared: LocatedValue, kind: KnownType, tags: [String: Value], name: String,
    scope: Scope
  ) {
    for path in kind.policies {
      let policyKind = PolicyGrammar.Kind(type: kind.type, path: path)
      for policy in declared.values(at: path.components[...]) {
        var check = PolicyGrammar(policyKind, subject: "\(kind.type) \(path)")
        check.check(policy)
        report(check.findings)
      }
    }
    if kind.type == RecordCheck.type {
      var check = RecordCheck()
      check.check(declared)
      report(check.findings)
    }
    report(namesAndARNs(declared, kind))
    var networks = NetworkCheck(type: kind.type, region: scope.region)
    networks.check(declared)
    report(networks.findings)
    if kind.isTaggable { checkTags(tags, declared: declared, kind: kind) }
    if FleetCompiler.relatedTypes.contains(kind.type) {
      propertyPositions[name] = Dictionary(
        (declared.members ?? []).map { ($0.key, $0.value.position) },
        uniquingKeysWith: { _, last in last })
    }
  }

  /// Managed policies are named by their ARNs, zones by domain names.
  private func namesAndARNs(_ declared: LocatedValue, _ kind: KnownType) -> ContentFindings {
    var findings = ContentFindings()
    if kind.type.hasPrefix("AWS::IAM::") {
      let arns =
        (declared["ManagedPolicyArns"]?.oneOrMore ?? []).map { ($0, "ManagedPolicyArns") }
        + (declared["PermissionsBoundary"]?.oneOrMore ?? []).map { ($0, "PermissionsBoundary") }
      for (value, property) in arns {
        guard let text = value.text else { continue }
        let problem =
          text.hasPrefix("arn:")
          ? ARNText(text)?.problem
          : "is no ARN; one of AWS's own policies is arn:aws:iam::aws:policy/NAME"
        if let problem {
          findings.error(
            "\(kind.type) /\(property): \(text.quoted) \(problem)", at: value.position)
        }
      }
    }
    if kind.type == "AWS::Route53::HostedZone", let name = declared["Name"], let text = name.text,
      let problem = DomainText.problem(text)
    {
      findings.error("\(kind.type) /Name: \(text.quoted) \(problem)", at: name.position)
    }
    return findings
  }

  private func report(_ findings: ContentFindings) {
    for finding in findings.all {
      log.add(
        finding.isDoubt && !settings.isStrict ? .warning : .error, finding.message,
        at: place(finding.position), stack: id.name)
    }
  }

  // MARK: Tags

  private func checkTags(_ tags: [String: Value], declared: LocatedValue, kind: KnownType) {
    let takesAny = kind.type.hasPrefix("AWS::EC2::")
    if tags.count > TagCheck.limit {
      error(
        "\(kind.type) would have \(tags.count) tags besides Trueup's own three; AWS allows 50",
        at: declared.position)
    }
    var own: Set<String> = []
    if let name = kind.schema?.tagProperty, let located = declared[name] {
      for (key, value) in Self.located(located) {
        guard let text = key.text else { continue }
        own.insert(text)
        if let problem = TagCheck.problem(ofKey: text, takesAny: takesAny) {
          error(problem, at: key.position)
        }
        if let shown = value.text,
          let problem = TagCheck.problem(ofValue: shown, key: text, takesAny: takesAny)
        {
          error(problem, at: value.position)
        }
      }
    }
    let problems = commonTagProblems[takesAny] ?? problems(ofCommonTags: takesAny)
    commonTagProblems[takesAny] = problems
    for (tag, problem) in problems where !own.contains(tag.key) {
      log.error(problem, at: tag.location, stack: id.name)
    }
  }

  /// What is wrong with the tags that all resources of the stack get.
  private func problems(ofCommonTags takesAny: Bool) -> [(tag: DeclaredTag, problem: String)] {
    commonTagList.compactMap { tag in
      let problem =
        TagCheck.problem(ofKey: tag.key, takesAny: takesAny)
        ?? tag.value(of: id).unlessOpen.flatMap {
          TagCheck.problem(ofValue: $0, key: tag.key, takesAny: takesAny)
        }
      return problem.map { (tag, $0) }
    }
  }

  /// Keys and values, of a list of tags or of an object.
  private static func located(_ tags: LocatedValue) -> [(key: LocatedValue, value: LocatedValue)] {
    switch tags.content {
    case .list(let elements):
      elements.compactMap { element in
        element["Key"].map { ($0, element["Value"] ?? LocatedValue(.absent, at: element.position)) }
      }
    case .object(let members):
      members.map { (LocatedValue(.string($0.key), at: $0.position), $0.value) }
    case .leaf, .absent, .invalid: []
    }
  }
}

extension String {
  /// `nil` where a placeholder is left, which is an error of its own.
  fileprivate var unlessOpen: String? { contains("${") ? nil : self }
}
