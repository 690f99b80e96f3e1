/// A type of an API model.
public struct Shape: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The members in the model's order, which is the order of XML elements.
    case structure([Member])
    case list(Member)
    case map(key: Member, value: Member)
    case string
    case integer
    case float
    case boolean
    case timestamp
    case blob
    /// Any JSON value.
    case document
  }

  public var name: String
  public var kind: Kind
  public var traits: Traits
  /// Names of the members of a structure that must be present.
  public var required: [String]
  /// The values of a string that the pinned model knows; empty where it does not restrict them.
  public var values: [String]
  /// The least value of a number, length of a string or blob, count of a list or map.
  public var minimum: Double?
  public var maximum: Double?
  public var pattern: String?
  /// The member of a structure that is the whole body (REST protocols).
  public var payload: String?
  /// Whether exactly one member may be present.
  public var isUnion: Bool
  /// The code of an error on the wire, where the shape describes an error.
  public var errorCode: String?

  /// The members of a structure; none for other kinds.
  public var members: [Member] {
    guard case .structure(let members) = kind else { return [] }
    return members
  }

  public func member(_ name: String) -> Member? {
    members.first { $0.name == name }
  }
}

/// A use of a shape: a member of a structure, a list's element, a map's key or value, an
/// operation's input or output.
public struct Member: Hashable, Sendable {
  /// The member's name in Documents; `member`, `key` or `value` in lists and maps.
  public var name: String
  /// The shape's place in its model.
  var shape: Int
  /// What the use says, else what its shape says.
  public var traits: Traits
}

/// What the model says about the place and spelling of a value on the wire.
public struct Traits: Hashable, Sendable {
  public enum Location: String, Hashable, Sendable {
    case uri
    case querystring
    case header
    /// All headers that begin with `locationName`.
    case headers
    case statusCode
  }

  public enum TimestampFormat: String, Hashable, Sendable {
    case iso8601
    case unixTimestamp
    case rfc822
  }

  public struct Namespace: Hashable, Sendable {
    public var uri: String
    public var prefix: String?
  }

  public var location: Location?
  public var locationName: String?
  /// The name in requests of the ec2 protocol, where it differs.
  public var queryName: String?
  public var timestampFormat: TimestampFormat?
  public var xmlNamespace: Namespace?
  /// The element around the output in replies of the query protocol.
  public var resultWrapper: String?
  public var isFlattened = false
  public var isXMLAttribute = false
  /// JSON text that goes as Base64 into a header.
  public var isJSONValue = false
  public var isStreaming = false
  public var isEventStream = false
  public var isIdempotencyToken = false
  /// Part of the host name.
  public var isHostLabel = false
  /// A secret: never to be shown, journaled or put into an error.
  public var isSensitive = false

  /// Whether a reply has the value in its body. Places in a URI mean nothing there.
  var isInReplyBody: Bool {
    switch location {
    case .header, .headers, .statusCode: false
    case .uri, .querystring, nil: true
    }
  }

  /// These traits, with what is not said taken from `shape`'s.
  ///
  /// A structure's own `locationName` names it only where it is a whole body: a member is called
  /// by its own name.
  func inheriting(from shape: Shape) -> Traits {
    var traits = self
    let other = shape.traits
    if shape.members.isEmpty { traits.locationName = locationName ?? other.locationName }
    traits.location = location ?? other.location
    traits.queryName = queryName ?? other.queryName
    traits.timestampFormat = timestampFormat ?? other.timestampFormat
    traits.xmlNamespace = xmlNamespace ?? other.xmlNamespace
    traits.resultWrapper = resultWrapper ?? other.resultWrapper
    traits.isFlattened = isFlattened || other.isFlattened
    traits.isXMLAttribute = isXMLAttribute || other.isXMLAttribute
    traits.isJSONValue = isJSONValue || other.isJSONValue
    traits.isStreaming = isStreaming || other.isStreaming
    traits.isEventStream = isEventStream || other.isEventStream
    traits.isIdempotencyToken = isIdempotencyToken || other.isIdempotencyToken
    traits.isHostLabel = isHostLabel || other.isHostLabel
    traits.isSensitive = isSensitive || other.isSensitive
    return traits
  }
}
