import AWSClient
import Document
import Engine
import Foundation
import TrueupCore

/// An account in which there is nothing, and in which whatever is made is ready at once. Every reply
/// comes from memory, so that what a run costs is Trueup's own. Knows the calls of the blueprint
/// `network`.
final class MemoryCloud: Cloud, @unchecked Sendable {
  // Unchecked: both are touched under `lock` alone.
  private var made = 0
  private var calls: [String: Int] = [:]
  private let lock = NSLock()

  func perform(_ call: Call, in target: CallTarget, gate: any CallGate) async -> Reply {
    guard await gate.mayLeave() else {
      return .failure(
        CallFailure(
          reason: .cancelled, service: call.service, operation: call.operation,
          message: "it may not leave"))
    }
    let number = lock.withLock {
      calls[call.service, default: 0] += 1
      made += 1
      return made
    }
    return .success(Self.output(of: call, in: target, number: number))
  }

  func read(_ read: Read, in target: CallTarget) async -> Reply { .success([:]) }

  func accountID(for target: CallTarget) async -> Result<String, CallFailure> {
    .success(target.account)
  }

  func callCount() -> CallCount { lock.withLock { CallCount(byService: calls) } }

  private static func output(of call: Call, in target: CallTarget, number: Int) -> Document {
    func id(_ prefix: String) -> Document { .string("\(prefix)-\(number)") }
    switch call.operation {
    case "DescribeAvailabilityZones":
      let zones = ["a", "b", "c"].map { Document.string(target.region + $0) }
      return ["AvailabilityZones": .list(zones.map { ["ZoneName": $0] })]
    case "CreateVpc": return ["Vpc": ["VpcId": id("vpc")]]
    case "DescribeVpcs": return shown("Vpcs", "VpcId", call.input["VpcIds"])
    case "CreateInternetGateway": return ["InternetGateway": ["InternetGatewayId": id("igw")]]
    case "CreateRouteTable": return ["RouteTable": ["RouteTableId": id("rtb")]]
    case "DescribeSubnets": return shown("Subnets", "SubnetId", call.input["SubnetIds"])
    case "CreateSubnet": return ["Subnet": ["SubnetId": id("subnet")]]
    case "AssociateRouteTable": return ["AssociationId": id("rtbassoc")]
    case "AllocateAddress":
      let ip = "52.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
      return ["PublicIp": .string(ip), "AllocationId": id("eipalloc")]
    case "CreateNatGateway": return ["NatGateway": ["NatGatewayId": id("nat")]]
    case "DescribeNatGateways":
      return shown("NatGateways", "NatGatewayId", call.input["NatGatewayIds"])
    case "CreateVpcEndpoint": return ["VpcEndpoint": ["VpcEndpointId": id("vpce")]]
    case "DescribeVpcEndpoints":
      return shown("VpcEndpoints", "VpcEndpointId", call.input["VpcEndpointIds"])
    case "CreateFlowLogs": return ["FlowLogIds": [id("fl")]]
    case "CreateRole":
      let name = call.input["RoleName"]?.string ?? ""
      return [
        "Role": [
          "Arn": .string("arn:aws:iam::\(target.account):role/\(name)"), "RoleId": id("AROA"),
          "Path": "/",
        ]
      ]
    default: return [:]
    }
  }

  private static func shown(_ list: String, _ key: String, _ ids: Document?) -> Document {
    .object([
      list: .list((ids?.list ?? []).map { .object([key: $0, "State": "available"]) })
    ])
  }
}
