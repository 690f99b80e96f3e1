import AWSClient
import Document
import Foundation
import Journal
import TrueupCore
import XCTest

@testable import Engine

/// The notifier over whole days of simulated time: a tick every five minutes.
final class NotifierTests: XCTestCase {
  private static let webhook = "https://hooks.example.com/services/T0/B0/canary-url"

  /// A fleet of one net, whose news go to Slack.
  private func desired(
    note: String = "a", digestHour: Int? = nil, _ resources: DesiredResource...,
    destinations: [NotificationDestination]? = nil
  ) -> Desired {
    var desired = ToyFleet.desired(
      ToyFleet.stack("acme", [ToyFleet.net("Net", note: note)] + resources))
    desired.notifications = NotificationSettings(
      destinations: destinations ?? [
        NotificationDestination(
          name: "ops", service: .slackWebhook(url: .environment(variable: "SLACK")))
      ], digestHour: digestHour, directory: "")
    return desired
  }

  /// One run of a timer: looks, tells, delivers.
  ///
  /// - Parameter isFull: messages say all that a notice holds.
  @discardableResult
  private static func tick(
    _ bench: Bench, _ desired: Desired, _ post: PostOffice, trail: TrailCloud? = nil,
    applies: Bool = false, environment: [String: String] = [:], isFull: Bool = false
  ) async throws -> [String] {
    let random = Locked<UInt16>(UInt16.random(in: 0...UInt16.max))
    let journal = try Journal(path: bench.journalPath)
    let notifier = try XCTUnwrap(
      Notifier(
        desired: desired, journal: journal, cloud: trail ?? TrailCloud(bench.cloud),
        transport: post, environment: ["SLACK": Self.webhook], clock: bench.clock.engineClock,
        random: {
          random.access {
            $0 &+= 1
            return $0
          }
        },
        payload: { notice, _ in
          ["text": .string(isFull ? "\(notice)" : Self.text(notice))]
        }))
    let engine = try bench.engine(environment: environment)
    var report: RunReport
    if applies {
      var request = Reconciler.Request(command: .apply, desired: desired)
      request.revision = "rev-1"
      report = try await engine.apply(request, by: Reconciler.Operator(user: "u", host: "h"))
    } else {
      report = try await engine.plan(Reconciler.Request(command: .drift, desired: desired))
    }
    report.seconds = 0
    let notes = try await notifier.notify(report: report)
    return notes + (try await notifier.deliver())
  }

  /// `opened Net/Note`, one per finding.
  private static func text(_ notice: Notice) -> String {
    switch notice {
    case .findings(let news, let open):
      news.map { news in
        "\(news.kind) \(news.finding.id.resource)\(news.finding.id.path)"
          + (news.attribution.map { " by \($0.principal) \($0.event)" } ?? "")
      }.sorted().joined(separator: ", ") + " (\(open) open)"
    case .deployments(let news):
      news.map { "\($0.state) \($0.stack) \($0.revision ?? "-") \($0.problems.count)" }
        .joined(separator: ", ")
    case .digest(let digest): "digest of \(digest.open.count)"
    }
  }

  private func set(_ note: Document, _ bench: Bench) async {
    await bench.cloud.drift { $0[0].properties["Note"] = note }
  }

  func testADayOfTicksTellsEachTurnOnceAndOneDigest() async throws {
    let bench = try Bench()
    let desired = desired(digestHour: 8)
    let post = PostOffice(bench.clock)
    try await bench.apply(desired)
    let start = bench.clock.now()
    var nextTurn = 0
    let turns: [(hour: Double, note: Document)] = [(2, "drifted"), (5, "again"), (20, "a")]
    while bench.clock.now() < start + 24 * 3600 {
      if nextTurn < turns.count, bench.clock.now() >= start + turns[nextTurn].hour * 3600 {
        await set(turns[nextTurn].note, bench)
        nextTurn += 1
      }
      try await Self.tick(bench, desired, post)
      await bench.clock.sleep(300)
    }
    // The simulated day begins at 13:46 UTC; the digest comes at eight, while the finding is open.
    XCTAssertEqual(
      post.texts,
      [
        "opened Net/Note (1 open)", "changed Net/Note (1 open)", "digest of 1",
        "resolved Net/Note (0 open)",
      ])
  }

