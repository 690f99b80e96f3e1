import TrueupCore

extension Catalog {
  /// All kinds that Trueup knows.
  public static let standard = Catalog([
    EIP(),
    InternetGateway(),
    NatGateway(),
    Route(),
    RouteTable(),
    SecurityGroup(),
    Subnet(),
    SubnetRouteTableAssociation(),
    VPC(),
    VPCGatewayAttachment(),
    LogGroup(),
    Role(),
    Bucket(),
  ])
}
