import Document
import TrueupCore

/// The attributes of a load balancer, a target group or a listener: keys with texts, of which a new resource
/// has all that apply to it. Only those that are declared, or were applied last, are ours.
struct BalancerAttributes: Sendable {
  /// The property that lists them: `LoadBalancerAttributes`.
  let property: String
  /// The member of input that names the resource.
  let member: String
  let reading: String
  let writing: String
  /// What a new resource has, of what does not depend on anything else: written where an attribute is no
  /// longer declared. Others stay as they are.
  let initial: [String: String]

  var detail: Detail {
    Detail([property]) { _, arn in
      Read(read(arn))
    } values: { output in
      [property: output["Attributes"]]
    }
  }

  func read(_ arn: String) -> Call {
    Call("elbv2", reading, [member: .string(arn)], absentCodes: ELBv2.gone)
  }

  /// The calls that bring them to what the step desires.
  func calls(_ step: Step, _ arn: String) -> [Call] {
    guard step.action == .create || step.changes(property) else { return [] }
    let shown = texts(step.shown)
    let desired = texts(step.desired)
    var written = desired
    for key in texts(step.applied ?? [:]).keys where desired[key] == nil {
      written[key] = initial[key]
    }
    let attributes = written.filter { shown[$0.key] != $0.value }.sorted { $0.key < $1.key }
      .map { key, value -> Document in ["Key": .string(key), "Value": .string(value)] }
    return attributes.chunks(of: ELBv2.batch).map { attributes in
      Call(
        "elbv2", writing, [member: .string(arn), "Attributes": .list(attributes)],
        transientCodes: ELBv2.gone)
    }
  }

  private func texts(_ properties: Document) -> [String: String] {
    Dictionary(
      properties.elements(property).compactMap { attribute in
        attribute["Key"]?.string.map { key in
          (key, attribute["Value"]?.jsonText.string ?? "")
        }
      }, uniquingKeysWith: { $1 })
  }
}
