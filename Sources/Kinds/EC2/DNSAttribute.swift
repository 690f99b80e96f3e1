import Document
import TrueupCore

/// The DNS attributes of a VPC, which only DescribeVpcAttribute shows, one at a time; in the order in
/// which they are switched on.
enum DNSAttribute: String, CaseIterable {
  case enableDnsSupport, enableDnsHostnames

  var property: String {
    switch self {
    case .enableDnsSupport: "EnableDnsSupport"
    case .enableDnsHostnames: "EnableDnsHostnames"
    }
  }

  /// What a VPC has that was never told otherwise.
  var standard: Bool { self == .enableDnsSupport }

  func target(_ desired: Document) -> Bool { desired[property]?.bool ?? standard }

  func read(of vpc: String) -> Read {
    Read(
      Call(
        "ec2", "DescribeVpcAttribute", ["VpcId": .string(vpc), "Attribute": .string(rawValue)],
        absentCodes: ["InvalidVpcID.NotFound"]))
  }
}
