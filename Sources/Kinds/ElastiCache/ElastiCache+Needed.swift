import TrueupCore

extension ReplicationGroup {
  var needed: [NeededRead] { ownNeeds + [NeededRead(Self.clusters)] }
}