  func testSlackDownForAnHourLosesNothingAndDoublesNothing() async throws {
    let bench = try Bench()
    let desired = desired()
    let post = PostOffice(bench.clock)
    try await bench.apply(desired)
    let start = bench.clock.now()
    post.answer = { time in
      guard time < start + 3600 else { return .success(HTTPResponse(status: 200)) }
      // Down in each of the ways there are.
      switch Int(time / 60) % 3 {
      case 0: return .success(HTTPResponse(status: 503))
      case 1:
        return .success(
          HTTPResponse(status: 429, headers: [HTTPRequest.Header("Retry-After", "120")]))
      default:
        return .failure(
          TransportError(
            reason: .timedOut, message: "no answer from \(Self.webhook)",
            endpoint: "https://hooks.example.com", requestMayHaveBeenSent: false))
      }
    }
    let notes: [Document] = ["drifted", "a", "drifted", "other", "a"]
    var said: [String] = []
    while bench.clock.now() < start + 2 * 3600 {
      let minute = Int((bench.clock.now() - start) / 60)
      if minute % 10 == 0, minute / 10 < notes.count { await set(notes[minute / 10], bench) }
      let before = bench.clock.now()
      said += try await Self.tick(bench, desired, post)
      XCTAssertLessThanOrEqual(bench.clock.now() - before, 20, "a run was held up")
      await bench.clock.sleep(before + 300 - bench.clock.now())
    }
    XCTAssertEqual(
      post.texts,
      [
        "opened Net/Note (1 open)", "resolved Net/Note (0 open)", "opened Net/Note (1 open)",
        "changed Net/Note (1 open)", "resolved Net/Note (0 open)",
      ])
    XCTAssertFalse(said.isEmpty, "nobody heard that Slack is down")
    XCTAssertFalse(said.joined().contains("canary"), "the webhook's URL is told: \(said)")
    XCTAssertEqual(try Journal(path: bench.journalPath).backlog(), [])
    XCTAssertFalse(try bench.journalText().contains("canary"), "the webhook's URL is kept")
  }

