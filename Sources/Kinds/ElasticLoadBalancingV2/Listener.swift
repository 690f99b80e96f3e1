import Document
import TrueupCore

/// A listener of a load balancer. It carries tags, although the registry gives it none.
public struct Listener: TaggedBalancing {
  public init() {}

  public let type = "AWS::ElasticLoadBalancingV2::Listener"

  public let facts = TypeFacts(
    Identity(
      ref: "ListenerArn", unique: [UniqueKey("Port", within: ["LoadBalancerArn"])],
      arn: "elasticloadbalancing:listener"),
    ownership: .byTags(
      inside: [Parent("LoadBalancerArn", "AWS::ElasticLoadBalancingV2::LoadBalancer")]),
    properties: PropertyTable(
      dictionaryLiteral: ("/Certificates", .keyed("CertificateArn")),
      ("/Port", .notResettable("a listener keeps the port that it has")),
      ("/Protocol", .notResettable("a listener keeps the protocol that it has")),
      ("/MutualAuthentication/Mode", .defaultsTo("off").security),
      ("/MutualAuthentication/IgnoreClientCertificateExpiry", .defaultsTo(false)),
      ("/MutualAuthentication/AdvertiseTrustStoreCaNames", .defaultsTo("off")),
      ("/ListenerAttributes", .keyed("Key")),
      ("/ListenerAttributes/*/Value", .normal(.scalarText))
    ).adding(ListenerAction.facts("DefaultActions")),
    canonical: { properties in
      properties.setting("DefaultActions", properties["DefaultActions"].map(ListenerAction.normal))
    })

  /// What nobody declares of them has AWS's defaults, or what somebody else set.
  public let sharedLists: Set = ["ListenerAttributes"]

  /// What writes or takes away a header does so where it is not empty.
  /// Source: Elastic Load Balancing API, ListenerAttribute; User Guide for Application Load Balancers,
  /// "HTTP header modification".
  static let attributes = BalancerAttributes(
    property: "ListenerAttributes", member: "ListenerArn", reading: "DescribeListenerAttributes",
    writing: "ModifyListenerAttributes",
    initial: [
      "routing.http.response.server.enabled": "true", "tcp.idle_timeout.seconds": "350",
    ].merging(headers.map { ($0, "") }) { $1 })

  private static let headers =
    [
      "access_control_allow_origin", "access_control_allow_methods", "access_control_allow_headers",
      "access_control_allow_credentials", "access_control_expose_headers",
      "access_control_max_age", "content_security_policy", "strict_transport_security",
      "x_content_type_options", "x_frame_options",
    ].map { "routing.http.response.\($0).header_value" }

  // MARK: Observing

  /// No list shows all of an account: the sweep and the base tell which there are.
  let listing = Listing(TagSweep.read, "Listeners")
  let tagging = BalancerTags()
  let details = [attributes.detail]
  let parts: BalancerParts? = BalancerParts(
    mark: ":listener/", list: "Listeners", id: "ListenerArn", parent: "LoadBalancerArn",
    owner: ELBv2.loadBalancer(ofListener:), operation: "DescribeListeners", members: "ListenerArns")
  let shown = [
    "AlpnPolicy", "Certificates", "DefaultActions", "ListenerArn", "LoadBalancerArn",
    "MutualAuthentication", "Port", "Protocol", "SslPolicy",
  ]

  // MARK: Changing

  private static let written = [
    "AlpnPolicy", "Certificates", "MutualAuthentication", "Port", "Protocol", "SslPolicy",
  ]
  /// What stands in a listener of HTTPS or TLS alone.
  private static let secure = ["AlpnPolicy", "Certificates", "MutualAuthentication", "SslPolicy"]

  /// What was made a moment ago is not known everywhere yet.
  private static let fresh: Set<String> = [
    "CertificateNotFound", "LoadBalancerNotFound", "TargetGroupNotFound", "TrustStoreNotFound",
    "TrustStoreNotReady",
  ]

  let creation = Creation(
    Call("elbv2", "CreateListener", [:], transientCodes: fresh), written + ["LoadBalancerArn"])
  let deletion = Deletion(
    Call("elbv2", "DeleteListener", [:], absentCodes: ["ListenerNotFound"]), "ListenerArn")

  func created(_ step: Step) throws(Pause) -> [String: Document?] {
    tagging.input(step).merging([
      "DefaultActions": ListenerAction.written(step.desired["DefaultActions"])
    ]) { $1 }
  }

  func create(_ step: Step, _ calls: inout CallSequence) throws(Pause) -> Next {
    let output = try creation.make(step, try created(step), &calls)
    guard let arn = output.elements("Listeners").first?["ListenerArn"]?.string else {
      throw .failed("CreateListener answered without a ListenerArn")
    }
    try calls.make(Self.attributes.calls(step, arn))
    return done(step, arn)
  }

  func changes(_ step: Step, _ arn: String) throws(Pause) -> [Call] {
    let desired = step.desired
    // With the protocol, AWS takes away what belongs to TLS, or wants it anew.
    let isSecure = ["HTTPS", "TLS"].contains(desired["Protocol"])
    var members = desired.members(
      named: Self.written.filter {
        step.changes($0) || step.changes("Protocol") && isSecure && Self.secure.contains($0)
      })
    if step.changes("DefaultActions") {
      members["DefaultActions"] = ListenerAction.written(
        ShiftedWeights.kept(step, "DefaultActions"))
    }
    for (property, initial) in Self.initial
    where isSecure && step.changes(property) && desired[property] == nil {
      members[property] = initial
    }
    guard Document.members(members) != .object([:]) else {
      return Self.attributes.calls(step, arn)
    }
    members["ListenerArn"] = .string(arn)
    return [
      Call("elbv2", "ModifyListener", .members(members), transientCodes: Self.fresh)
    ] + Self.attributes.calls(step, arn)
  }

  /// What a listener has where nobody says anything of it.
  /// Source: CloudFormation's AWS::ElasticLoadBalancingV2::Listener.
  private static let initial: [String: Document] = [
    "AlpnPolicy": ["None"], "MutualAuthentication": ["Mode": "off"],
    "SslPolicy": "ELBSecurityPolicy-2016-08",
  ]
}
