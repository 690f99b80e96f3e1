import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::CertificateManager::Certificate`: what is shown of it.
final class CertificateTests: XCTestCase {
  private let certificate = Certificate()
  static let arn = "arn:aws:acm:eu-west-1:111122223333:certificate/"

  /// The record that ACM wants for example.com.
  static let record: Document = [
    "Name": "_a.example.com.", "Type": "CNAME", "Value": "_b.acm-validations.aws.",
  ]

  static func described(_ members: [String: Document] = [:]) -> Document {
    [
      "Certificate": Document.object([
        "CertificateArn": .string(arn + "ours"), "DomainName": "example.com", "Status": "ISSUED",
        "SubjectAlternativeNames": ["example.com", "*.example.com"],
        "Options": ["CertificateTransparencyLoggingPreference": "DISABLED"],
        "CertificateAuthorityArn": "arn:pca",
        "DomainValidationOptions": [
          [
            "DomainName": "example.com", "ValidationMethod": "DNS", "ResourceRecord": record,
          ],
          [
            "DomainName": "*.example.com", "ValidationMethod": "DNS", "ResourceRecord": record,
          ],
        ],
      ]).with(members)
    ]
  }

  static func listed(_ names: [String], status: String = "ISSUED") -> Document {
    [
      "CertificateSummaryList": .list(
        names.map { name in
          [
            "CertificateArn": .string(arn + name), "DomainName": "example.com",
            "SubjectAlternativeNameSummaries": ["example.com", "*.example.com"],
            "Status": .string(status), "KeyAlgorithm": "RSA-2048", "ExportOption": "DISABLED",
            "CreatedAt": 1_700_000_000,
          ]
        })
    ]
  }

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListCertificates": .success(listed(["ours", "others"]))
    case "DescribeCertificate": .success(described())
    case "GetResources":
      .success([
        "ResourceTagMappingList": [["ResourceARN": .string(arn + "ours"), "Tags": .ourTagList]]
      ])
    case "ListTagsForCertificate": .success(["Tags": .ourTagList])
    case "ListHostedZones":
      .success([
        "HostedZones": [
          ["Id": "/hostedzone/Z1", "Name": "example.com."],
          ["Id": "/hostedzone/Z2", "Name": "example.com.", "Config": ["PrivateZone": true]],
          ["Id": "/hostedzone/Z3", "Name": "example.org."],
        ]
      ])
    case "ListResourceRecordSets":
      .success([
        "ResourceRecordSets": [
          [
            "Name": "_a.example.com.", "Type": "CNAME", "TTL": 60,
            "ResourceRecords": [["Value": "_b.acm-validations.aws."]],
          ]
        ]
      ])
    default: .success([:])
    }
  }

  func testOursAloneAreDescribedWithTheZonesOfTheirRecords() throws {
    let observation = ObservationRehearsal(
      certificate, .rehearsal(properties: ["DomainValidationOptions"]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines,
      [
        #"ListCertificates {"Includes":{"keyTypes":["RSA_1024","RSA_2048","RSA_3072","RSA_4096","EC_prime256v1","EC_secp384r1","EC_secp521r1"]}}"#,
        #"GetResources {"TagFilters":[{"Key":"trueup:stack"}]}"#,
        #"DescribeCertificate {"CertificateArn":"\#(Self.arn)ours"}"#,
        "ListHostedZones {}", #"ListResourceRecordSets {"HostedZoneId":"Z1"}"#,
      ])
    let ours = try XCTUnwrap(observation[Self.arn + "ours"])
    XCTAssertEqual(
      ours.properties["DomainValidationOptions"],
      [
        ["DomainName": "example.com", "HostedZoneId": "Z1"],
        ["DomainName": "*.example.com", "HostedZoneId": "Z1"],
      ])
    XCTAssertEqual(ours.properties["ValidationMethod"], "DNS")
    XCTAssertEqual(ours.createdAt, 1_700_000_000)
    XCTAssertEqual(try uncovered(certificate, shown: observation.observed), [])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testRecordsInAnotherAccountAreLookedForThere() throws {
    let observation = ObservationRehearsal(
      certificate, .rehearsal(properties: ["DomainValidationOptions"])
    ) { call in
      switch call.operation {
      case "GetResources":
        .success([
          "ResourceTagMappingList": [
            [
              "ResourceARN": .string(Self.arn + "ours"),
              "Tags": .list(
                (Document.ourTagList.list ?? []) + [
                  ["Key": "trueup:validation-account", "Value": "222222222222"]
                ]),
            ]
          ]
        ])
      default: Self.answer(call)
      }
    }
    XCTAssertEqual(
      observation.reads.filter { $0.call.service == "route53" }.map(\.call.account),
      ["222222222222", "222222222222"])
    XCTAssertEqual(
      observation[Self.arn + "ours"]?.properties["DomainValidationOptions"]?[0]?["HostedZoneId"],
      "Z1")
  }

  func testTagsThatTheSweepDoesNotShowYetAreReadOfItself() throws {
    let observation = ObservationRehearsal(
      certificate, .rehearsal(candidates: [Self.arn + "others": []]), answer: Self.answer)
    XCTAssertEqual(observation[Self.arn + "others"]?.tags, Step.ourTags)
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testARecordThatIsGoneOrCannotBeSeenIsNoZone() throws {
    func shown(_ answer: @escaping (Call) -> Reply?) throws -> Observed {
      try XCTUnwrap(
        ObservationRehearsal(
          certificate, .rehearsal(properties: ["DomainValidationOptions"])
        ) { answer($0) ?? Self.answer($0) }[Self.arn + "ours"])
    }
    let gone = try shown {
      $0.operation == "ListResourceRecordSets" ? .success(["ResourceRecordSets": []]) : nil
    }
    XCTAssertEqual(
      gone.properties["DomainValidationOptions"]?[0], ["DomainName": "example.com"])
    XCTAssertEqual(gone.unread["/DomainValidationOptions/example.com/HostedZoneId"], nil)
    for operation in ["ListHostedZones", "ListResourceRecordSets"] {
      let refused = try shown { $0.operation == operation ? denied($0) : nil }
      let path = PropertyPath(["DomainValidationOptions", "example.com", "HostedZoneId"])
      XCTAssertEqual(refused.unread[path], "\(operation) is not allowed")
    }
  }

  func testNamesAreASetWithoutTheDomainItself() {
    func normal(_ names: Document) -> Document {
      certificate.facts.normal(["DomainName": "Example.com", "SubjectAlternativeNames": names])
    }
    XCTAssertEqual(normal(["example.com", "WWW.example.com"]), normal(["www.example.com"]))
    XCTAssertEqual(normal(["example.com"]), certificate.facts.normal(["DomainName": "example.com"]))
    XCTAssertEqual(
      certificate.facts.normal(["KeyAlgorithm": "RSA-2048"]), ["KeyAlgorithm": "RSA_2048"])
  }

  func testMoreThanAHundredNamesAreReadWhole() {
    let observation = ObservationRehearsal(
      certificate, .rehearsal(properties: ["SubjectAlternativeNames"])
    ) { call in
      guard call.operation == "ListCertificates", case .success(let output) = Self.answer(call),
        let first = output["CertificateSummaryList"]?[0]
      else { return Self.answer(call) }
      return .success([
        "CertificateSummaryList": [
          first.with([
            "SubjectAlternativeNameSummaries": ["example.com"],
            "HasAdditionalSubjectAlternativeNames": true,
          ])
        ]
      ])
    }
    XCTAssertEqual(
      observation[Self.arn + "ours"]?.properties["SubjectAlternativeNames"],
      ["example.com", "*.example.com"])
  }

  func testACertificateThatACMGaveUpSecuresNoDomain() {
    for status in ["FAILED", "VALIDATION_TIMED_OUT", "EXPIRED", "REVOKED"] {
      let observation = ObservationRehearsal(certificate, .rehearsal()) { call in
        call.operation == "ListCertificates"
          ? .success(Self.listed(["ours"], status: status)) : Self.answer(call)
      }
      XCTAssertNotNil(observation[Self.arn + "ours"], "it has to be deleted")
      XCTAssertNil(observation[Self.arn + "ours"]?.properties["DomainName"], status)
    }
  }

  func testItSaysWhatUsesIt() {
    let call = certificate.obstacles(to: .deleting(Self.arn + "ours"))
    XCTAssertEqual(call?.operation, "DescribeCertificate")
    XCTAssertEqual(
      certificate.obstacles(in: Self.described(["InUseBy": ["arn:loadbalancer"]])),
      ["arn:loadbalancer"])
  }
}
