import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::CertificateManager::Certificate`: how it is asked for, validated, changed and deleted.
final class CertificateChangesTests: XCTestCase {
  private let certificate = Certificate()
  private static let ours = CertificateTests.arn + "ours"

  private static let desired: Document = [
    "DomainName": "example.com", "SubjectAlternativeNames": ["*.example.com"],
    "ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1",
    "CertificateTransparencyLoggingPreference": "DISABLED",
    "DomainValidationOptions": [
      ["DomainName": "example.com", "HostedZoneId": "Z1"],
      ["DomainName": "*.example.com", "HostedZoneId": "Z1"],
    ],
  ]

  private func creating(_ descriptions: [Document]) -> Rehearsal {
    var descriptions = descriptions
    var step = Step.creating(Self.desired)
    step.token = String(repeating: "0123456789abcdef", count: 4)
    return Rehearsal(certificate, step) { call in
      switch call.operation {
      case "RequestCertificate": .success(["CertificateArn": .string(Self.ours)])
      case "DescribeCertificate": .success(descriptions.removeFirst())
      default: .success([:])
      }
    }
  }

  func testTheRecordIsWrittenAsSoonAsACMTellsIt() throws {
    let pending = CertificateTests.described(["Status": "PENDING_VALIDATION"])
    let early = CertificateTests.described([
      "Status": "PENDING_VALIDATION",
      "DomainValidationOptions": [["DomainName": "example.com"], ["DomainName": "*.example.com"]],
    ])
    let created = creating([early, pending, pending, CertificateTests.described()])
    XCTAssertEqual(
      created.calls.map(\.operation),
      [
        "RequestCertificate", "DescribeCertificate", "DescribeCertificate",
        "ChangeResourceRecordSets", "DescribeCertificate", "DescribeCertificate",
      ])
    XCTAssertEqual(created.calls[0].input["IdempotencyToken"]?.string?.count, 32)
    XCTAssertEqual(
      created.calls[0].input["Options"], ["CertificateTransparencyLoggingPreference": "DISABLED"])
    XCTAssertNil(created.calls[0].input["DomainValidationOptions"], "zones are not ACM's business")
    XCTAssert(created.calls[1].isNeeded, "without its record it is never issued")
    XCTAssertFalse(created.calls[4].isNeeded)
    XCTAssertEqual(
      created.calls[3].input["ChangeBatch"]?["Changes"],
      [
        [
          "Action": "UPSERT",
          "ResourceRecordSet": [
            "Name": "_a.example.com.", "Type": "CNAME", "TTL": 300,
            "ResourceRecords": [["Value": "_b.acm-validations.aws."]],
          ],
        ]
      ], "the wildcard and its domain have one record")
    XCTAssertEqual(created.waits.last, "\(Self.ours) is issued")
    XCTAssertEqual(created.id, Self.ours)
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testARefusalIsToldWithItsReason() {
    let failed = creating([
      CertificateTests.described(),
      CertificateTests.described(["Status": "FAILED", "FailureReason": "CAA_ERROR"]),
    ])
    XCTAssertEqual(failed.failure, "\(Self.ours) is FAILED: CAA_ERROR")
    let late = creating([CertificateTests.described(["Status": "VALIDATION_TIMED_OUT"])])
    XCTAssertEqual(
      late.failure, "\(Self.ours) is VALIDATION_TIMED_OUT: ACM gives no reason")
  }

  func testMailNeedsNoRecord() throws {
    var step = Step.creating([
      "DomainName": "www.example.com", "ValidationMethod": "EMAIL",
      "DomainValidationOptions": [
        ["DomainName": "www.example.com", "ValidationDomain": "example.com"]
      ],
    ])
    step.token = "0123456789abcdef"
    let created = Rehearsal(certificate, step) { call in
      call.operation == "RequestCertificate"
        ? .success(["CertificateArn": .string(Self.ours)]) : .success(CertificateTests.described())
    }
    XCTAssertEqual(created.calls.map(\.operation), ["RequestCertificate", "DescribeCertificate"])
    XCTAssertEqual(
      created.calls[0].input["DomainValidationOptions"],
      [["DomainName": "www.example.com", "ValidationDomain": "example.com"]])
    XCTAssertEqual(try modelProblems(created.calls), [])
  }

  func testOptionsAndTagsAreChangedInPlace() throws {
    let changed = Rehearsal(
      certificate,
      .updating(
        Self.ours, from: ["CertificateExport": "ENABLED"],
        to: ["DomainName": "example.com", "CertificateTransparencyLoggingPreference": "DISABLED"],
        changed: ["CertificateTransparencyLoggingPreference", "CertificateExport"],
        removedTags: ["old"], changesTags: true))
    XCTAssertEqual(
      changed.calls.map(\.operation),
      ["UpdateCertificateOptions", "RemoveTagsFromCertificate", "AddTagsToCertificate"])
    XCTAssertEqual(
      changed.calls[0].input["Options"],
      ["CertificateTransparencyLoggingPreference": "DISABLED", "Export": "DISABLED"])
    XCTAssertEqual(changed.calls[1].input["Tags"], [["Key": "old"]])
    XCTAssertEqual(try modelProblems(changed.calls), [])
  }

  func testAnotherDomainOfMailIsAnotherCertificateAndAnotherZoneIsNot() {
    let path = PropertyPath(["DomainValidationOptions", "example.com", "ValidationDomain"])
    XCTAssert(certificate.facts.replaces(path, "a", "b"))
    let zone = PropertyPath(["DomainValidationOptions", "example.com", "HostedZoneId"])
    XCTAssertFalse(certificate.facts.replaces(zone, "a", "b"))
  }

  // MARK: Records

  /// Answers for a region with these certificates, all of example.com, and the record in a zone.
  private func answer(_ left: [String]) -> (Call) -> Reply {
    { call in
      switch call.operation {
      case "ListCertificates": .success(CertificateTests.listed(left))
      case "DescribeCertificate": .success(CertificateTests.described())
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
  }

  private func deleting(_ left: [String], applied: Document? = desired) -> Rehearsal {
    var step = Step.deleting(Self.ours, Self.desired)
    step.applied = applied
    return Rehearsal(certificate, step, answer: answer(left))
  }

  func testTheRecordStaysWhileAnotherCertificateHasIt() throws {
    let first = deleting(["others"])
    XCTAssertEqual(
      first.calls.map(\.operation),
      [
        "DescribeCertificate", "DeleteCertificate", "ListCertificates", "DescribeCertificate",
      ])
    XCTAssertEqual(
      first.calls[2].input["CertificateStatuses"], ["PENDING_VALIDATION", "ISSUED", "INACTIVE"])
    XCTAssertEqual(try modelProblems(first.calls), [])
  }

  func testTheRecordGoesWithTheLastAsItStands() throws {
    let last = deleting([])
    XCTAssertEqual(
      last.calls.map(\.operation),
      [
        "DescribeCertificate", "DeleteCertificate", "ListCertificates", "ListResourceRecordSets",
        "ChangeResourceRecordSets",
      ])
    let change = last.calls[4].input["ChangeBatch"]?["Changes"]?[0]
    XCTAssertEqual(change?["Action"], "DELETE")
    XCTAssertEqual(change?["ResourceRecordSet"]?["TTL"], 60, "Route 53 deletes what is named whole")
    XCTAssertEqual(try modelProblems(last.calls), [])
  }

  func testRecordsInAnotherAccountAreWrittenAndTakenAwayThere() {
    func accounts(_ step: Step, _ answer: @escaping (Call) -> Reply) -> [String] {
      Rehearsal(certificate, step, answer: answer).calls.map {
        "\($0.operation) \($0.account ?? "here")"
      }
    }
    let elsewhere = ["trueup:validation-account": "222222222222"]
    var step = Step.updating(
      Self.ours, from: ["DomainName": "example.com"], to: Self.desired,
      changed: ["DomainValidationOptions"])
    step.tags = elsewhere
    XCTAssertEqual(
      accounts(step, answer([])),
      [
        "DescribeCertificate here", "ChangeResourceRecordSets 222222222222",
        "DescribeCertificate here",
      ])
    step = Step.deleting(Self.ours, Self.desired)
    step.applied = Self.desired
    step.observed?.tags = elsewhere
    XCTAssertEqual(
      accounts(step, answer([])),
      [
        "DescribeCertificate here", "DeleteCertificate here", "ListCertificates here",
        "ListResourceRecordSets 222222222222", "ChangeResourceRecordSets 222222222222",
      ])
  }

  func testARecordThatNobodyDeclaredStays() {
    let own = deleting([], applied: ["DomainName": "example.com"])
    XCTAssertEqual(own.calls.map(\.operation), ["DeleteCertificate"])
  }

  func testCertificatesOnFurtherPagesCountToo() throws {
    var pages: [Document] = [["NextToken": "more"], CertificateTests.listed(["others"])]
    var step = Step.deleting(Self.ours, Self.desired)
    step.applied = Self.desired
    let deleted = Rehearsal(certificate, step) { call in
      call.operation == "ListCertificates"
        ? .success(pages.removeFirst()) : self.answer([])(call)
    }
    XCTAssertFalse(deleted.calls.map(\.operation).contains("ChangeResourceRecordSets"))
    XCTAssertEqual(deleted.calls[3].input["NextToken"], "more")
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }

  func testARecordThatIsGoneIsWrittenAgainAndOneThatMovesIsMoved() throws {
    var shown = Self.desired.with([
      "DomainValidationOptions": [["DomainName": "example.com"]]
    ])
    let again = Rehearsal(
      certificate,
      .updating(Self.ours, from: shown, to: Self.desired, changed: ["DomainValidationOptions"]),
      answer: answer([]))
    XCTAssertEqual(
      again.calls.map(\.operation),
      ["DescribeCertificate", "ChangeResourceRecordSets", "DescribeCertificate"])
    shown = Self.desired.with([
      "DomainValidationOptions": [["DomainName": "example.com", "HostedZoneId": "Z9"]]
    ])
    var step = Step.updating(
      Self.ours, from: shown, to: Self.desired, changed: ["DomainValidationOptions"])
    step.applied = shown
    let moved = Rehearsal(certificate, step, answer: answer([]))
    XCTAssertEqual(
      moved.calls.filter { $0.operation == "ChangeResourceRecordSets" }.map {
        $0.input["HostedZoneId"]
      }, ["Z1", "Z9"])
    XCTAssertEqual(try modelProblems(again.calls + moved.calls), [])
  }
}
