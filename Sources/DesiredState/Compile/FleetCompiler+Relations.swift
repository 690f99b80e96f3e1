import Document
import TrueupCore

/// What AWS refuses of resources beside one another: subnets outside their VPC, records outside their
/// zone.
extension FleetCompiler {
  static let relatedTypes: Set<String> = [
    "AWS::EC2::VPC", "AWS::EC2::VPCCidrBlock", "AWS::EC2::Subnet", RecordCheck.type,
  ]

  /// - Parameter collisions: resources that are reported as one already.
  func checkRelations(_ compiled: [DesiredStack], besides collisions: Set<Address>) {
    let resources = compiled.filter { $0.destroy == nil }.flatMap(\.resources)
    let related = resources.filter { Self.relatedTypes.contains($0.type) }
    guard !related.isEmpty else { return }
    let values = RelatedValues(catalog: settings.catalog, resources)
    for finding in SubnetCheck(values: values, collisions: collisions).findings(related)
      + ZoneCheck(values: values).findings(related)
    {
      report(finding)
    }
  }

  private func report(_ finding: RelatedValues.Finding) {
    let stack = stack(named: finding.resource.address.stack)
    func place(_ resource: DesiredResource, _ property: String) -> SourceLocation {
      guard let stack = self.stack(named: resource.address.stack),
        let position = stack.propertyPositions[resource.address.resource]?[property]
      else { return resource.location }
      return stack.place(position)
    }
    // What stands at a revision in force is left as it is.
    guard let stack, stack.checksContent else { return }
    let other = finding.other.map { other in
      let isOneStack = other.address.stack == finding.resource.address.stack
      let name = isOneStack ? other.address.resource : other.address.description
      return " of \(name) (\(place(other, finding.property)))"
    }
    log.error(
      finding.message + (other ?? ""), at: place(finding.resource, finding.property),
      stack: stack.id.name)
  }
}
