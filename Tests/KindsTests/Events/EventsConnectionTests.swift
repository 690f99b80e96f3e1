import Document
import Kinds
import TrueupCore
import XCTest

/// `AWS::Events::Connection` and `AWS::Events::ApiDestination`.
final class EventsConnectionTests: XCTestCase {
  private let connection = Connection()
  private let destination = ApiDestination()
  private static let arn = "arn:aws:events:eu-west-1:111122223333:"

  private static let parameters: Document = [
    "ApiKeyAuthParameters": ["ApiKeyName": "key", "ApiKeyValue": "value"],
    "InvocationHttpParameters": ["HeaderParameters": [["Key": "h", "Value": "v"]]],
  ]

  private static func answer(_ call: Call) -> Reply {
    switch call.operation {
    case "ListConnections":
      .success([
        "Connections": .list(
          ["ours", "others"].map { name in
            [
              "Name": .string(name), "ConnectionArn": .string("\(arn)connection/\(name)/1-2"),
              "AuthorizationType": "API_KEY", "ConnectionState": "AUTHORIZED",
            ]
          })
      ])
    case "DescribeConnection":
      .success([
        "Name": "ours", "Description": "d", "ConnectionState": "AUTHORIZED",
        "KmsKeyIdentifier": "key", "SecretArn": "arn:secret",
        "InvocationConnectivityParameters": [
          "ResourceParameters": ["ResourceConfigurationArn": "r"]
        ],
        "AuthParameters": ["ApiKeyAuthParameters": ["ApiKeyName": "key"]],
      ])
    case "ListApiDestinations":
      .success([
        "ApiDestinations": [
          [
            "Name": "ours", "ApiDestinationArn": .string("\(arn)api-destination/ours/1-2"),
            "ConnectionArn": .string("\(arn)connection/ours/1-2"), "HttpMethod": "POST",
            "InvocationEndpoint": "https://example.com", "InvocationRateLimitPerSecond": 300,
          ]
        ]
      ])
    case "DescribeApiDestination": .success(["Description": "d"])
    default: .success([:])
    }
  }

