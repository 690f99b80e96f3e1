import Document
import TrueupCore

extension SchemaCheck {
  /// Checks what is not known yet, as far as it can be: list or not, and of which type.
  mutating func checkUnknown(
    _ value: Value, schema: PropertySchema, at path: PropertyPath, position: Position
  ) {
    if isTrial { return }
    let types = schema.types
    if let isList = givesList(value), !types.isEmpty {
      let wantsOnlyCollections = Set(types).isSubset(of: [.array, .object])
      if isList ? !types.contains(.array) : wantsOnlyCollections {
        error(
          "\(subject(path)) wants \(Self.article(types)); \(Self.text(of: value)) gives "
            + (isList ? "a list" : "a string"), at: position)
        return
      }
    }
    if case .reference(let reference) = value, !schema.referenceFormats.isEmpty,
      let source = source(reference)
    {
      checkFormat(source, wanted: schema.referenceFormats, at: path, position)
    }
  }

  /// Whether the value will be a list; `nil` where that is not known.
  private func givesList(_ value: Value) -> Bool? {
    switch value {
    case .call(.split, _), .call(.cidr, _), .fact(.availabilityZones): true
    case .call(.select, _): nil
    case .call, .secret: false
    case .fact(.parameter(_, let isList, _, _)): isList
    case .reference(let reference):
      source(reference)?.attribute.isList
    case .known, .list, .object: nil
    }
  }

  private static func text(of value: Value) -> String {
    switch value {
    case .reference(let reference): text(of: reference)
    case .call(let function, _): function.rawValue
    case .fact(.availabilityZones): "Fn::GetAZs"
    case .fact(.parameter(let name, _, _, _)): "SSM parameter \(name)"
    case .secret(let secret): secret.parameter
    case .known, .list, .object: "the value"
    }
  }

  private static func text(of reference: Reference) -> String {
    reference.attribute.map { "\(reference.address.resource).\($0)" }
      ?? reference.address.resource
  }

  /// The registry says by `format: AWS::EC2::VPC.Id` what a reference must give. A source that has no
  /// format is let pass, unless it is the id of another type, or the wanted type has another property
  /// of that format.
  private mutating func checkFormat(
    _ source: Source, wanted: Set<String>, at path: PropertyPath, _ position: Position
  ) {
    if wanted.isEmpty { return }
    let given = source.attribute.formats
    if !given.isDisjoint(with: wanted) { return }
    let candidates = source.schema.properties.filter { !$0.value.formats.isDisjoint(with: wanted) }
      .keys.sorted()
    let isOfWantedType = wanted.contains { $0.hasPrefix(source.schema.type + ".") }
    if given.isEmpty, candidates.isEmpty, isOfWantedType || source.reference.attribute != nil {
      return
    }
    let what = source.reference.attribute.map { "attribute \($0)" } ?? source.attribute.property
    var remedy = ""
    if isOfWantedType, let candidate = candidates.first {
      remedy =
        candidate == source.ref
        ? "; use { \"Ref\": \(source.reference.address.resource.quoted) }"
        : "; use { \"Fn::GetAtt\": [\(source.reference.address.resource.quoted), "
          + "\(candidate.quoted)] }"
    }
    error(
      "\(subject(path)) wants \(Self.names(wanted)); \(Self.text(of: source.reference)) gives the "
        + "\(what) of \(source.schema.type)\(remedy)", at: position)
  }

  private static func names(_ formats: Set<String>) -> String {
    formats.sorted().joined(separator: " or ")
  }
}
