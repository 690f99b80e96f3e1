import XCTest

/// The calls of a plan with nothing to do grow with pages, not with resources, save for the reads
/// that AWS has only per resource.
final class CallCountTests: EndToEndTestCase {
  /// Reads that exist per resource only: a VPC's attributes and a bucket's settings.
  private static let perResource = ["DescribeVpcAttribute", "GetBucket", "GetPublicAccessBlock"]

  private let pageSize = 8

  func testCallsOfANoOpPlanGrowWithPages() throws {
    try endpoint.configure(["pageSize": pageSize])
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.remove("desired-state/clients")
    var bulk: [Int: Int] = [:]
    var single: [Int: Int] = [:]
    var clients = 0
    for count in [1, 5, 20] {
      while clients < count {
        clients += 1
        try workspace.write(
          "desired-state/clients/c\(clients)-dev.jsonc",
          Fixtures.manifest(
            "c\(clients)", "dev", parameters: "\"VpcCidr\": \"10.\(clients).0.0/16\"")
        )
      }
      try workspace.commit("\(count) clients")
      let applied = try workspace.trueup("apply", "--yes", timeout: 300)
      XCTAssertEqual(applied.code, 0, applied.everything)
      try endpoint.forgetCalls()
      let planned = try report(workspace, "plan", exits: 0)
      let calls = try endpoint.calls()
      XCTAssertEqual(planned.totalCalls, calls.count, "the report counts what was called")
      let counted = calls.compactMap { $0["operation"].string }.filter { name in
        !Self.perResource.contains { name.hasPrefix($0) }
      }
      bulk[count] = counted.count
      single[count] = calls.count - counted.count
      // The longest list of one client is two subnets, two groups (and two default groups, subnets).
      let pages = 1 + 8 * count / pageSize
      for (operation, times) in Dictionary(grouping: counted, by: { $0 }).mapValues(\.count) {
        XCTAssertLessThanOrEqual(
          times, pages + 1, "\(operation) with \(count) clients should take at most its pages")
      }
    }
    let perClient = try XCTUnwrap(single[1])
    XCTAssertLessThanOrEqual(perClient, 8, "a VPC's two attributes, what is declared of a bucket")
    for count in [5, 20] {
      XCTAssertEqual(single[count], perClient * count, "reads per resource are made once for each")
    }
    let one = try XCTUnwrap(bulk[1])
    XCTAssertLessThan(one, 25, "one client needs one page of each list")
    XCTAssertLessThan(
      try XCTUnwrap(bulk[20]), one * 12, "twenty clients cost pages, not twenty times the calls")
  }

  // MARK: Whole clients

  /// What of a whole client a plan does not compare: a count that is scaled is the scaling's, and EventBridge
  /// shows no key. There are to be five at most.
  private static let notChecked: Set<String> = [
    "Service/DesiredCount", "SlackConnection/AuthParameters/ApiKeyAuthParameters/ApiKeyValue",
  ]

  /// Reads of single things that AWS has in no list, per client of the blueprint cosyworld.
  private static let single = [
    "DescribeCertificate": 1, "GetDashboard": 1, "DescribeVpcAttribute": 2, "DescribeServices": 1,
    "DescribeTaskDefinition": 1, "DescribeCacheParameters": 1, "DescribeLoadBalancerAttributes": 1,
    "DescribeTargetGroupAttributes": 1, "DescribeKey": 1, "GetKeyPolicy": 1,
    "GetKeyRotationStatus": 1, "GetBucketEncryption": 1, "GetBucketLifecycleConfiguration": 1,
    "GetBucketVersioning": 1, "GetPublicAccessBlock": 1, "GetTopicAttributes": 2,
  ]

  func testPlansOfWholeClientsAskForNothingTwiceAndCheckWhatIsDeclared() throws {
    try endpoint.configure(["noted": false])
    let workspace = try Workspace(try endpoint, examples: true)
    try workspace.remove("desired-state/clients")
    try workspace.write(
      "desired-state/clients/shared-prod.jsonc",
      Fixtures.manifest("shared", "prod", blueprint: "shared"))
    let secrets = [
      "DiscordBotToken", "DiscordClientId", "OpenRouterApiKey", "EncryptionKey", "MongoUri",
    ]
    let optional = [
      "GoogleAiApiKey", "HeliusApiKey", "XApiKey", "XApiSecret", "PagerDutyUrl", "SlackWebhookUrl",
    ]
    workspace.environment["A_SECRET"] = "https://example.com/a-value-of-a-secret"
    let clients = 3
    for number in 1...clients {
      // The last one has everything.
      let isLarge = number == clients
      let environment = isLarge ? "prod" : "dev"
      let given = (secrets + (isLarge ? optional : [])).map {
        "\"\($0)\": { \"env\": \"A_SECRET\" }"
      }
      let alarms = #", "AlarmEmail": "a@example.com", "AlarmSms": "+41791234567""#
      try workspace.write(
        "desired-state/clients/c\(number)-\(environment).jsonc",
        """
        {
          "client": "c\(number)", "environment": "\(environment)", "blueprint": "cosyworld",
          "account": "main",
          "parameters": {
            "VpcCidr": "10.\(number).0.0/16", "Image": "1.4.0"\(isLarge ? alarms : "")
          },
          "secrets": { \(given.joined(separator: ", ")) }
        }
        """)
    }
    try workspace.commit("\(clients) clients")
    try report(workspace, "apply", "--yes", exits: 0)
    let looks = try endpoint.calls().filter { $0["operation"].string == "DescribeSubnets" }
    XCTAssertLessThan(
      looks.count, 1 + 5 * clients, "subnets that are made together are looked at together")
    for journal in [".trueup/journal.db", "none.db"] {
      try endpoint.forgetCalls()
      let planned = try report(workspace, "plan", "--journal", journal, exits: 0)
      XCTAssertEqual(planned.actions, [], journal)
      let calls = try endpoint.calls().map { call in
        "\(call["operation"].string ?? "") \(call["params"])"
      }
      let twice = Dictionary(grouping: calls, by: { $0 }).filter { $0.value.count > 1 }.keys
      XCTAssertEqual(twice.sorted(), [], "the same is asked once")
      let counts = Dictionary(
        grouping: calls.map { String($0.prefix { $0 != " " }) }, by: { $0 }
      ).mapValues(\.count)
      for (operation, count) in counts where operation != "ListTargetsByRule" {
        // One more of what the stack shared has, and the pages of its lists.
        XCTAssertLessThanOrEqual(
          count,
          (Self.single[operation] ?? 1) * (Self.single[operation] == nil ? 1 : clients)
            + (["GetDashboard", "GetResources", "GetParameters"].contains(operation) ? 2 : 0),
          operation)
      }
      let notChecked = planned.json["stacks"].array.flatMap { $0["notChecked"].array }.map { item in
        (item["address"].string ?? "").split(separator: "/").dropFirst().joined(separator: "/")
          + (item["path"].string ?? "")
      }
      XCTAssertEqual(Set(notChecked), Self.notChecked, journal)
    }
  }
}
