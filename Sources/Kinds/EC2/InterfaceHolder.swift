import Document
import TrueupCore

/// A kind whose resources network interfaces keep from being deleted. They outlive the load balancers, NAT
/// gateways and tasks that they were made for by minutes.
protocol InterfaceHolder: Kind {
  /// The filter of EC2 DescribeNetworkInterfaces that finds them: `subnet-id`.
  var interfaceFilter: String { get }
}

extension InterfaceHolder {
  public func obstacles(to deletion: Step) -> Call? {
    deletion.id.map {
      Call("ec2", "DescribeNetworkInterfaces", ["Filters": EC2.filters([interfaceFilter: $0])])
    }
  }

  /// `eni-1 (ELB app/acme/50dc6c49)`, the first few and how many more.
  public func obstacles(in output: Document) -> [String] {
    let interfaces = output["NetworkInterfaces"]?.list ?? []
    let names = interfaces.prefix(5).map { interface in
      let id = interface["NetworkInterfaceId"]?.string ?? "a network interface"
      let use = interface["Description"]?.string ?? ""
      return use.isEmpty ? id : "\(id) (\(use))"
    }
    return interfaces.count > 5 ? names + ["\(interfaces.count - 5) more"] : names
  }
}
