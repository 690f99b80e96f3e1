import Document
import TrueupCore

/// A setting of a subnet that ModifySubnetAttribute changes: one of them per call.
/// Source: EC2 API, ModifySubnetAttribute.
enum SubnetSetting: CaseIterable {
  case mapPublicIP, assignIPv6, hostnameType, aRecord, aaaaRecord, dns64, localInterface

  /// The registry property in which it stands.
  var property: String {
    switch self {
    case .mapPublicIP: "MapPublicIpOnLaunch"
    case .assignIPv6: "AssignIpv6AddressOnCreation"
    case .hostnameType, .aRecord, .aaaaRecord: "PrivateDnsNameOptionsOnLaunch"
    case .dns64: "EnableDns64"
    case .localInterface: "EnableLniAtDeviceIndex"
    }
  }

  /// The member of the property, where that is an object.
  private var member: String? {
    switch self {
    case .hostnameType: "HostnameType"
    case .aRecord: "EnableResourceNameDnsARecord"
    case .aaaaRecord: "EnableResourceNameDnsAAAARecord"
    default: nil
    }
  }

  func value(in properties: Document) -> Document? {
    member.map { properties[property]?[$0] } ?? properties[property]
  }

  /// What a subnet has that was never told otherwise; `nil` for nothing. Subnets with IPv6 only assign
  /// addresses from it and name hosts after their instance.
  func standard(ipv6Native: Bool) -> Document? {
    switch self {
    case .hostnameType: ipv6Native ? "resource-name" : "ip-name"
    case .assignIPv6: .bool(ipv6Native)
    case .localInterface: nil
    default: false
    }
  }

  /// The call that gives the setting its value; `nil` takes it away.
  func call(_ subnet: String, to value: Document?) -> Call {
    var input: [String: Document] = ["SubnetId": .string(subnet)]
    switch self {
    case .mapPublicIP, .assignIPv6, .dns64: input[property] = ["Value": value ?? false]
    case .hostnameType: input["PrivateDnsHostnameTypeOnLaunch"] = value
    case .aRecord: input["EnableResourceNameDnsARecordOnLaunch"] = ["Value": value ?? false]
    case .aaaaRecord: input["EnableResourceNameDnsAAAARecordOnLaunch"] = ["Value": value ?? false]
    case .localInterface:
      if let value {
        input[property] = value
      } else {
        input["DisableLniAtDeviceIndex"] = ["Value": true]
      }
    }
    return Call(
      "ec2", "ModifySubnetAttribute", .object(input), transientCodes: ["InvalidSubnetID.NotFound"])
  }
}
