import Document
import TrueupCore

/// Checks what EC2 refuses of a single resource: sizes of networks, ranges of ports, zones of other
/// regions.
/// Source: Amazon VPC User Guide, "VPC CIDR blocks" and "Subnet sizing"; EC2 API, IpPermission.
struct NetworkCheck {
  let type: String
  /// Where the resource lives.
  let region: String?
  var findings = ContentFindings()

  init(type: String, region: String?) {
    self.type = type
    self.region = region
  }

  mutating func check(_ resource: LocatedValue) {
    if ["AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::VPCCidrBlock"].contains(type),
      let block = resource["CidrBlock"], let text = block.text, let network = Network(text),
      network.bytes.count == 4, !(16...28).contains(network.prefixLength)
    {
      findings.error(
        "\(type) /CidrBlock is \(text); it must have a size from /16 to /28", at: block.position)
    }
    if let zone = resource["AvailabilityZone"], let text = zone.text {
      checkZone(text, zone.position)
    }
    switch type {
    case "AWS::EC2::SecurityGroup":
      for property in ["SecurityGroupIngress", "SecurityGroupEgress"] {
        for rule in resource[property]?.oneOrMore ?? [] { checkPorts(rule, "\(type) /\(property)") }
      }
    case "AWS::EC2::VPCEndpoint": checkService(resource)
    case "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress":
      checkPorts(resource, type)
    default: return
    }
  }

  /// A zone is its region and a letter; local zones and wavelength zones begin with it as well.
  private mutating func checkZone(_ text: String, _ position: Position) {
    guard let region, let letter = text.utf8.last, UInt8(ascii: "a")...UInt8(ascii: "z") ~= letter,
      Partition.isRegion(String(text.dropLast())), text.dropLast() != region
    else { return }
    findings.error("\(type) /AvailabilityZone is \(text), which is not in \(region)", at: position)
  }

  /// `com.amazonaws.us-east-1.s3`. Some services can be reached from other regions.
  private mutating func checkService(_ endpoint: LocatedValue) {
    guard let region, let service = endpoint["ServiceName"], let text = service.text,
      endpoint["ServiceRegion"] == nil,
      let named = Self.region(ofService: text), named != region
    else { return }
    let problem = RegionName.problem(named).map { ": \($0.message)" } ?? ""
    findings.doubt(
      "\(type) /ServiceName \(text) is of another region than \(region)\(problem)",
      at: service.position)
  }

  /// The region in `com.amazonaws.us-east-1.s3` and `cn.com.amazonaws.cn-north-1.ecr.api`.
  private static func region(ofService name: String) -> String? {
    var words = name.split(separator: ".", omittingEmptySubsequences: false)[...]
    if words.first == "cn" { words = words.dropFirst() }
    guard words.count > 3, words.starts(with: ["com", "amazonaws"]) else { return nil }
    let region = String(words[words.startIndex + 2])
    return Partition.isRegion(region) ? region : nil
  }

  private mutating func checkPorts(_ rule: LocatedValue, _ subject: String) {
    guard let from = rule["FromPort"], let to = rule["ToPort"],
      let first = from.text.flatMap({ Int($0) }),
      let last = to.text.flatMap({ Int($0) })
    else { return }
    let name = rule["IpProtocol"]?.text?.lowercased() ?? ""
    guard ["tcp", "udp", "6", "17"].contains(name) else { return }
    if first > last {
      findings.error(
        "\(subject): the ports end before they begin: \(first) to \(last)", at: from.position)
    } else if !(-1...65535).contains(first) || !(-1...65535).contains(last) {
      findings.error(
        "\(subject): ports go from 0 to 65535, not \(first) to \(last)", at: from.position)
    }
  }
}
