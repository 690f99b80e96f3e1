import Document
import TrueupCore

/// A route of a route table. The routes of a table of ours are owned whole, save for those that AWS
/// itself puts there: the VPC's own, propagated ones, and those of gateway endpoints. Its id is the
/// registry's, `rtb-1|10.0.0.0/8`.
public struct Route: ComposedKind {
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

  let listing = Listing(EC2.routeTables, "RouteTables", each: "Routes", with: ["RouteTableId"])
  let tagging = NoTags()

  func id(of route: Document) -> String? {
    guard let table = route["RouteTableId"]?.string, let destination = destination(of: route),
      isMade(route)
    else { return nil }
    return "\(table)|\(destination)"
  }

  private func destination(of route: Document) -> String? {
    Self.destinations.lazy.compactMap { route[$0]?.string }.first
  }

  /// Whether somebody made the route. Source: EC2 API, Route, `Origin`.
  private func isMade(_ route: Document) -> Bool {
    let isEndpoints =
      route["DestinationPrefixListId"] != nil
      && route["GatewayId"]?.string?.hasPrefix("vpce-") == true
    return (route["Origin"] ?? "CreateRoute") == "CreateRoute" && !isEndpoints
  }

  func properties(of route: Document, _ context: ReadContext) -> [String: Document?] {
    var members = route.members(named: ["RouteTableId"] + Self.destinations)
    members["CidrBlock"] = destination(of: route).map(Document.string)
    // A black hole leads nowhere, whatever it led to.
    guard route["State"] != "blackhole" else { return members }
    members.merge(route.members(named: Self.targets)) { $1 }
    if let gateway = route["GatewayId"]?.string, gateway.hasPrefix("vpce-") {
      members["GatewayId"] = nil
      members["VpcEndpointId"] = .string(gateway)
    }
    // Of an instance, EC2 shows the interface as well.
    if route["InstanceId"] != nil { members["NetworkInterfaceId"] = nil }
    return members
  }

  // MARK: Changing

  /// What was made a moment ago may not be known everywhere yet.
  private static let fresh: Set<String> = [
    "InvalidRouteTableID.NotFound", "InvalidGatewayID.NotFound", "InvalidNatGatewayID.NotFound",
    "InvalidInternetGatewayID.NotFound", "InvalidVpcEndpointId.NotFound",
    "InvalidNetworkInterfaceID.NotFound", "InvalidTransitGatewayID.NotFound",
    "InvalidVpcPeeringConnectionID.NotFound",
  ]

  private static let written = ["RouteTableId"] + destinations + targets
  let creation = Creation(Call("ec2", "CreateRoute", [:], transientCodes: fresh), written)
  let deletion = Deletion(
    Call(
      "ec2", "DeleteRoute", [:],
      absentCodes: ["InvalidRoute.NotFound", "InvalidRouteTableID.NotFound"]), "RouteTableId")

  func create(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    _ = try creation.make(step, [:], &calls)
    return leading(step)
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    if !step.changed.isEmpty {
      try calls.make(
        Call(
          "ec2", "ReplaceRoute", .members(step.desired.members(named: Self.written)),
          transientCodes: Self.fresh))
    }
    return leading(step)
  }

  func delete(_ step: Step, _ calls: inout CallSequence) throws(CallSequence.Pause) -> Next {
    let shown = step.observed?.properties ?? step.desired
    var call = deletion.call
    call.input = .members(shown.members(named: ["RouteTableId"] + Self.destinations))
    try calls.make(call)
    return .done(id: try step.existingID(), attributes: [:])
  }

  /// What is said when the route leads where it is to.
  private func leading(_ step: Step) -> Next {
    let table = step.desired["RouteTableId"]?.string ?? ""
    let destination = destination(of: step.desired) ?? ""
    let network = Network(destination)?.description ?? destination
    return .done(
      id: step.id ?? "\(table)|\(network)",
      attributes: step.desired.merging([
        "Id": .string("\(table)|\(network)"), "CidrBlock": .string(network),
      ]))
  }
}
