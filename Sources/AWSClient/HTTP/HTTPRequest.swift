/// A request as it goes over the wire, before or after signing.
public struct HTTPRequest: Hashable, Sendable {
  public struct Header: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public struct QueryItem: Hashable, Sendable {
    public var name: String
    /// `nil` for a key without `=` on the wire.
    public var value: String?

    public init(_ name: String, _ value: String?) {
      self.name = name
      self.value = value
    }
  }

  public var method: String
  /// `http` or `https`.
  public var scheme: String
  /// Host and, where it is not the scheme's default, `:port`.
  public var host: String
  /// The path as it goes over the wire: percent-encoded once, beginning with `/`.
  public var path: String
  /// Decoded names and values, in the order of the wire.
  public var query: [QueryItem]
  public var headers: [Header]
  public var body: [UInt8]

  public init(
    method: String, scheme: String = "https", host: String, path: String = "/",
    query: [QueryItem] = [], headers: [Header] = [], body: [UInt8] = []
  ) {
    self.method = method
    self.scheme = scheme
    self.host = host
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }
}

extension HTTPRequest {
  mutating func removeHeader(_ name: String) {
    let name = name.lowercased()
    headers.removeAll { $0.name.lowercased() == name }
  }

  mutating func setHeader(_ name: String, _ value: String) {
    removeHeader(name)
    headers.append(Header(name, value))
  }
}

/// A reply as it came over the wire.
public struct HTTPResponse: Hashable, Sendable {
  public var status: Int
  public var headers: [HTTPRequest.Header]
  public var body: [UInt8]

  public init(status: Int, headers: [HTTPRequest.Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first header of that name, whatever its case.
  public func header(_ name: String) -> String? {
    let name = name.lowercased()
    return headers.first { $0.name.lowercased() == name }?.value
  }
}
