import TrueupCore

extension SecurityGroupRule {
  var needed: [NeededRead] { [NeededRead(EC2.securityGroupRules)] }
}

extension VPCCidrBlock {
  var needed: [NeededRead] { [NeededRead(EC2.vpcs)] }
}

extension VPCGatewayAttachment {
  var needed: [NeededRead] {
    [
      NeededRead(EC2.internetGateways),
      NeededRead(Self.vpnGateways, for: ["VpnGatewayId"]),
    ]
  }
}
