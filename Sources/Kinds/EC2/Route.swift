import Document
import TrueupCore

/// A route of a route table. The routes of a table of ours are owned whole, save for those that AWS
/// itself puts there: the VPC's own, propagated ones, and those of gateway endpoints. Its id is the
/// registry's, `rtb-1|10.0.0.0/8`.
public struct Route: SequencedKind {
  public init() {}

  public let type = "AWS::EC2::Route"

  private static let destinations = [
    "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId",
  ]
  private static let targets = [
    "CarrierGatewayId", "CoreNetworkArn", "EgressOnlyInternetGatewayId", "GatewayId", "InstanceId",
    "LocalGatewayId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcEndpointId",
    "VpcPeeringConnectionId",
  ]

  public let facts = TypeFacts(
    Identity(ref: "Id", unique: [UniqueKey(of: Route.destinations, within: ["RouteTableId"])]),
    ownership: .inside([Parent("RouteTableId", "AWS::EC2::RouteTable")], whole: true),
    properties: [
      "/DestinationCidrBlock": .normal(.cidr),
      "/DestinationIpv6CidrBlock": .normal(.cidr),
    ])

  // MARK: Observing

  /// Alike in everything.
  public func sameness(of properties: Document) -> Document? { properties }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] { [EC2.routeTables] }

  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    (replies[EC2.routeTables]?.output?["RouteTables"]?.list ?? []).flatMap { table in
      (table["Routes"]?.list ?? []).compactMap { route -> Observed? in
        guard let table = table["RouteTableId"]?.string,
          let destination = Self.destinations.lazy.compactMap({ route[$0]?.string }).first,
          isMade(route)
        else { return nil }
        return Observed(
          type: type, id: "\(table)|\(destination)", scope: context.scope,
          properties: properties(route, table, destination))
      }
    }
  }

  /// Whether somebody made the route. Source: EC2 API, Route, `Origin`.
  private func isMade(_ route: Document) -> Bool {
    let isEndpoints =
      route["DestinationPrefixListId"] != nil
      && route["GatewayId"]?.string?.hasPrefix("vpce-") == true
    return (route["Origin"] ?? "CreateRoute") == "CreateRoute" && !isEndpoints
  }

  private func properties(_ route: Document, _ table: String, _ destination: String) -> Document {
    var members = route.members(named: Self.destinations)
    members["Id"] = .string("\(table)|\(destination)")
    members["RouteTableId"] = .string(table)
    members["CidrBlock"] = .string(destination)
    // A black hole leads nowhere, whatever it led to.
    guard route["State"] != "blackhole" else { return .members(members) }
    members.merge(route.members(named: Self.targets)) { $1 }
    if let gateway = route["GatewayId"]?.string, gateway.hasPrefix("vpce-") {
      members["GatewayId"] = nil
      members["VpcEndpointId"] = .string(gateway)
    }
    // Of an instance, EC2 shows the interface as well.
    if route["InstanceId"] != nil { members["NetworkInterfaceId"] = nil }
    return .members(members)
  }

  // MARK: Changing

  /// What was made a moment ago may not be known everywhere yet.
  private static let fresh: Set<String> = [
    "InvalidRouteTableID.NotFound", "InvalidGatewayID.NotFound", "InvalidNatGatewayID.NotFound",
    "InvalidInternetGatewayID.NotFound", "InvalidVpcEndpointId.NotFound",
    "InvalidNetworkInterfaceID.NotFound", "InvalidTransitGatewayID.NotFound",
    "InvalidVpcPeeringConnectionID.NotFound",
  ]

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    try calls.make(
      Call(
        "ec2", "CreateRoute", .members(step.desired.members(named: members)),
        transientCodes: Self.fresh))
    return done(step)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    if !step.changed.isEmpty {
      try calls.make(
        Call(
          "ec2", "ReplaceRoute", .members(step.desired.members(named: members)),
          transientCodes: Self.fresh))
    }
    return done(step)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let id = try step.existingID()
    let shown = step.observed?.properties ?? step.desired
    try calls.make(
      Call(
        "ec2", "DeleteRoute", .members(shown.members(named: ["RouteTableId"] + Self.destinations)),
        absentCodes: ["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"]))
    return .done(id: id, attributes: [:])
  }

  private var members: [String] { ["RouteTableId"] + Self.destinations + Self.targets }

  private func done(_ step: Step) -> Next {
    let table = step.desired["RouteTableId"]?.string ?? ""
    let destination = Self.destinations.lazy.compactMap { step.desired[$0]?.string }.first ?? ""
    let network = Network(destination)?.description ?? destination
    return .done(
      id: step.id ?? "\(table)|\(network)",
      attributes: step.desired.merging([
        "Id": .string("\(table)|\(network)"), "CidrBlock": .string(network),
      ]))
  }
}
