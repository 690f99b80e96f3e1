import Document
import TrueupCore

/// What all kinds of EC2 share: bulk reads, tags, codes and what is said of them.
///
/// The bulk reads are unfiltered, so that stripped owner tags, natural keys and others' resources are
/// seen; one page of 1,000 covers nearly every account.
enum EC2 {
  static let vpcs = bulk("DescribeVpcs")
  static let subnets = bulk("DescribeSubnets")
  static let securityGroups = bulk("DescribeSecurityGroups")
  static let internetGateways = bulk("DescribeInternetGateways")
  /// Has no pages.
  static let addresses = Read(Call("ec2", "DescribeAddresses", [:]), isEssential: true)
  /// Gateways that are gone are listed for an hour.
  static let natGateways = Read(
    Call(
      "ec2", "DescribeNatGateways",
      ["Filter": [["Name": "state", "Values": ["pending", "available", "deleting"]]]]),
    pageSize: 1000, isEssential: true)
  static let routeTables = Read(
    Call("ec2", "DescribeRouteTables", [:]), pageSize: 100, isEssential: true)
  static let securityGroupRules = bulk("DescribeSecurityGroupRules")
  static let vpcEndpoints = bulk("DescribeVpcEndpoints")
  static let flowLogs = bulk("DescribeFlowLogs")
  static let allNetworkACLs = bulk("DescribeNetworkAcls")
  /// Asked for only when something refers to a network ACL's ids.
  static let networkACLs = Read(Call("ec2", "DescribeNetworkAcls", [:]), pageSize: 1000)

  /// EC2 lets go of network interfaces minutes after their owners are gone.
  static let deletionPatience = 600.0

  private static func bulk(_ operation: String) -> Read {
    Read(Call("ec2", operation, [:]), pageSize: 1000, isEssential: true)
  }

  /// A delete call that is repeated while something still depends on the resource.
  static func deletion(_ operation: String, _ member: String, absent: String...) -> Deletion {
    Deletion(
      Call(
        "ec2", operation, [:], absentCodes: Set(absent), transientCodes: ["DependencyViolation"],
        patience: deletionPatience), member)
  }

  /// Some operations on several things answer with success and say of each what went wrong with it.
  static func check(
    _ output: Document?, _ problem: String, unless codes: Set<String> = []
  ) throws(CallSequence.Pause) {
    guard let error = output?["Unsuccessful"]?[0]?["Error"],
      !codes.contains(error["Code"]?.string ?? "")
    else { return }
    throw .failed(
      "\(problem): \(error["Message"]?.string ?? "") (\(error["Code"]?.string ?? "no code"))")
  }

  static func filters(_ filters: KeyValuePairs<String, String>) -> Document {
    .list(filters.map { ["Name": .string($0.key), "Values": [.string($0.value)]] })
  }

  /// The `TagSpecifications` of a create call; `nil` where there are no tags.
  static func tagSpecifications(_ tags: [String: String], of resourceType: String) -> Document? {
    tags.isEmpty ? nil : [["ResourceType": .string(resourceType), "Tags": Tags.list(tags)]]
  }

  /// The calls that bring a resource's tags to what the step says.
  static func tagCalls(_ step: Step, _ id: String) -> [Call] {
    let keys = step.removedTags.sorted().map { key -> Document in ["Key": .string(key)] }
    return Tags.calls(
      step,
      tag: Call(
        "ec2", "CreateTags", ["Resources": [.string(id)], "Tags": Tags.list(step.newTags)]),
      untag: Call("ec2", "DeleteTags", ["Resources": [.string(id)], "Tags": .list(keys)]))
  }

  /// The CIDR blocks of an association set that are in effect or about to be.
  static func associations(_ set: Document?, state: String) -> [Document] {
    (set?.list ?? []).filter { !isGone($0[state]) }
  }

  /// Whether an association is not, or soon no longer, in effect.
  static func isGone(_ state: Document?) -> Bool {
    ["disassociating", "disassociated", "failing", "failed"].contains(state?["State"]?.string)
  }
}
