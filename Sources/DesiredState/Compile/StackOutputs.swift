import Document
import TrueupCore

extension StackCompiler {
  enum OutputState {
    case evaluating
    /// `nil`, reported, where it could not be evaluated.
    case known(Value?)
  }

  func addOutput(_ member: Node.Member) {
    guard
      let reader = ObjectReader(
        member.value, in: blueprint.file, as: "output \(member.key.quoted)",
        allowed: ObjectSchema.output.names, log: log)
    else { return }
    Blueprint.checkName(member, what: "output", reader: reader)
    if reader["Value"] == nil {
      reader.error("output \(member.key.quoted) needs \"Value\"", at: member.position)
      return
    }
    outputs[member.key] = reader
    outputOrder.append(member.key)
  }

  private func isMade(_ output: ObjectReader) -> Bool {
    guard let name = output.string("Condition") else { return true }
    return condition(name.value, at: name.location.position) ?? true
  }

  /// The names of the outputs whose conditions hold.
  var madeOutputs: [String] {
    outputOrder.filter { outputs[$0].map(isMade) ?? false }
  }

  /// The exports of the stack: their names, and the outputs whose values they are.
  func readExports() {
    exports = outputOrder.compactMap { key in
      guard let output = outputs[key], isMade(output), let node = output["Export"],
        let reader = ObjectReader(
          node, in: blueprint.file, as: "\"Export\" of output \(key.quoted)", allowed: ["Name"],
          log: log)
      else { return nil }
      guard let name = reader["Name"] else {
        reader.error("\"Export\" of output \(key.quoted) needs \"Name\"", at: node.position)
        return nil
      }
      guard let text = decidedText(name, "the name of an export") else { return nil }
      return (text, key, place(name.position))
    }
  }

  /// The values of all outputs, so that others only read them.
  func evaluateOutputs() {
    for name in madeOutputs { _ = value(ofOutput: name) }
  }

  func compileOutputs(exports: [String: String]) -> [DesiredOutput] {
    outputOrder.compactMap { key in
      guard let output = outputs[key] else { return nil }
      guard isMade(output) else {
        output["Value"].map(checkNames)
        return nil
      }
      return value(ofOutput: key).map {
        DesiredOutput(
          name: key, value: $0, description: output.string("Description")?.value,
          export: exports[key])
      }
    }
  }

  /// The value of an output; `nil`, reported, where it has none.
  func value(ofOutput key: String) -> Value? {
    switch outputValues[key] {
    case .known(let value): return value
    case .evaluating:
      if let output = outputs[key] {
        error("output \(key) depends on itself through another stack", at: output.position)
      }
      return nil
    case nil:
      guard let node = outputs[key]?["Value"] else { return nil }
      outputValues[key] = .evaluating
      let located = evaluate(node, .output)
      var value: Value?
      if located.isAbsent || located.members != nil || located.value.elements != nil {
        let found =
          located.isAbsent ? "AWS::NoValue" : located.members == nil ? "a list" : "an object"
        error("output \(key) must be a string, not \(found)", at: node.position)
      } else if !located.isInvalid {
        value = located.value
      }
      outputValues[key] = .known(value)
      return value
    }
  }
}
