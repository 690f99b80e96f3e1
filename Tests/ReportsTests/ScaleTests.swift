import Document
import Foundation
import XCTest

@testable import Reports
@testable import TrueupCore

/// What a person reads of thirty stacks.
final class ScaleTests: XCTestCase {
  func testOneChangeInAllStacksFitsAScreenInEveryFormat() throws {
    let report = ScaleExample.oneChangeInAll
    let text = PlanText.render(report)
    try assertGolden(text, "scale-plan.txt")
    let lines = text.split(separator: "\n")
    XCTAssertLessThanOrEqual(lines.count, 24, "a screen has 24 lines:\n\(text)")
    XCTAssertLessThanOrEqual(lines.map { String($0).columns }.max() ?? 0, 130, text)
    XCTAssertTrue(text.hasPrefix("same in 30 stacks: client01-prod, "), text)
    XCTAssertTrue(text.contains("/RetentionInDays 30 → 365"), text)
    try assertGolden(PlanMarkdown.render(report), "scale-plan.md")
    let page = PlanHTML.render(report, at: FleetExample.now)
    XCTAssertEqual(
      try PageElements(page).all.count { $0.attributes["class"] == "stack-part" }, 1,
      "one part for all")

    let full = PlanText.render(report, style: TextStyle(isFull: true))
    XCTAssertEqual(full.matches(of: #/RetentionInDays 30 → 365/#).count, 30, full)
    XCTAssertFalse(full.contains("same in"), full)
  }

  func testWhatDiffersByTheStacksOwnNamesAloneIsTheSame() {
    func report(_ value: (_ client: String) -> Document) -> RunReport {
      ScaleExample.report(.plan) { client in
        [
          Examples.change(
            "\(client)-prod/Vpc", "EC2::VPC", .update, .pending, id: "vpc-\(client)",
            [Examples.difference("/Tags/Name", desired: value(client), observed: "old")])
        ]
      }
    }
    let own = PlanText.render(report { .string("/net/\($0)-prod/of-\($0)") })
    XCTAssertTrue(own.hasPrefix("same in 30 stacks"), own)
    XCTAssertTrue(own.contains("old → /net/{stack}/of-{client}"), own)
    XCTAssertTrue(own.contains("({stack}, {client}: each stack's own)"), own)
    // Part of a word is no name.
    let words = PlanText.render(report { .string("x\($0)x") })
    XCTAssertFalse(words.contains("same in"), words)
    // What looks like a placeholder is told as it is.
    let braces = PlanText.render(
      report { $0 == "client01" ? "{client}" : .string($0) })
    XCTAssertTrue(braces.hasPrefix("client01-prod"), braces)
    XCTAssertTrue(braces.contains("same in 29 stacks"), braces)
    // In the middle, which is not shown.
    let long = PlanText.render(
      report { client in
        .string(
          String(repeating: "a", count: 80) + client.suffix(2) + String(repeating: "b", count: 80))
      })
    XCTAssertFalse(long.contains("same in"), "what is not shown counts as well:\n\(long)")
  }

  func testWhatIsLostIsShownToTheLastStackAndWhatIsDestroyedToTheLastResource() {
    var report = ScaleExample.report(.plan) { client in
      [
        Examples.change(
          "\(client)-prod/Old", "S3::Bucket", .delete, .removed, id: "bucket-of-\(client)")
      ]
    }
    let text = PlanText.render(report)
    XCTAssertTrue(text.hasPrefix("same in 30 stacks"), text)
    for client in ScaleExample.clients {
      XCTAssertTrue(text.contains("\(client)-prod"), "\(client) should be named:\n\(text)")
    }
    report.destroys = true
    for text in [
      PlanText.proposal(report), PlanText.render(report), PlanMarkdown.render(report),
      PlanHTML.render(report, at: 1),
    ] {
      for client in ScaleExample.clients {
        XCTAssertTrue(text.contains("bucket-of-\(client)"), "\(client):\n\(text)")
      }
    }
  }

  func testAFewStacksWithOneThingInCommonAreToldOneByOne() {
    func report(_ stacks: Int, besides: Int) -> RunReport {
      let changes = { (client: String) in
        [Examples.change("\(client)-prod/Vpc", "EC2::VPC", .create, .new)]
          + (0..<besides).map {
            Examples.change("\(client)-prod/\(client)\($0)", "S3::Bucket", .create, .new)
          }
      }
      return Examples.report(
        .plan,
        (0..<stacks).map { number in
          let client = String(UnicodeScalar(UInt8(97 + number)))
          return Examples.stack(client, changes: changes(client))
        })
    }
    for (stacks, besides, isBlock) in [
      (2, 0, false), (3, 0, true), (3, 4, false), (8, 4, false), (9, 4, true),
    ] {
      XCTAssertEqual(
        PlanText.render(report(stacks, besides: besides)).contains("same in \(stacks) stacks"),
        isBlock, "\(stacks) stacks with \(besides) other changes")
    }
  }

  func testWhatStacksHaveBesidesIsToldStackByStack() {
    let report = ScaleExample.report(.plan) { client in
      let logs = ScaleExample.oneChangeInAll.plan.changes.filter {
        $0.address.stack == "\(client)-prod"
      }
      guard ["client02", "client05"].contains(client) else { return logs }
      return logs + [
        Examples.change("\(client)-prod/Old", "S3::Bucket", .delete, .removed, id: client)
      ]
    }
    let text = PlanText.render(report)
    XCTAssertTrue(text.contains("same in 30 stacks"), text)
    XCTAssertTrue(text.contains("1 delete, and 1 as in other stacks"), text)
    XCTAssertTrue(text.hasPrefix("client02-prod"), "a deletion is worse than an update:\n\(text)")
    XCTAssertEqual(text.matches(of: #/RetentionInDays/#).count, 1, text)
    XCTAssertEqual(text.matches(of: #/- delete /#).count, 2, "two are no block:\n\(text)")
    let markdown = PlanMarkdown.render(report)
    XCTAssertEqual(markdown.matches(of: #/(?m)^- delete /#).count, 2, markdown)
    XCTAssertEqual(markdown.matches(of: #/\+ +\/RetentionInDays/#).count, 1, markdown)
    let refused = {
      var report = report
      report.refusals = ["client07-prod": "it is locked"]
      return PlanText.render(report)
    }()
    XCTAssertTrue(refused.contains("same in 29 stacks"), "a refused stack stands by itself")
  }

  func testEightFindingsAmongThirtyStacksReadWorstFirstInEveryFormat() throws {
    let report = ScaleExample.eightFindings
    let text = PlanText.render(report)
    try assertGolden(text, "scale-drift.txt")
    try assertGolden(PlanMarkdown.render(report), "scale-drift.md")
    let graphs = PlanHTML.graphs(report)
    let drawings = try Drawing.read(try Dot.svg(graphs.map(\.source)))
    let pages = [
      PlanHTML.render(report, at: FleetExample.now, runs: FleetExample.runs),
      PlanHTML.render(
        report, at: FleetExample.now,
        pictures: Dictionary(uniqueKeysWithValues: zip(graphs.map(\.stack), drawings)),
        runs: FleetExample.runs),
    ]
    try assertGolden(pages[0], "scale-drift.html")
    let worst = [
      "client28-prod", "client19-prod", "client11-prod", "client23-prod", "client07-prod",
      "client03-prod",
    ]
    for page in pages {
      XCTAssertLessThan(page.utf8.count, 150_000)
      let parts = try PageElements(page).all.filter { $0.attributes["class"] == "stack-part" }
      XCTAssertEqual(parts.compactMap { $0.attributes["id"] }, worst, "security, then what is lost")
    }
    XCTAssertEqual(graphs.map(\.stack), worst)
    let order = worst.compactMap { text.firstRange(of: "\($0)  ")?.lowerBound }
    XCTAssertEqual(order, order.sorted(), "the text has the same order:\n\(text)")
    XCTAssertEqual(order.count, worst.count)
    for part in [
      "security: TaskRole", "deletes: OldBucket", "replaces: TargetGroup", "gone: AppLogs",
    ] {
      XCTAssertTrue(pages[0].contains(part), "the cards should say \(part)")
    }
  }

  // MARK: Signs

  /// Of what somebody put there and of what a commit takes away, `-` says the same: an apply removes it.
  func testSignsSayInEveryFormatWhatAnApplyDoes() throws {
    for cause in [Cause.drift, .pending, .conflict, .unknown] {
      let change = Examples.change(
        "acme-prod/Group", "EC2::SecurityGroup", .update, cause, id: "sg-1",
        [
          Examples.difference(
            "/SecurityGroupIngress",
            desired: [
              ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"]
            ],
            observed: [["IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"]],
            .update, cause)
        ])
      var other = change
      other.differences[0].desired = [
        ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"],
        ["IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/8"],
      ]
      let report = Examples.report(.plan, [Examples.stack("acme", changes: [other])])
      let text = PlanText.render(report)
      XCTAssertTrue(text.contains("- tcp 22 from 0.0.0.0/0"), "\(cause):\n\(text)")
      XCTAssertTrue(text.contains("+ tcp 80 from 10.0.0.0/8"), "\(cause):\n\(text)")
      let markdown = PlanMarkdown.render(report)
      XCTAssertTrue(
        markdown.contains("\n-     /SecurityGroupIngress: tcp 22 "), "\(cause):\n\(markdown)")
      XCTAssertTrue(
        markdown.contains("\n+     /SecurityGroupIngress: tcp 80 "), "\(cause):\n\(markdown)")
    }
  }

  func testWhatIsGoneIsShownAsGoneAndNotAsNew() throws {
    let gone = Examples.change("acme-prod/Logs", "Logs::LogGroup", .create, .drift)
    let new = Examples.change("acme-prod/More", "Logs::LogGroup", .create, .new)
    let update = Examples.change("acme-prod/Vpc", "EC2::VPC", .update, .drift)
    let report = Examples.report(.plan, [Examples.stack("acme", changes: [new, update, gone])])
    let text = PlanText.render(report, style: TextStyle(color: true))
    XCTAssertTrue(text.contains("\u{1B}[31m+\u{1B}[0m \u{1B}[31mgone\u{1B}[0m"), text)
    XCTAssertTrue(text.contains("\u{1B}[32m+\u{1B}[0m \u{1B}[32mcreate\u{1B}[0m"), text)
    let plain = PlanText.render(report)
    XCTAssertTrue(plain.contains("will be created again"), plain)
    XCTAssertTrue(plain.contains("Plan: 1 gone, 1 to update, 1 to create"), plain)
    let markdown = PlanMarkdown.render(report)
    XCTAssertTrue(markdown.contains("\n! gone Logs"), "not in green:\n\(markdown)")
    XCTAssertTrue(markdown.contains("\n+ create More"), markdown)
    let page = PlanHTML.render(report, at: 1)
    XCTAssertTrue(page.contains("<span class=\"chip gone\">+ gone</span>"), page)
    let json = PlanJSON.render(report)["stacks"]?[0]?["changes"]?.list ?? []
    XCTAssertEqual(json.map { $0["gone"]?.bool }, [true, false, false])
    XCTAssertEqual(json.map { $0["action"]?.string }, ["create", "create", "update"])
  }

  // MARK: Contents

  func testANewResourceShowsWhatItWillHold() throws {
    var change = Examples.change("acme-prod/Web", "EC2::SecurityGroup", .create, .new)
    change.desired = [
      "GroupDescription": "the web", "VpcId": .unknown("acme-prod/Vpc"), "Password": .secret(nil),
      "Ports": [80, 443], "Nested": ["A": ["B": true]],
      "SecurityGroupIngress": [
        ["IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"]
      ],
      "Tags": ["Name": "web", "trueup:stack": "cosyworld/acme-prod"],
    ]
    let report = Examples.report(.plan, [Examples.stack("acme", changes: [change])])
    let lines = [
      "/GroupDescription \"the web\"", "/Nested/A/B true", "/Password (secret)", "/Ports [80,443]",
      "/SecurityGroupIngress tcp 443 from 0.0.0.0/0", "/Tags/Name web",
      "/VpcId Vpc (known after it is created)",
    ]
    let brief = PlanText.render(report)
    for style in [TextStyle(showsContents: true), TextStyle(isFull: true)] {
      let text = PlanText.render(report, style: style)
      for line in lines { XCTAssertTrue(text.contains("+ \(line)\n"), "\(line) in:\n\(text)") }
      XCTAssertFalse(text.contains("trueup:stack"), text)
    }
    for line in lines { XCTAssertFalse(brief.contains(line), brief) }
    XCTAssertTrue(brief.hasSuffix("What is created will hold:  trueup plan --details\n"), brief)
    let markdown = PlanMarkdown.render(report)
    XCTAssertTrue(markdown.contains("<details><summary>What 1 new resource will hold"), markdown)
    XCTAssertTrue(markdown.contains("+     /VpcId: Vpc (known after it is created)"), markdown)
    let elements = try PageElements(PlanHTML.render(report, at: 1)).all
    XCTAssertEqual(
      elements.filter { $0.attributes["class"] == "contents" }.map { $0.attributes["open"] }, [nil],
      "folded")
    let json = PlanJSON.render(report)["stacks"]?[0]?["changes"]?[0]?["desired"]
    XCTAssertEqual(json, change.desired)
    XCTAssertTrue(
      PlanJSON.render(report).json().contains(#""VpcId":{"unknown":"acme-prod/Vpc"}"#))
    XCTAssertTrue(PlanJSON.render(report).json().contains(#""Password":{"secret":true}"#))
  }

  // MARK: The question

  func testTheQuestionNamesWhatIsLostAndCountsNothingThatIsRefused() {
    func change(_ client: String, _ action: Change.Action) -> Change {
      Examples.change("\(client)-prod/\(action)", "S3::Bucket", action, .pending)
    }
    var report = Examples.report(
      .apply,
      [
        Examples.stack("acme", changes: [change("acme", .delete), change("acme", .create)]),
        Examples.stack("beta", changes: [change("beta", .replace), change("beta", .blocked)]),
        Examples.stack("nova", changes: [change("nova", .delete)]),
      ], refusals: ["nova-prod": "it is locked"])
    XCTAssertEqual(
      PlanText.question(report),
      "Apply 3 changes in 2 stacks (1 to delete, 1 to replace)?")
    let proposal = PlanText.proposal(report)
    XCTAssertTrue(
      proposal.hasSuffix(
        "Refused: nova-prod. Nothing will be changed there.\n"
          + "Plan: 1 to delete, 1 to replace, 1 blocked, 1 to create, 0 in sync.   "
          + "57 API calls, 0.6 s\n"), proposal)
    report.destroys = true
    report.refusals = [:]
    report.plan.stacks = [
      Examples.stack("acme", changes: [change("acme", .delete), change("acme", .update)])
    ]
    XCTAssertEqual(
      PlanText.question(report), "Destroy acme-prod: delete 1 resource, retain 1?")
  }

  func testLiveProgressCountsTheStepsOfTheRun() {
    var plan = Plan(stacks: [])
    let address = Examples.address("acme-prod/Vpc")
    plan.steps = (1...720).map {
      PlannedStep(
        id: .init(address: Address(stack: "acme-prod", resource: "R\($0)"), action: .create),
        type: "T", scope: Scope(account: "1", region: "us-east-1"), region: "us-east-1")
    }
    var progress = LiveProgress(plan, style: .plain)
    _ = progress.handle(
      .stepFinished(
        plan.steps[0].id.address, type: "T", action: .create,
        outcome: Examples.succeeded(1, 1), detail: ""), at: 1)
    let text = progress.handle(.stepStarted(address, type: "T", action: .create), at: 1)
    XCTAssertTrue(text.contains("1 of 720   Vpc"), text)
    XCTAssertEqual(
      LiveProgress.reading(12, of: 34), "\r\u{1B}[K  … reading AWS: 12 of 34 lists")
  }
}
