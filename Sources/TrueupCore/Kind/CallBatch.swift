import Document

/// How reads of single things are made as one: the call takes a list of ids, or lists all where it names
/// none, and answers with a list of what has these ids.
///
///     CallBatch("NatGateways", by: "NatGatewayId")    // of DescribeNatGateways, with NatGatewayIds
///     CallBatch("ReplicationGroups", by: "ReplicationGroupId", marker: "Marker")
///     CallBatch("services", by: "serviceArn", in: "services", limit: 10)
public struct CallBatch: Hashable, Sendable {
  /// The output's list.
  public var items: String
  /// The member of an item that holds its id.
  public var id: String
  /// The input's member that takes the ids.
  public var member: String
  /// The output's member that says that there is more, of a call that takes one id or none; `nil` for a
  /// call that takes a list of ids.
  public var marker: String?
  /// How many ids one call takes.
  public var limit: Int

  /// - Parameter member: the plural of `id` where nothing is said, as EC2 has it; `id` itself of a call that
  ///   takes one.
  public init(
    _ items: String, by id: String, in member: String? = nil, marker: String? = nil,
    limit: Int = 100
  ) {
    self.items = items
    self.id = id
    self.member = member ?? (marker == nil ? "\(id)s" : id)
    self.marker = marker
    self.limit = limit
  }

  /// The ids that a call names.
  public func ids(of call: Call) -> [Document]? {
    marker == nil ? call.input[member]?.list : call.input[member].map { [$0] }
  }

  /// The call for other ids.
  public func call(_ call: Call, for ids: [Document]) -> Call {
    var other = call
    other.input = call.input.setting(member, marker == nil ? .list(ids) : nil)
    return other
  }

  /// What the reply to a call for many would be for some of them; `nil` where it tells nothing of them
  /// by themselves.
  public func part(of reply: Reply, for ids: [Document]) -> Reply? {
    guard let output = reply.output else { return nil }
    let own = (output[items]?.list ?? []).filter { ids.contains($0[id] ?? .null) }
    // What is not on the first page may be on the next one.
    if let marker, own.count < ids.count, output[marker]?.string?.isEmpty == false { return nil }
    return .success(output.setting(items, .list(own)))
  }
}