  func testTwoProcessesAtOnceSendEachMessageOnce() async throws {
    let bench = try Bench()
    let desired = desired()
    let post = PostOffice(bench.clock)
    try await bench.apply(desired)
    await set("drifted", bench)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { try await Self.tick(bench, desired, post) }
      }
      try await group.waitForAll()
    }
    try await Self.tick(bench, desired, post)
    XCTAssertEqual(post.texts, ["opened Net/Note (1 open)"])
  }

  func testAMessageThatTheReceiverRefusesHoldsUpNoOther() async throws {
    let bench = try Bench()
    let desired = desired()
    let post = PostOffice(bench.clock)
    try await bench.apply(desired)
    await set("drifted", bench)
    post.answer = { _ in .success(HTTPResponse(status: 400, body: Array("invalid_blocks".utf8))) }
    let said = try await Self.tick(bench, desired, post)
    XCTAssertEqual(said, ["messages to ops: 1 refused for good (HTTP 400 invalid_blocks)"])
    post.answer = { _ in .success(HTTPResponse(status: 200)) }
    await set("a", bench)
    try await Self.tick(bench, desired, post)
    XCTAssertEqual(post.texts, ["resolved Net/Note (0 open)"])
  }

  func testARunThatMendsTellsSoAndADeploymentIsToldByItsEnd() async throws {
    let bench = try Bench()
    let post = PostOffice(bench.clock)
    var faults = InMemoryCloud.Faults()
    faults.denied = ["CreateNet"]
    await bench.cloud.set(faults)
    for _ in 0..<3 { try await Self.tick(bench, desired(), post, applies: true) }
    await bench.cloud.set(InMemoryCloud.Faults())
    for _ in 0..<2 { try await Self.tick(bench, desired(), post, applies: true) }
    await set("drifted", bench)
    for _ in 0..<2 { try await Self.tick(bench, desired(), post, applies: true) }
    XCTAssertEqual(
      post.texts,
      [
        "failed acme-prod rev-1 1", "completed acme-prod rev-1 0", "mended Net/Note (0 open)",
      ])
  }

  func testWhoDidItIsAskedOncePerRegionAndToldLaterWhereCloudTrailIsBehind() async throws {
    let bench = try Bench()
    let desired = desired(ToyFleet.net("Other", note: "a"))
    let post = PostOffice(bench.clock)
    let trail = TrailCloud(bench.cloud)
    try await bench.apply(desired)
    await bench.clock.sleep(60)
    await bench.cloud.drift { things in
      for index in things.indices { things[index].properties["Note"] = "drifted" }
    }
    try await Self.tick(bench, desired, post, trail: trail)
    XCTAssertEqual(trail.sweeps.access { $0 }, 1, "two findings of one region are one sweep")
    let at = bench.clock.now()
    let ids = await bench.cloud.things.map(\.id)
    trail.events.access {
      $0 = ids.map { id in
        [
          "EventName": "ModifyNet", "EventTime": .double(at), "Username": "x",
          "CloudTrailEvent": .string(
            Document.object([
              "userIdentity": [
                "type": "AssumedRole",
                "arn": "arn:aws:sts::111111111111:assumed-role/Admin/ada",
              ],
              "requestParameters": ["NetId": .string(id)],
            ]).json()),
        ]
      }
    }
    await bench.clock.sleep(300)
    for _ in 0..<2 { try await Self.tick(bench, desired, post, trail: trail) }
    XCTAssertEqual(trail.sweeps.access { $0 }, 2, "what is known is not asked again")
    XCTAssertEqual(
      post.texts,
      [
        "opened Net/Note, opened Other/Note (2 open)",
        "attributed Net/Note by role/Admin (ada) ModifyNet, "
          + "attributed Other/Note by role/Admin (ada) ModifyNet (2 open)",
      ])
  }

  func testWhereCloudTrailMayNotBeAskedTheFindingIsToldAllTheSame() async throws {
    let bench = try Bench()
    let desired = desired()
    let post = PostOffice(bench.clock)
    let trail = TrailCloud(bench.cloud)
    trail.isDenied.access { $0 = true }
    try await bench.apply(desired)
    await set("drifted", bench)
    let said = try await Self.tick(bench, desired, post, trail: trail)
    XCTAssertEqual(said, ["CloudTrail does not tell who it was: denied"])
    XCTAssertEqual(post.texts, ["opened Net/Note (1 open)"])
  }

  func testASecretStandsInNoMessage() async throws {
    let bench = try Bench()
    let post = PostOffice(bench.clock)
    let token = Value.secret(SecretReference(stack: "acme-prod", parameter: "Token"))
    let desired = desired(ToyFleet.host("Host", password: token))
    let environment = ["TOKEN": "canary-1"]
    try await bench.apply(desired, by: bench.engine(environment: environment))
    await bench.cloud.drift { things in
      for index in things.indices where things[index].noun == "Host" {
        things[index].properties["Password"] = "canary-2"
      }
    }
    try await Self.tick(bench, desired, post, environment: environment, isFull: true)
    XCTAssertEqual(post.bodies.count, 1)
    XCTAssertFalse(post.bodies.joined().contains("canary"), "\(post.bodies)")
    XCTAssertFalse(try bench.journalText().contains("canary"))
  }

  func testEachClientIsToldWhereItWantsToBe() async throws {
    let bench = try Bench()
    let post = PostOffice(bench.clock)
    func to(_ name: String, _ clients: Set<String>?) -> NotificationDestination {
      NotificationDestination(
        name: name,
        service: .slackBot(
          token: .environment(variable: "SLACK"), channel: name, api: "https://slack.example/api"),
        clients: clients)
    }
    var desired = desired(
      destinations: [to("#all", nil), to("#acme", ["acme"]), to("#bolt", ["bolt"])])
    desired.stacks.append(ToyFleet.stack("bolt", [ToyFleet.net("Net", note: "b")]))
    try await bench.apply(desired)
    await bench.cloud.drift { things in
      for index in things.indices where things[index].properties["Note"] == "b" {
        things[index].properties["Note"] = "drifted"
      }
    }
    post.answer = { _ in .success(HTTPResponse(status: 200, body: Array(#"{"ok":true}"#.utf8))) }
    try await Self.tick(bench, desired, post)
    XCTAssertEqual(post.channels.sorted(), ["#all", "#bolt"])
  }
}

/// An HTTP service in place of Slack.
final class PostOffice: Transport {
  typealias Answer = @Sendable (Double) -> Result<HTTPResponse, TransportError>

  private let clock: VirtualClock
  private let taken = Locked<[[UInt8]]>([])
  private let answering = Locked<Answer>({ _ in .success(HTTPResponse(status: 200)) })

  init(_ clock: VirtualClock) { self.clock = clock }

  var answer: Answer {
    get { answering.access { $0 } }
    set { answering.access { $0 = newValue } }
  }

  var bodies: [String] { taken.access { $0 }.map { String(decoding: $0, as: UTF8.self) } }
  var texts: [String] { members("text") }
  var channels: [String] { members("channel") }

  private func members(_ name: String) -> [String] {
    taken.access { $0 }.compactMap { (try? JSON.read($0))?[name]?.string }
  }

  func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    await Task.yield()
    let response = try answer(clock.now()).get()
    if response.status == 200 { taken.access { $0.append(request.body) } }
    return response
  }
}

/// The toys' cloud with a CloudTrail.
final class TrailCloud: Cloud {
  let events = Locked<[Document]>([])
  let sweeps = Locked(0)
  let isDenied = Locked(false)
  private let cloud: InMemoryCloud

  init(_ cloud: InMemoryCloud) { self.cloud = cloud }

  func perform(_ call: Call, in target: CallTarget, gate: any CallGate) async -> Reply {
    guard call.operation == "LookupEvents" else { return await cloud.perform(call, in: target) }
    if isDenied.access({ $0 }) {
      return .failure(
        CallFailure(
          reason: .denied, service: "cloudtrail", operation: "LookupEvents", message: "denied"))
    }
    if call.input["NextToken"] == nil { sweeps.access { $0 += 1 } }
    // Two pages.
    let all = events.access { $0 }
    let isSecond = call.input["NextToken"] != nil
    var output: [String: Document] = [
      "Events": .list(Array(isSecond ? all.dropFirst(1) : all.prefix(1)))
    ]
    if !isSecond && all.count > 1 { output["NextToken"] = "2" }
    return .success(.object(output))
  }

  func read(_ read: Read, in target: CallTarget) async -> Reply {
    await cloud.read(read, in: target)
  }

  func accountID(for target: CallTarget) async -> Result<String, CallFailure> {
    await cloud.accountID(for: target)
  }

  func callCount() -> CallCount { cloud.callCount() }
}
