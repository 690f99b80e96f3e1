import Document
import TrueupCore

/// What is to be known of a resource type or of one of its properties.
public struct Explanation: Hashable, Sendable {
  /// One thing that is true of the subject.
  public struct Fact: Hashable, Sendable {
    /// The member of the JSON form, `allowedValues`.
    public var key: String
    /// For people, `allowed`.
    public var label: String
    public var value: Document
    /// The value for people.
    public var text: String
  }

  /// A property, a member of an object or an attribute.
  public struct Member: Hashable, Sendable {
    public var name: String
    /// What its value is: `list of objects`.
    public var type: String
    /// What else to know in short: `required`, `replaces`.
    public var notes: [String]
  }

  /// As it was asked for, with the spelling of the schema: `AWS::EC2::Subnet.CidrBlock`.
  public var name: String
  public var facts: [Fact]
  /// The properties of a type, or the members of an object or of a list's objects.
  public var members: [Member]
  /// What `Fn::GetAtt` gives; of types only.
  public var attributes: [Member]
}

/// Why there is nothing to explain.
public enum ExplainError: Error, Hashable, Sendable {
  case unknownType(String, known: [String])
  /// The parent as it would be asked for, and the members that it has.
  case unknownMember(String, of: String, known: [String])
}