  func testConnectionsAreListedAndOursDescribed() throws {
    let observation = ObservationRehearsal(
      connection, .rehearsal(candidates: ["ours": ["AuthParameters"]]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines, ["ListConnections {}", #"DescribeConnection {"Name":"ours"}"#])
    XCTAssertEqual(observation.reads.first?.pageSize, 100)
    let ours = try XCTUnwrap(observation["ours"])
    XCTAssertEqual(ours.properties["Arn"], .string("\(Self.arn)connection/ours/1-2"))
    XCTAssertEqual(ours.properties["ArnForPolicy"], .string("\(Self.arn)connection/ours"))
    XCTAssertEqual(try uncovered(connection, shown: observation.observed), [])
    XCTAssertEqual(observation["others"]?.unread["/AuthParameters"]?.isEmpty, false)
    XCTAssertFalse(connection.facts.ownership.isTaggable)
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testSecretsAreNeverCompared() {
    for path: PropertyPath in [
      "/AuthParameters/BasicAuthParameters/Password",
      "/AuthParameters/ApiKeyAuthParameters/ApiKeyValue",
      "/AuthParameters/OAuthParameters/ClientParameters/ClientSecret",
      "/AuthParameters/OAuthParameters/OAuthHttpParameters/BodyParameters/a/Value",
      "/AuthParameters/InvocationHttpParameters/HeaderParameters/a/Value",
    ] {
      XCTAssertNotNil(connection.facts.properties.covering(path, \.notReadable), "\(path)")
    }
  }

  func testIsMadeAndWaitedFor() throws {
    var states = ["AUTHORIZING", "AUTHORIZED"]
    let created = Rehearsal(
      connection,
      .creating([
        "Name": "c", "AuthorizationType": "API_KEY", "AuthParameters": Self.parameters,
      ])
    ) { call in
      call.operation == "DescribeConnection"
        ? .success(["ConnectionState": .string(states.removeFirst()), "SecretArn": "arn:secret"])
        : .success(["ConnectionArn": .string("\(Self.arn)connection/c/1-2")])
    }
    XCTAssertEqual(
      created.calls.map(\.operation),
      ["CreateConnection", "DescribeConnection", "DescribeConnection"])
    XCTAssertNil(created.calls[0].input["Tags"], "EventBridge tags no connections")
    XCTAssertEqual(created.attributes?["SecretArn"], "arn:secret")
    XCTAssertEqual(
      created.attributes?["ArnForPolicy"], .string("\(Self.arn)connection/c"))
    XCTAssertEqual(try modelProblems(created.calls), [])
    let refused = Rehearsal(connection, .creating(["Name": "c"])) { call in
      call.operation == "DescribeConnection"
        ? .success(["ConnectionState": "DEAUTHORIZED", "StateReason": "401"]) : .success([:])
    }
    XCTAssertEqual(refused.failure, "c is DEAUTHORIZED: 401")
  }

  func testAnUpdateLeavesSecretsAloneUnlessTheyChange() throws {
    let desired: Document = [
      "Name": "c", "AuthorizationType": "API_KEY", "AuthParameters": Self.parameters,
    ]
    let described = Rehearsal(
      connection,
      .updating("c", to: desired, changed: ["Description", "InvocationConnectivityParameters"]),
      answer: Self.answer)
    XCTAssertEqual(
      described.calls[0].input,
      [
        "Name": "c", "Description": "",
        "InvocationConnectivityParameters": [
          "ResourceParameters": ["ResourceConfigurationArn": ""]
        ],
      ])
    let exchanged = Rehearsal(
      connection, .updating("c", to: desired, changed: ["AuthParameters"]), answer: Self.answer)
    XCTAssertEqual(exchanged.calls[0].input["AuthParameters"], Self.parameters)
    XCTAssertEqual(exchanged.calls[0].input["AuthorizationType"], "API_KEY")
    XCTAssertEqual(try modelProblems(described.calls + exchanged.calls), [])
  }

  func testADeletionEndsWhenTheNameIsFree() throws {
    var replies: [Reply] = [.success(["ConnectionState": "DELETING"]), .absent]
    let deleted = Rehearsal(connection, .deleting("c")) { call in
      call.operation == "DescribeConnection" ? replies.removeFirst() : .success([:])
    }
    XCTAssertEqual(
      deleted.calls.map(\.operation),
      ["DeleteConnection", "DescribeConnection", "DescribeConnection"])
    XCTAssertEqual(try modelProblems(deleted.calls), [])
  }

  // MARK: API destinations

  func testAListShowsAllOfADestinationButItsDescription() throws {
    let observation = ObservationRehearsal(
      destination, .rehearsal(candidates: ["ours": ["Description"]]), answer: Self.answer)
    XCTAssertEqual(
      observation.lines, ["ListApiDestinations {}", #"DescribeApiDestination {"Name":"ours"}"#])
    XCTAssertEqual(
      observation["ours"]?.properties["ArnForPolicy"], .string("\(Self.arn)api-destination/ours"))
    XCTAssertEqual(try uncovered(destination, shown: observation.observed), [])
    XCTAssertEqual(
      ObservationRehearsal(
        destination, .rehearsal(candidates: ["ours": ["HttpMethod"]]), answer: Self.answer
      ).lines, ["ListApiDestinations {}"])
    XCTAssertEqual(try modelProblems(observation.reads.map(\.call)), [])
  }

  func testADestinationIsMadeChangedResetAndDeleted() throws {
    let desired: Document = [
      "Name": "d", "ConnectionArn": .string("\(Self.arn)connection/ours/1-2"),
      "InvocationEndpoint": "https://example.com", "HttpMethod": "PUT",
    ]
    let created = Rehearsal(destination, .creating(desired)) { _ in
      .success(["ApiDestinationArn": .string("\(Self.arn)api-destination/d/1-2")])
    }
    XCTAssertEqual(created.id, "d")
    XCTAssertEqual(created.attributes?["Arn"], .string("\(Self.arn)api-destination/d/1-2"))
    let changed = Rehearsal(
      destination,
      .updating(
        "d", to: desired,
        changed: ["HttpMethod", "Description", "InvocationRateLimitPerSecond"]))
    XCTAssertEqual(
      changed.lines,
      [
        #"UpdateApiDestination {"Description":"","HttpMethod":"PUT","InvocationRateLimitPerSecond":300,"Name":"d"}"#
      ])
    let deleted = Rehearsal(destination, .deleting("d"))
    XCTAssertEqual(deleted.lines, [#"DeleteApiDestination {"Name":"d"}"#])
    XCTAssertEqual(try modelProblems(created.calls + changed.calls + deleted.calls), [])
  }
}
