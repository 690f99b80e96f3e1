import TrueupCore

extension FleetCompiler {
  /// Names of exports are unique in an account and region, as in CloudFormation.
  func addExports(of stack: StackCompiler) {
    for (name, output, location) in stack.exports {
      let key = ExportName(account: stack.account.id, region: stack.region, name: name)
      if let other = exports[key] {
        stack.log.error(
          "export \(name.quoted) of \(stack.id) is also one of \(other.stack.id)", at: location)
      } else {
        exports[key] = (stack, output, location)
        add(exportName: name, ofOutput: output, in: stack)
      }
    }
  }

  /// What `Fn::ImportValue` gives: the exporter's value, with its references, which make the edge
  /// between the stacks. `nil`, reported, where there is none.
  func value(
    ofExport name: String, for importer: StackCompiler, at location: SourceLocation
  ) -> Value? {
    let key = ExportName(account: importer.account.id, region: importer.region, name: name)
    guard let export = exports[key] else {
      let near = exports.keys.filter { $0.account == key.account && $0.region == key.region }
      let elsewhere = exports.keys.filter { $0.name == name }.min {
        ($0.account, $0.region) < ($1.account, $1.region)
      }
      let remedy =
        elsewhere.map { other in
          let border = other.account == key.account ? "regions" : "accounts"
          return "; it is exported in \(other.account) \(other.region), and imports do not cross "
            + border
        }
        ?? Spelling.suggestion(for: name, among: near.map(\.name))
      importer.log.error(
        "no stack of the fleet exports \(name.quoted) in \(key.account) \(key.region)\(remedy)",
        at: location, stack: importer.id.name)
      return nil
    }
    return value(ofOutput: export.output, in: export.stack, for: importer)
  }

  /// What `Fn::GetStackOutput` gives: the value of an output of any stack, whatever its account and region.
  /// `nil`, reported, where there is none.
  ///
  /// - Parameters:
  ///   - account: the account in which the stack is said to be; `nil` where nothing is said.
  ///   - region: its region, likewise.
  func value(
    ofOutput output: String, in name: String, account: String?, region: String?,
    for importer: StackCompiler, at location: SourceLocation
  ) -> Value? {
    func failed(_ message: String) -> Value? {
      importer.log.error(message, at: location, stack: importer.id.name)
      return nil
    }
    guard let stack = stack(named: name) else {
      return failed(
        "the fleet has no stack \(name.quoted)"
          + Spelling.suggestion(for: name, among: stackNames))
    }
    guard account ?? stack.account.id == stack.account.id, region ?? stack.region == stack.region
    else {
      return failed(
        "stack \(name) is in \(stack.account.id) \(stack.region), not in "
          + "\(account ?? stack.account.id) \(region ?? stack.region)")
    }
    let outputs = stack.madeOutputs
    guard outputs.contains(output) else {
      return failed(
        "stack \(name) has no output \(output.quoted)"
          + Spelling.suggestion(for: output, among: outputs))
    }
    return value(ofOutput: output, in: stack, for: importer)
  }

  /// What is wrong with the other stack is then wrong with the importer.
  private func value(
    ofOutput output: String, in stack: StackCompiler, for importer: StackCompiler
  ) -> Value? {
    let value = stack.value(ofOutput: output)
    if only != nil { importer.log.merge(stack.log) }
    return value
  }
}
