/// A value that belongs to the account, not to the desired state. The engine reads it before the plan;
/// offline it is unknown.
public enum Fact: Hashable, Sendable {
  /// Names of the region's availability zones, sorted: a list of strings. EC2 DescribeAvailabilityZones.
  case availabilityZones(account: String, region: String)
  /// SSM GetParameters: a string, or a list of strings for `List<…>` parameter types.
  case parameter(name: String, isList: Bool, account: String, region: String)
}

extension Fact: CustomStringConvertible {
  /// For people: `the zones of eu-west-1`.
  public var description: String {
    switch self {
    case .availabilityZones(_, let region): "the zones of \(region)"
    case .parameter(let name, _, _, _): "the SSM parameter \(name)"
    }
  }
}
