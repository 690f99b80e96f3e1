import Document

/// How reads of single things are made as one: the call takes a list of ids, and answers with a list of
/// what has these ids.
///
///     CallBatch("NatGateways", by: "NatGatewayId")    // of DescribeNatGateways, with NatGatewayIds
///     CallBatch("services", by: "serviceArn", in: "services", limit: 10)
public struct CallBatch: Hashable, Sendable {
  /// The output's list.
  public var items: String
  /// The member of an item that holds its id.
  public var id: String
  /// The input's member that takes the ids.
  public var member: String
  /// How many ids one call takes.
  public var limit: Int

  /// - Parameter member: the plural of `id` where nothing is said, as EC2 has it.
  public init(_ items: String, by id: String, in member: String? = nil, limit: Int = 100) {
    self.items = items
    self.id = id
    self.member = member ?? "\(id)s"
    self.limit = limit
  }

  /// The ids that a call names.
  public func ids(of call: Call) -> [Document]? { call.input[member]?.list }

  /// The call for other ids.
  public func call(_ call: Call, for ids: [Document]) -> Call {
    var other = call
    other.input = call.input.setting(member, .list(ids))
    return other
  }

  /// What the reply to a call for many would be for some of them; `nil` where it tells nothing of them
  /// by themselves.
  public func part(of reply: Reply, for ids: [Document]) -> Reply? {
    guard let output = reply.output else { return nil }
    let own = (output[items]?.list ?? []).filter { ids.contains($0[id] ?? .null) }
    return .success(output.setting(items, .list(own)))
  }
}
