import Document
import TrueupCore

extension StackCompiler {
  /// Where a resource lives: where its stack does, save for what `Metadata.Trueup.Account` (twelve
  /// digits, or the name of an account of the fleet) and `.Region` say, or a property that names its
  /// region. All must be known now.
  func scope(of node: Node, _ name: String, _ kind: KnownType) -> Scope {
    var scope = Scope(account: account.id, region: kind.isGlobal ? nil : region)
    let ours = node["Metadata"]?["Trueup"]
    if let node = ours?["Account"], let text = decidedText(node, "Account of \(name)") {
      if let account = accounts.first(where: { $0.name == text || $0.id == text }) {
        scope.account = account.id
      } else if FleetAccount.isID(text) {
        scope.account = text
      } else if !accountNames.contains(text) {
        error(Fleet.unknownAccount(text, among: accountNames), at: node.position)
      }
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
}
