/// The path of a property within a resource, as a JSON pointer (RFC 6901): `/Tags/CostCenter`,
/// `/SecurityGroupIngress/0/CidrIp`. In facts and registry schemas a component `*` stands for
/// any element.
public struct PropertyPath: Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public var components: [String]

  public init(_ components: [String] = []) { self.components = components }

  /// Reads `/A/*/B`. The registry's `/properties/A` prefix is the schema reader's business.
  public init(stringLiteral text: String) { self.init(text: text) }

  public init(text: String) {
    components = text.split(separator: "/", omittingEmptySubsequences: true).map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  public var description: String {
    components.map { "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1") }.joined()
  }

  /// The name of the top-level property; `nil` for the resource itself.
  public var property: String? { components.first }

  public func appending(_ component: String) -> PropertyPath {
    PropertyPath(components + [component])
  }

  /// Whether this pattern (with `*`) matches the whole path.
  public func matches(_ path: PropertyPath) -> Bool {
    components.count == path.components.count
      && zip(components, path.components).allSatisfy { $0 == "*" || $0 == $1 }
  }

  /// Whether this pattern matches the path or one that the path lies below.
  public func covers(_ path: PropertyPath) -> Bool {
    components.count <= path.components.count
      && zip(components, path.components).allSatisfy { $0 == "*" || $0 == $1 }
  }

  public static func < (left: PropertyPath, right: PropertyPath) -> Bool {
    left.components.lexicographicallyPrecedes(right.components)
  }
}
