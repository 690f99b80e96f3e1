import TrueupCore

extension Catalog {
  /// All kinds that Trueup knows.
  public static let standard = Catalog([
    EIP(),
    FlowLog(),
    InternetGateway(),
    NatGateway(),
    NetworkAcl(),
    NetworkAclEntry(),
    Route(),
    RouteTable(),
    SecurityGroup(),
    SecurityGroupEgress(),
    SecurityGroupIngress(),
    Subnet(),
    SubnetNetworkAclAssociation(),
    SubnetRouteTableAssociation(),
    VPC(),
    VPCCidrBlock(),
    VPCEndpoint(),
    VPCGatewayAttachment(),
    InstanceProfile(),
    ManagedPolicy(),
    OIDCProvider(),
    Policy(),
    Role(),
    RolePolicy(),
    Alias(),
    Key(),
    LogGroup(),
    Bucket(),
    BucketPolicy(),
    Secret(),
  ])
}
