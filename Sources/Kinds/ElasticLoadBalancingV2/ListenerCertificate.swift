import Document
import TrueupCore

/// Certificates of a listener besides its own, for other names. Such a resource has no id in AWS and carries no
/// tags: it is told apart by its first certificate.
public struct ListenerCertificate: SequencedKind {
  public init() {}

  public let type = "AWS::ElasticLoadBalancingV2::ListenerCertificate"

  public let facts = TypeFacts(
    Identity(
      ref: "Id", unique: [UniqueKey(ListenerCertificate.first, within: ["ListenerArn"])]),
    ownership: .inside([Parent("ListenerArn", "AWS::ElasticLoadBalancingV2::Listener")]),
    properties: ["/Certificates": .keyed("CertificateArn").losing(.members)],
    canonical: { properties in
      properties[first] != nil
        ? properties : properties.setting(first, anchor(properties).map { .string($0) })
    })

  /// What tells it apart within its listener, in comparing alone.
  private static let first = "First"

  /// Others add certificates to the same listener.
  public let sharedLists: Set = ["Certificates"]

  /// Alike in everything.
  public func sameness(of properties: Document) -> Document? { properties }

  private static func certificates(_ properties: Document?) -> [String] {
    properties.elements("Certificates").compactMap { $0["CertificateArn"]?.string }
  }

  /// The first certificate; `nil` where that is not known yet.
  private static func anchor(_ properties: Document) -> String? {
    let known = certificates(properties)
    return known.count == properties.elements("Certificates").count ? known.min() : nil
  }

  private static func id(_ listener: String, _ certificate: String) -> String {
    "\(listener)|\(certificate)"
  }

  // MARK: Observing

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    [TagSweep.read] + listeners(context, replies).map(Self.read)
  }

  /// Each certificate is the first of some resource that there may be.
  public func decode(_ context: ReadContext, _ replies: Replies) -> [Observed] {
    listeners(context, replies).flatMap { listener -> [Observed] in
      // Its own certificate is the listener's.
      let others = (replies[Self.read(listener)]?.output).elements("Certificates").filter {
        $0["IsDefault"] != true
      }.compactMap { $0["CertificateArn"]?.string }
      return others.map { certificate in
        let id = Self.id(listener, certificate)
        return Observed(
          type: type, id: id, scope: context.scope,
          properties: [
            "Id": .string(id), "ListenerArn": .string(listener),
            "Certificates": Self.list(others), Self.first: .string(certificate),
          ])
      }
    }
  }

  /// Those that are named, those of which the base knows certificates, and those of ours.
  private func listeners(_ context: ReadContext, _ replies: Replies) -> [String] {
    let known = context.candidates.keys.compactMap { $0.split(separator: "|").first }
      .map(String.init)
    let ours = TagSweep(context, replies).swept.filter { context.owns($0.value) }.keys
    let listeners = context.names["AWS::ElasticLoadBalancingV2::Listener"] ?? []
    return Set(known).union(context.values["ListenerArn"] ?? []).union(ours).union(listeners)
      .filter { $0.contains(":listener/") }.sorted()
  }

  private static func read(_ listener: String) -> Read {
    Read(
      Call(
        "elbv2", "DescribeListenerCertificates", ["ListenerArn": .string(listener)],
        absentCodes: ELBv2.gone), pageSize: 400, isEssential: true)
  }

  private static func list(_ certificates: [String]) -> Document {
    .list(certificates.sorted().map { ["CertificateArn": .string($0)] })
  }

  // MARK: Changing

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    guard let listener = step.desired["ListenerArn"]?.string, let anchor = Self.anchor(step.desired)
    else { throw .failed("\(step.address) needs a ListenerArn and Certificates") }
    let id = Self.id(listener, anchor)
    let shown = Set(Self.certificates(step.observed?.properties))
    let desired = Self.certificates(step.desired)
    let (added, gone) = (desired.filter { !shown.contains($0) }, shown.subtracting(desired))
    // Names are answered for by the new ones before the old ones go.
    try calls.exchange(
      adding: Self.calls("AddListenerCertificates", listener, added),
      removing: Self.calls("RemoveListenerCertificates", listener, gone.sorted()),
      whenFull: ["TooManyCertificates"])
    return .done(id: id, attributes: step.desired.merging(["Id": .string(id)]))
  }

  func update(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    try create(step, &calls)
  }

  /// Where nobody knows what was applied, it is the first alone: the others may be others'.
  func delete(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let id = try step.existingID()
    guard let mark = id.firstIndex(of: "|") else { return .done(id: id, attributes: [:]) }
    let applied = Self.certificates(step.applied)
    try calls.make(
      Self.calls(
        "RemoveListenerCertificates", String(id[..<mark]),
        applied.isEmpty ? [String(id[id.index(after: mark)...])] : applied))
    return .done(id: id, attributes: [:])
  }

  private static func calls(
    _ operation: String, _ listener: String, _ certificates: [String]
  ) -> [Call] {
    certificates.isEmpty
      ? []
      : [
        Call(
          "elbv2", operation,
          ["ListenerArn": .string(listener), "Certificates": list(certificates)],
          absentCodes: operation.hasPrefix("Remove") ? ELBv2.gone : [],
          transientCodes: operation.hasPrefix("Add") ? ["CertificateNotFound"] : [])
      ]
  }
}
