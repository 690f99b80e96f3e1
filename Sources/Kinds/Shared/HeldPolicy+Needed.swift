import TrueupCore

extension HeldPolicy {
  /// One read of each holder.
  var needed: [NeededRead] {
    [NeededRead(read("a"), named: 1, of: PropertyPath([Self.holders]))]
  }
}
