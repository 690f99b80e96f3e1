import Document
import TrueupCore

/// A parameter of the Parameter Store.
public struct Parameter: SequencedKind {
  public init() {}

  public let type = "AWS::SSM::Parameter"

  public let facts = TypeFacts(
    Identity(
      ref: "Name", name: NameRule(property: "Name", maximumLength: 1011, punctuation: "-_./")),
    properties: [
      "/Policies": .normal(.json).losing(
        .rules(deletingBy: ["Attributes"], while: "Type", is: "Expiration")),
      // Source: Systems Manager API reference, PutParameter.
      "/DataType": .defaultsTo("text"),
      "/Tier": .defaultsTo("Standard").notResettable(
        "an advanced parameter cannot become a standard one"),
      "/Description": .defaultsTo(""),
      "/AllowedPattern": .defaultsTo(""),
      // "Parameter Store doesn't support changing a parameter type": HierarchyTypeMismatchException.
      "/Type": .createOnly,
    ],
    canonical: { properties in
      // At most one of each type, in any order. Source: Systems Manager User Guide, "Assigning parameter
      // policies".
      let properties = properties.changing("Policies") { $0.parsedJSON.unordered }
      // Says how the tier is chosen, not which it is.
      return properties["Tier"] == "Intelligent-Tiering"
        ? properties.setting("Tier", nil) : properties
    },
    replaces: { path, desired, observed in
      path == "/Tier" && desired == "Standard" && observed == "Advanced"
    })

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    let shown = ParameterReads(context, replies)
    return [TagSweep.read] + shown.descriptions
      + shown.parameters.compactMap { shown.tags(of: $0).wanted } + shown.values
  }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    let shown = ParameterReads(context, replies)
    return shown.parameters.compactMap { parameter in
      guard let name = parameter["Name"]?.string else { return nil }
      let tags = shown.tags(of: parameter)
      var members = parameter.members(named: [
        "Name", "Type", "Description", "AllowedPattern", "DataType", "Tier",
      ])
      let policies = (parameter["Policies"]?.list ?? []).compactMap {
        $0["PolicyText"]?.parsedJSON
      }
      members["Policies"] = policies.isEmpty ? nil : .list(policies).jsonText
      var observed = Observed(
        type: type, id: name, scope: context.scope, properties: .members(members),
        tags: tags.known)
      if let reason = tags.unread { observed.unread["/Tags"] = reason }
      switch shown.value(of: name) {
      case .found(let value):
        observed.properties = observed.properties.merging(["Value": value])
      case .unread(let reason): observed.unread["/Value"] = reason
      case .nothing: return nil
      }
      return observed
    }
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.name("Name")
    try calls.make(
      put(
        step.desired.merging([
          "Name": .string(name), "Tags": Tags.list(step.tags), "Overwrite": false,
        ])))
    return done(step, name)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    let resource: Document = ["ResourceType": "Parameter", "ResourceId": .string(name)]
    if !step.changed.isEmpty {
      // What is left out stays as it is, but for the value, which each version needs.
      var input = step.desired.merging(["Name": .string(name), "Overwrite": true])
      if input["Value"] == nil {
        input = input.merging(.members(["Value": step.observed?.properties["Value"]]))
      }
      for property in ["Description", "AllowedPattern"] where step.changed.contains(property) {
        input = input.merging(.object([property: step.desired[property] ?? ""]))
      }
      if step.changed.contains("Policies"), step.desired["Policies"] == nil {
        // Source: Systems Manager User Guide, "Assigning parameter policies".
        input = input.merging(["Policies": "[{}]"])
      }
      if step.changed.contains("DataType"), step.desired["DataType"] == nil {
        input = input.merging(["DataType": "text"])
      }
      try calls.make(put(input))
    }
    try calls.make(
      Tags.calls(
        step,
        tag: Call(
          "ssm", "AddTagsToResource", resource.merging(["Tags": Tags.list(step.newTags)])),
        untag: Call(
          "ssm", "RemoveTagsFromResource",
          resource.merging(["TagKeys": Tags.keys(step.removedTags)]))))
    return done(step, name)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let name = try step.existingID()
    try calls.make(
      Call(
        "ssm", "DeleteParameter", ["Name": .string(name)], absentCodes: ["ParameterNotFound"]))
    return .done(id: name, attributes: [:])
  }

  private func put(_ input: Document) -> Call {
    let members = input.merging(.members(["Policies": input["Policies"]?.jsonText]))
    return Call("ssm", "PutParameter", members, transientCodes: ["TooManyUpdates"])
  }

  private func done(_ step: Step, _ name: String) -> Next {
    .done(id: name, attributes: step.desired.merging(["Name": .string(name)]))
  }
}
