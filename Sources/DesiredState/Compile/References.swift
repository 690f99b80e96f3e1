import Document
import TrueupCore

extension StackCompiler {
  /// What `Ref` gives: a pseudo parameter, a parameter or a resource.
  func reference(to name: String, at position: Position, _ site: Site) -> LocatedValue {
    if name == "AWS::NoValue" { return LocatedValue(.absent, at: position) }
    if let pseudo = pseudoParameters[name] { return LocatedValue(pseudo, at: position) }
    if blueprint.parameterNames.contains(name) {
      guard let value = parameterValues[name] else { return .invalid(position) }
      return LocatedValue(answered(value, site), at: position)
    }
    guard let reference = resourceReference(name, attribute: nil, at: position, site) else {
      return .invalid(position)
    }
    return LocatedValue(.leaf(reference), at: position)
  }

  /// A fact's value where something must be decided by it and it is known.
  func answered(_ value: Value, _ site: Site) -> Value {
    guard case .fact(let fact) = value, case .decision = site, let known = settings.facts[fact]
    else { return value }
    return .known(known)
  }

  /// Source: CloudFormation User Guide, "Pseudo parameters reference".
  func makePseudoParameters() -> [String: Value] {
    let partition = Partition.name(ofRegion: region)
    return [
      "AWS::AccountId": .string(account.id),
      "AWS::NotificationARNs": .known([]),
      "AWS::Partition": .string(partition),
      "AWS::Region": .string(region),
      "AWS::StackId": .string(
        "arn:\(partition):cloudformation:\(region):\(account.id):stack/\(id.name)/\(stackUUID)"),
      "AWS::StackName": .string(id.name),
      "AWS::URLSuffix": .string(Partition.urlSuffix(ofRegion: region)),
    ]
  }

