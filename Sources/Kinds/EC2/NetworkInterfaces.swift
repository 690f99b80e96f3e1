import Document
import TrueupCore

/// The network interfaces that keep a subnet, a security group or a VPC from being deleted. They
/// outlive the load balancers, NAT gateways and tasks that they were made for by minutes.
enum NetworkInterfaces {
  /// - Parameter filter: a filter of EC2 DescribeNetworkInterfaces: `subnet-id`.
  static func holding(_ id: String?, by filter: String) -> Call? {
    id.map { Call("ec2", "DescribeNetworkInterfaces", ["Filters": EC2.filters([filter: $0])]) }
  }

  /// `eni-1 (ELB app/acme/50dc6c49)`, the first few and how many more.
  static func names(in output: Document) -> [String] {
    let interfaces = output["NetworkInterfaces"]?.list ?? []
    let names = interfaces.prefix(5).map { interface in
      let id = interface["NetworkInterfaceId"]?.string ?? "a network interface"
      let use = interface["Description"]?.string ?? ""
      return use.isEmpty ? id : "\(id) (\(use))"
    }
    return interfaces.count > 5 ? names + ["\(interfaces.count - 5) more"] : names
  }
}
