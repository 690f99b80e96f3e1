import TrueupCore

extension Secret {
  var needed: [NeededRead] {
    [
      NeededRead(Self.listing.read),
      NeededRead("secretsmanager", "DescribeSecret", named: 1, for: ["ReplicaRegions"]),
    ]
  }
}
