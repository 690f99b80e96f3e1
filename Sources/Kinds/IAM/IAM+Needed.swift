import TrueupCore

extension Role {
  var needed: [NeededRead] {
    [NeededRead(IAM.roles), NeededRead(Self.list, for: Self.lacking)]
  }
}

extension RolePolicy {
  var needed: [NeededRead] { [NeededRead(IAM.roles)] }
}

extension Policy {
  var needed: [NeededRead] {
    PolicyHolder.allCases.map {
      NeededRead($0.details, for: $0 == .role ? [] : [$0.property])
    }
  }
}

extension ManagedPolicy {
  var needed: [NeededRead] {
    ownNeeds + PolicyHolder.allCases.map { NeededRead($0.details, for: [$0.property]) }
  }
}

extension OIDCProvider {
  var needed: [NeededRead] {
    ownNeeds + [
      NeededRead(
        "iam", "GetOpenIDConnectProvider", named: 1, for: ["ClientIdList", "ThumbprintList"])
    ]
  }
}
