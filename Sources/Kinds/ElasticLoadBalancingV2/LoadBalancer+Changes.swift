import Document
import TrueupCore

/// The calls that change a load balancer, and what is waited for.
extension LoadBalancer {
  /// Each takes the whole of what it sets.
  func changes(_ step: Step, _ arn: String) throws(Pause) -> [Call] {
    let desired = step.desired
    var calls: [Call] = []
    if let subnets = subnets(step) { calls.append(call("SetSubnets", arn, subnets)) }
    if step.changes("IpAddressType"), subnets(step)?["IpAddressType"] == nil {
      calls.append(
        call("SetIpAddressType", arn, ["IpAddressType": desired["IpAddressType"] ?? "ipv4"]))
    }
    if step.changes("SecurityGroups", Self.privateLink) {
      let groups = desired["SecurityGroups"] ?? step.shown["SecurityGroups"]
      let traffic = step.changes(Self.privateLink) ? desired[Self.privateLink] ?? "on" : nil
      calls.append(
        call("SetSecurityGroups", arn, ["SecurityGroups": groups, Self.privateLink: traffic]))
    }
    if step.changes("Ipv4IpamPoolId") {
      let pool = desired["Ipv4IpamPoolId"]
      calls.append(
        call(
          "ModifyIpPools", arn,
          pool.map { ["IpamPools": ["Ipv4IpamPoolId": $0]] } ?? ["RemoveIpamPools": ["ipv4"]]))
    }
    return calls
  }

  /// The members of SetSubnets; `nil` where the subnets stay as they are. Source NAT is set along with them.
  private func subnets(_ step: Step) -> [String: Document?]? {
    let prefix = "EnablePrefixForIpv6SourceNat"
    let isMoved = ["Subnets", "SubnetMappings"].contains {
      step.changes($0) && step.desired[$0] != nil
    }
    guard isMoved || step.changes(prefix) else { return nil }
    var members = step.desired.members(named: ["Subnets", "SubnetMappings"])
    if step.changes(prefix) {
      members[prefix] = step.desired[prefix] ?? "off"
      // Only a load balancer of both address types has such prefixes.
      if step.changes("IpAddressType") { members["IpAddressType"] = step.desired["IpAddressType"] }
    }
    return members
  }

  func call(_ operation: String, _ arn: String, _ members: [String: Document?]) -> Call {
    Call(
      "elbv2", operation, .members(members.merging(["LoadBalancerArn": .string(arn)]) { $1 }),
      transientCodes: Self.fresh)
  }

  /// Brings the reserved capacity to what is desired, and waits for it where the blueprint says so.
  func reserve(_ step: Step, _ arn: String, _ calls: inout CallSequence) throws(Pause) {
    let capacity = step.desired["MinimumLoadBalancerCapacity"]
    guard step.action == .create ? capacity != nil : step.changes("MinimumLoadBalancerCapacity")
    else { return }
    var reservation = call(
      "ModifyCapacityReservation", arn,
      capacity.map { ["MinimumLoadBalancerCapacity": $0] } ?? ["ResetCapacityReservation": true])
    reservation.transientCodes.formUnion(["CapacityReservationPending", "PriorRequestNotComplete"])
    try calls.make(reservation)
    guard capacity != nil, step.desired["EnableCapacityReservationProvisionStabilize"] == true
    else { return }
    _ = try calls.wait(
      Self.reservation(arn), every: 15, limit: 3600, until: "its capacity is provisioned"
    ) { output in
      let states = output.elements("CapacityReservationState").map { $0["State"] }
      if let failed = states.first(where: { $0?["Code"] == "failed" }) {
        return .failed(
          "the capacity was not reserved: \(failed?["Reason"]?.string ?? "no reason given")")
      }
      return states.allSatisfy { $0?["Code"] == "provisioned" } ? .ready : .waiting
    }
  }

  func described(_ arn: String) -> Call {
    var call = ELBv2.describe("DescribeLoadBalancers", "LoadBalancerArns", [arn])
    call.batch = CallBatch("LoadBalancers", by: "LoadBalancerArn", limit: ELBv2.batch)
    return call
  }

  /// The load balancer once it works.
  func active(_ arn: String, _ calls: inout CallSequence) throws(Pause) -> Document {
    let output = try calls.wait(
      described(arn), every: 10, limit: 900, until: "\(ELBv2.name(in: arn)) is active"
    ) { output in
      let state = output.elements("LoadBalancers").first?["State"]
      switch state?["Code"]?.string {
      case "active", "active_impaired": return .ready
      case "failed":
        return .failed(
          "\(ELBv2.name(in: arn)) failed: \(state?["Reason"]?.string ?? "no reason given")")
      default: return .waiting
      }
    }
    return output.elements("LoadBalancers").first ?? [:]
  }
}
