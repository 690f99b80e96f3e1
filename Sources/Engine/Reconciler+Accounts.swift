import TrueupCore

/// Which accounts can be used, and which stacks cannot do without one that cannot.
struct AccountCheck {
  /// Accounts that the credentials really belong to.
  var usable: Set<String> = []
  /// By stack name: an account could not be asked.
  var errors: [String: String] = [:]
  /// By stack name: the credentials belong to another account.
  var refusals: [String: String] = [:]

  func isUsable(_ stack: StackID) -> Bool {
    errors[stack.name] == nil && refusals[stack.name] == nil
  }
}

extension Reconciler {
  /// Asks every account in which the stacks live or have a resource, all at once, whether the
  /// credentials are its own. An account that fails takes only those stacks with it that use it.
  ///
  /// - Parameter known: accounts that have answered already.
  /// - Throws: where no account at all can be asked.
  func checkAccounts(_ stacks: [DesiredStack], base: Base, known: Set<String> = [])
    async throws(EngineError) -> AccountCheck
  {
    var uses: [String: [(stack: DesiredStack, resource: String?)]] = [:]
    for stack in stacks {
      for (account, resource) in accounts(of: stack, base) where !known.contains(account) {
        uses[account, default: []].append((stack, resource))
      }
    }
    let answers = await answers(uses.mapValues { $0[0].stack.region })
    var check = AccountCheck(usable: known)
    var failures: [CallFailure] = []
    for (account, answer) in answers.sorted(by: { $0.key < $1.key }) {
      switch answer {
      case .success(account):
        check.usable.insert(account)
      case .success(let other):
        for (stack, resource) in uses[account] ?? [] {
          let place = resource.map { ", where \($0) lives" } ?? " of the manifest"
          check.refusals[stack.id.name] =
            "the credentials belong to account \(other), not to \(account)\(place)"
        }
      case .failure(let failure):
        failures.append(failure)
        for (stack, resource) in uses[account] ?? [] {
          check.errors[stack.id.name] =
            resource.map { "account \(account), where \($0) lives: \(failure.message)" }
            ?? failure.message
        }
      }
    }
    if known.isEmpty, failures.count == uses.count, let first = failures.first {
      throw .unusable(first.message)
    }
    return check
  }

  /// The accounts of a stack: its own, and others each with the first resource that lives or lived
  /// there.
  private func accounts(of stack: DesiredStack, _ base: Base) -> [(id: String, resource: String?)] {
    var accounts: [(id: String, resource: String?)] = [(stack.account, nil)]
    let used =
      stack.resources.flatMap { resource in
        [resource.scope.account, resource.validationAccount].compactMap(\.self).map {
          (resource.address, $0)
        }
      }
      + base.resources.filter { $0.key.stack == stack.id.name }.map {
        ($0.key, $0.value.scope.account)
      }
    for (address, account) in used.sorted(by: { $0 < $1 })
    where !accounts.contains(where: { $0.id == account }) {
      accounts.append((account, address.resource))
    }
    return accounts
  }

  /// - Parameter accounts: with the region in which each is asked.
  private func answers(_ accounts: [String: String]) async
    -> [String: Result<String, CallFailure>]
  {
    await withTaskGroup(of: (String, Result<String, CallFailure>).self) { group in
      for (account, region) in accounts {
        group.addTask {
          (account, await cloud.accountID(for: CallTarget(account: account, region: region)))
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
  }
}
