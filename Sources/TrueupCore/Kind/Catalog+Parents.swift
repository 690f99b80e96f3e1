extension Catalog {
  /// The kinds of which everything inside a resource of this type is ours, declared or not (routes of a
  /// route table): where the one is looked at, the others are too.
  ///
  /// The parent is the type of the same service after which the property is called: `RouteTableId`.
  public func kinds(ownedInside type: String) -> [any Kind] {
    kinds.filter { kind in
      guard kind.annotations.isOwnedWithParent, let property = kind.annotations.parent else {
        return false
      }
      let (service, _) = Self.parts(of: kind.type)
      let parent = types.filter { other in
        let (otherService, name) = Self.parts(of: other)
        return otherService == service && other != kind.type
          && property.lowercased().hasPrefix(name.lowercased())
      }.max { $0.count < $1.count }
      return parent == type
    }
  }

  /// `AWS::EC2` and `RouteTable` of `AWS::EC2::RouteTable`.
  private static func parts(of type: String) -> (service: [Substring], name: Substring) {
    let parts = type.split(separator: ":")
    return (Array(parts.dropLast()), parts.last ?? "")
  }
}
