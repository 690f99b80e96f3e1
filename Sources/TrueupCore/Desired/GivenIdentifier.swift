/// An id or a name of something in AWS that a parameter gives, and that must be there.
/// Source: CloudFormation User Guide, "Specify existing resources at runtime with
/// CloudFormation-supplied parameter types".
public struct GivenIdentifier: Hashable, Sendable {
  /// The parameter's name.
  public var parameter: String
  /// The type of each element, `AWS::EC2::VPC::Id`.
  public var type: String
  /// A string or a list of strings; a fact where an SSM parameter holds it.
  public var value: Value
  /// Where the manifest gives it, or should.
  public var location: SourceLocation

  public init(parameter: String, type: String, value: Value, location: SourceLocation) {
    self.parameter = parameter
    self.type = type
    self.value = value
    self.location = location
  }
}
