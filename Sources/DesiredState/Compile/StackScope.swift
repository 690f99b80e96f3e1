import Document
import TrueupCore

extension StackCompiler {
  /// Where a resource lives: where its stack does, save for what `Metadata.Trueup.Account` (twelve
  /// digits, or the name of an account of the fleet) and `.Region` say, or a property that names its
  /// region. All must be known now.
  func scope(of node: Node, _ name: String, _ kind: KnownType) -> Scope {
    var scope = Scope(account: account.id, region: kind.isGlobal ? nil : region)
    let ours = node["Metadata"]?["Trueup"]
    if let node = ours?["Account"], let account = accountID(node, "Account of \(name)") {
      scope.account = account
    }
    let own = kind.region.flatMap { node["Properties"]?[$0] }
    if let node = own ?? ours?["Region"], let text = decidedText(node, "Region of \(name)") {
      if kind.isGlobal {
        error(
          "\(kind.type) lives once per account: \(name) can have no Region", at: node.position)
      } else {
        scope.region = text
        if let problem = RegionName.problem(text) {
          log.add(
            problem.isDoubt ? .warning : .error, problem.message, at: place(node.position),
            stack: id.name)
        }
      }
    }
    return scope
  }

  /// The account in whose zones a certificate's records of validation are written, where it is not the
  /// resource's own: `Metadata.Trueup.ValidationAccount`.
  func validationAccount(of node: Node, _ name: String, _ kind: KnownType, in scope: Scope)
    -> String?
  {
    guard let node = node["Metadata"]?["Trueup"]?["ValidationAccount"],
      let account = accountID(node, "ValidationAccount of \(name)")
    else { return nil }
    guard kind.hasValidationAccount else {
      error("\(kind.type) has no ValidationAccount: certificates have", at: node.position)
      return nil
    }
    return account == scope.account ? nil : account
  }

  /// The id of an account that is named by it, or by its name in the fleet; must be known now.
  private func accountID(_ node: Node, _ subject: String) -> String? {
    guard let text = decidedText(node, subject) else { return nil }
    if let account = accounts.first(where: { $0.name == text || $0.id == text }) {
      return account.id
    }
    if FleetAccount.isID(text) { return text }
    if !accountNames.contains(text) {
      error(Fleet.unknownAccount(text, among: accountNames), at: node.position)
    }
    return nil
  }
}
