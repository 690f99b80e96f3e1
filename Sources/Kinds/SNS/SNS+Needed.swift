import TrueupCore

extension Subscription {
  var needed: [NeededRead] {
    [
      NeededRead(SNS.subscriptions),
      NeededRead(
        "sns", "GetSubscriptionAttributes", named: 1, for: Self.attributes.properties),
    ]
  }
}
