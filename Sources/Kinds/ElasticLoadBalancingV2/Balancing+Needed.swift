import TrueupCore

extension TaggedBalancing {
  /// Of what lives in others no list shows all; so many are named in a call.
  var needed: [NeededRead] {
    guard let parts else { return ownNeeds }
    return [NeededRead("elbv2", parts.operation, named: ELBv2.batch)]
      + details.compactMap(\.needed)
  }
}

extension ListenerCertificate {
  var needed: [NeededRead] {
    [NeededRead("elbv2", "DescribeListenerCertificates", named: 1, of: "ListenerArn")]
  }
}
