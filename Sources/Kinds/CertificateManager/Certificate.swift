import Document
import TrueupCore

/// A public or private certificate of Certificate Manager. Where a hosted zone is declared for a domain, the
/// record that validates it there belongs to the certificate (`ValidationRecords`).
public struct Certificate: ComposedKind {
  public init() {}

  public let type = "AWS::CertificateManager::Certificate"

  public let facts = TypeFacts(
    Identity(ref: "Id", arn: "acm:certificate"),
    placement: .regional.withValidationAccount,
    properties: [
      "/DomainName": .normal(.lowercased),
      "/SubjectAlternativeNames": .set,
      "/SubjectAlternativeNames/*": .normal(.lowercased),
      // The zone of a record is no part of the certificate.
      "/DomainValidationOptions": .updatable,
      "/DomainValidationOptions/*/HostedZoneId": .refers(to: "AWS::Route53::HostedZone"),
      // Source: ACM API, RequestCertificate.
      "/ValidationMethod": .defaultsTo("EMAIL"),
      "/KeyAlgorithm": .defaultsTo("RSA_2048"),
      "/CertificateTransparencyLoggingPreference": .defaultsTo("ENABLED"),
      "/CertificateExport": .defaultsTo("DISABLED"),
    ],
    canonical: { Self.canonical($0) },
    replaces: { path, _, _ in path.components.last == "ValidationDomain" })

  /// The domain itself is no alternative name of its own. How domains are validated is told by domain: only
  /// what is declared of it is compared. ACM writes algorithms with hyphens, and takes underscores.
  private static func canonical(_ properties: Document) -> Document {
    guard case .object(var members) = properties else { return properties }
    if let names = members["SubjectAlternativeNames"]?.list {
      let own = members["DomainName"]?.string?.lowercased()
      let others = names.filter { $0.string?.lowercased() != own || own == nil }
      members["SubjectAlternativeNames"] = others.isEmpty ? nil : .list(others)
    }
    if let options = members["DomainValidationOptions"]?.list,
      options.allSatisfy({ $0["DomainName"]?.string != nil })
    {
      members["DomainValidationOptions"] = .object(
        Dictionary(
          options.map { option in
            (option["DomainName"]?.string?.lowercased() ?? "", option.setting("DomainName", nil))
          }, uniquingKeysWith: { $1 }))
    }
    members["KeyAlgorithm"] = members["KeyAlgorithm"]?.string.map {
      .string($0.replacing("-", with: "_"))
    }
    return .object(members)
  }

  // MARK: Observing

  /// Without the algorithms, ACM shows certificates with RSA keys of 2048 bits alone.
  static let all: Document = [
    "keyTypes": [
      "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1",
      "EC_secp521r1",
    ]
  ]

  let listing = Listing(
    Read(Call("acm", "ListCertificates", ["Includes": all]), pageSize: 1000, isEssential: true),
    "CertificateSummaryList", id: "CertificateArn", created: "CreatedAt")
  let tagging = CertificateTags()

  static func description(_ arn: String) -> Call {
    Call(
      "acm", "DescribeCertificate", ["CertificateArn": .string(arn)],
      absentCodes: ["ResourceNotFoundException"])
  }

  let details = [
    Detail([
      "ValidationMethod", "DomainValidationOptions", "CertificateTransparencyLoggingPreference",
      "CertificateAuthorityArn",
    ]) { _, arn in
      Read(Certificate.description(arn))
    } values: { output in
      let certificate = output["Certificate"] ?? [:]
      let options = certificate.elements("DomainValidationOptions")
      return [
        "ValidationMethod": options.first?["ValidationMethod"],
        "DomainValidationOptions": options.isEmpty ? nil : .list(options),
        "CertificateTransparencyLoggingPreference":
          certificate["Options"]?["CertificateTransparencyLoggingPreference"],
        "CertificateAuthorityArn": certificate["CertificateAuthorityArn"],
      ]
    },
    // The list has a hundred names of a certificate.
    Detail(["SubjectAlternativeNames"]) { item, arn in
      item["HasAdditionalSubjectAlternativeNames"] == true
        ? Read(Certificate.description(arn)) : nil
    } values: {
      ["SubjectAlternativeNames": $0["Certificate"]?["SubjectAlternativeNames"]]
    },
  ]

  /// A certificate that ACM gave up or took back secures nothing: it is shown without its domain, so that
  /// another one takes its place.
  private static let dead: Set<String> = [
    "EXPIRED", "FAILED", "REVOKED", "VALIDATION_TIMED_OUT",
  ]

  func properties(of item: Document, _ context: ReadContext) -> [String: Document?] {
    let isDead = Self.dead.contains(item["Status"]?.string ?? "")
    return [
      "DomainName": isDead ? nil : item["DomainName"],
      "SubjectAlternativeNames": item["SubjectAlternativeNameSummaries"],
      "KeyAlgorithm": item["KeyAlgorithm"], "CertificateExport": item["ExportOption"],
    ]
  }

  public func reads(_ context: ReadContext, _ replies: Replies) -> [Read] {
    listedReads(context, replies)
      + listed(context, replies).flatMap { entry -> [Read] in
        let description = replies[Read(Self.description(entry.id))]?.output?["Certificate"]
        return ValidationRecords(description ?? [:], entry.tags.known).reads(replies)
      }
  }

  /// With the zones in which the records of validation stand.
  func amended(_ observed: Observed, _ item: Document, _ replies: Replies) -> Observed? {
    let options = observed.properties.elements("DomainValidationOptions")
    guard !options.isEmpty else { return observed }
    var observed = observed
    let found = ValidationRecords(options, observed.tags).found(replies)
    let shown = options.map { option -> Document in
      let domain = option["DomainName"]?.string?.lowercased() ?? ""
      switch found[domain] {
      case .unread(let reason):
        observed.unread[PropertyPath(["DomainValidationOptions", domain, "HostedZoneId"])] = reason
      case .found(let zone):
        return .members([
          "DomainName": option["DomainName"], "ValidationDomain": option["ValidationDomain"],
          "HostedZoneId": zone,
        ])
      case .nothing, nil: break
      }
      return .members(option.members(named: ["DomainName", "ValidationDomain"]))
    }
    observed.properties = observed.properties.setting("DomainValidationOptions", .list(shown))
    return observed
  }

  // MARK: Changing

  let creation = Creation(
    Call("acm", "RequestCertificate", [:]),
    ["DomainName", "SubjectAlternativeNames", "ValidationMethod", "CertificateAuthorityArn"],
    id: ["CertificateArn"])
  /// What has just let go of a certificate holds it for some minutes more.
  let deletion = Deletion(
    Call(
      "acm", "DeleteCertificate", [:], absentCodes: ["ResourceNotFoundException"],
      transientCodes: ["ResourceInUseException", "ConflictException"], patience: 900),
    "CertificateArn")

  public func obstacles(to deletion: Step) -> Call? { deletion.id.map(Self.description) }

  public func obstacles(in output: Document) -> [String] {
    (output["Certificate"]).elements("InUseBy").compactMap(\.string)
  }
}