  /// The same for the same stack for ever, and shaped as a UUID, because templates take parts of it
  /// for unique names. FNV-1a over account, region and owner, twice.
  private var stackUUID: String {
    func hash(_ salt: String) -> String {
      let text = "\(salt) \(account.id) \(region) \(id.owner)"
      let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let digits = Array(hash("a") + hash("b"))
    return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }

  /// A reference to a resource of this stack; `nil`, reported, where there is none.
  func resourceReference(
    _ name: String, attribute: String?, at position: Position, _ site: Site
  ) -> Value? {
    guard let resource = checkedResource(name, attribute: attribute, at: position) else {
      return nil
    }
    let text = attribute.map { "\(name).\($0)" } ?? name
    if case .decision(let what) = site {
      error("\(what) cannot depend on resource \(text)", at: position)
      return nil
    }
    if !isCreated(resource) {
      error(
        "\(text) cannot be used: \(name) is not created, as condition \(resource.condition ?? "") "
          + "is false", at: position)
      return nil
    }
    if case .resource(let origin) = site { noteEdge(from: origin, to: name, at: position) }
    return .reference(Reference(address(name), attribute: attribute))
  }

  /// The resource, if the names are right, created or not.
  func checkedResource(
    _ name: String, attribute: String?, at position: Position
  ) -> ResourceTemplate? {
    guard let resource = resources[name] else {
      var names = Array(resources.keys)
      if attribute == nil {
        names += blueprint.parameters.map(\.name) + pseudoParameters.keys + ["AWS::NoValue"]
      }
      // A resource that is written, but not in a way that could be read, is reported already.
      if !blueprint.resources.contains(where: { $0.key == name }) {
        let wanted = attribute == nil ? "parameter or resource" : "resource"
        error(
          "the blueprint has no \(wanted) \(name.quoted)"
            + (ForeignWord.hint(reference: attribute.map { "\(name).\($0)" } ?? name)
              ?? Spelling.suggestion(for: name, among: names)),
          at: position)
      }
      return nil
    }
    if let attribute, let problem = problem(ofAttribute: attribute, type: resource.type) {
      error(problem, at: position)
      return nil
    }
    return resource
  }

  /// Any property can be asked for, besides the attributes that only AWS sets.
  private func problem(ofAttribute attribute: String, type: String) -> String? {
    guard let schema = settings.schema(type) else { return nil }
    let path = PropertyPath(attribute.split(separator: ".").map(String.init))
    if let property = path.property,
      settings.catalog[type]?.facts.properties.proven.contains(property) == true
    {
      return "AWS never shows \(property) of \(type); name the secret by "
        + "{{resolve:secretsmanager:…}}"
    }
    if !path.components.isEmpty, schema[path] != nil { return nil }
    let own = schema.readOnly.map { $0.components.joined(separator: ".") }.sorted()
    let names = Set(schema.root.memberNames + own)
    let properties = schema.root.memberNames.filter {
      !own.contains($0) && $0 != schema.tagProperty
    }
    func listed(_ names: [String]) -> String {
      names.prefix(16).joined(separator: ", ")
        + (names.count > 16 ? " and \(names.count - 16) more" : "")
    }
    return "\(type) has no attribute \(attribute.quoted)"
      + Spelling.suggestion(for: attribute, among: names)
      + (own.isEmpty ? "" : "; AWS sets \(listed(own))")
      + "; its properties can be asked for as well: \(listed(properties))"
  }

  /// `Fn::GetAtt`: `["Id", "Attribute"]` or `"Id.Attribute"`.
  func attribute(_ member: Node.Member, at position: Position, _ site: Site) -> LocatedValue {
    guard let (name, attribute) = attributeNames(member) else { return .invalid(position) }
    guard
      let reference = resourceReference(name, attribute: attribute, at: position, site)
    else { return .invalid(position) }
    return LocatedValue(.leaf(reference), at: position)
  }

  private func attributeNames(_ member: Node.Member) -> (String, String)? {
    if let text = member.value.string {
      let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 2 { return (parts[0], parts[1]) }
    } else if let elements = member.value.elements, elements.count == 2 {
      guard let name = decidedText(elements[0], "the resource of Fn::GetAtt"),
        let attribute = decidedText(elements[1], "the attribute of Fn::GetAtt")
      else { return nil }
      return (name, attribute)
    }
    _ = malformed(member, "wants [\"LogicalId\", \"Attribute\"] or \"LogicalId.Attribute\"")
    return nil
  }

  /// `Fn::ImportValue`: the exporting stack's value.
  func importedValue(_ member: Node.Member, at position: Position) -> LocatedValue {
    guard let name = decidedText(member.value, "the name of an import"),
      let value = fleet?.value(ofExport: name, for: self, at: place(position))
    else { return .invalid(position) }
    return LocatedValue(value, at: position)
  }

  /// `Fn::GetStackOutput`: the value of an output of another stack of the fleet, exported or not.
  func stackOutput(_ member: Node.Member, at position: Position) -> LocatedValue {
    guard
      let reader = ObjectReader(
        member.value, in: blueprint.file, as: "Fn::GetStackOutput",
        allowed: ["StackName", "OutputName", "Region", "RoleArn"], log: log)
    else { return .invalid(position) }
    func text(_ name: String) -> String? {
      guard let node = reader[name] else { return nil }
      return decidedText(node, "\(name) of Fn::GetStackOutput")
    }
    guard reader["StackName"] != nil, reader["OutputName"] != nil else {
      return malformed(member, "wants \"StackName\" and \"OutputName\"")
    }
    guard let stack = text("StackName"), let output = text("OutputName"),
      let value = fleet?.value(
        ofOutput: output, in: stack, account: text("RoleArn").flatMap(Self.account),
        region: text("Region"), for: self, at: place(position))
    else { return .invalid(position) }
    return LocatedValue(value, at: position)
  }

  /// The account in a role's ARN.
  private static func account(ofRole arn: String) -> String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 4 ? String(parts[4]) : nil
  }

  /// `Fn::GetAZs`: a fact of a region, by default the stack's.
  func availabilityZones(
    _ member: Node.Member, at position: Position, _ site: Site
  ) -> LocatedValue {
    // Converters from YAML write a missing region as null.
    let isOwn = member.value.document.isNull
    guard let name = isOwn ? "" : decidedText(member.value, "the region of Fn::GetAZs") else {
      return .invalid(position)
    }
    let fact = Fact.availabilityZones(account: account.id, region: name.isEmpty ? region : name)
    factOrigins[fact] = "Fn::GetAZs"
    requiredFacts.insert(fact)
    return LocatedValue(answered(.fact(fact), site), at: position)
  }
}
