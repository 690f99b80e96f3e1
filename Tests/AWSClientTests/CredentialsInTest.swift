import Document
import XCTest

@testable import AWSClient

/// The default providers on scripted effects and a clock that only the test and sleeping move.
final class CredentialsInTest: Sendable {
  /// 2026-01-01T00:00:00Z.
  static let start = 1_767_225_600.0
  /// What no error may show.
  static let secrets = ["hush", "HUSH"]

  struct Call: Hashable, Sendable {
    var operation: String
    var input: Document
    var region: String
    /// The key that it was signed with; `nil` for an unsigned call.
    var key: String?
  }

  let now = Locked(CredentialsInTest.start)
  let transport: ScriptedTransport
  let files: Locked<[String: String]>
  let calls = Locked<[Call]>([])
  let runs = Locked<[[String]]>([])
  let timeouts = Locked<[Double]>([])
  /// Answers a call to AWS.
  let answer: @Sendable (Call) throws(AWSError) -> Document
  let program: @Sendable ([String]) throws(ProgramFailure) -> ProgramResult
  private let environment: [String: String]

  /// - Parameters:
  ///   - config: the text of `~/.aws/config`.
  ///   - credentials: the text of `~/.aws/credentials`.
  init(
    _ environment: [String: String] = [:], config: String? = nil, credentials: String? = nil,
    files: [String: String] = [:], http: [ScriptedTransport.Step] = [],
    answer: @escaping @Sendable (Call) throws(AWSError) -> Document = { CredentialsInTest.sts($0) },
    program: @escaping @Sendable ([String]) throws(ProgramFailure) -> ProgramResult = {
      _ throws(ProgramFailure) in throw .timedOut
    }
  ) {
    var files = files
    files["/home/u/.aws/config"] = config
    files["/home/u/.aws/credentials"] = credentials
    self.files = Locked(files)
    transport = ScriptedTransport(http)
    self.answer = answer
    self.program = program
    self.environment = environment.merging(["HOME": "/home/u"]) { given, _ in given }
  }

  /// Credentials whose key shows who assumed what, for an hour.
  static func sts(_ call: Call) -> Document {
    let key = "\(call.key ?? "unsigned")>\(call.input["RoleArn"]?.string ?? "")"
    return [
      "Credentials": [
        "AccessKeyId": .string(key), "SecretAccessKey": "hush", "SessionToken": "hush",
        "Expiration": .double(Self.start + 3600),
      ]
    ]
  }

  var effects: CredentialsEffects {
    CredentialsEffects(
      read: { path in self.files.access { $0[path] } },
      replace: { path, text in self.files.access { $0[path] = text } },
      http: { request, seconds throws(TransportError) in
        self.timeouts.access { $0.append(seconds) }
        return try await self.transport.send(request)
      },
      run: { words, _ throws(ProgramFailure) in
        self.runs.access { $0.append(words) }
        return try self.program(words)
      },
      addresses: { host in
        ["loop.example": ["127.0.0.1", "::1"], "127.0.0.1": ["127.0.0.1"]][host] ?? ["192.0.2.1"]
      },
      call: { _, operation, input, region, source throws(AWSError) in
        let call = Call(
          operation: operation, input: input, region: region,
          key: try await source?.credentials().accessKeyID)
        self.calls.access { $0.append(call) }
        return try self.answer(call)
      },
      clock: WallClock(
        now: { self.now.access { $0 } },
        sleep: { seconds in self.now.access { $0 += seconds } }),
      sessionName: "session", region: "eu-west-1")
  }

  func provider() throws -> DefaultCredentials {
    let files = files.access { $0 }
    return DefaultCredentials(try configuration(environment, files: files), effects)
  }

  func credentials() async throws -> Credentials {
    try await provider().credentials()
  }

  /// The one line that people read where there are no credentials. It must not show a secret.
  func failure(file: StaticString = #filePath, line: UInt = #line) async -> String {
    do {
      let found = try await credentials()
      XCTFail("expected an error, got \(found)", file: file, line: line)
      return ""
    } catch {
      for secret in Self.secrets {
        XCTAssertFalse("\(error)".contains(secret), "`\(error)`", file: file, line: line)
      }
      return "\(error)"
    }
  }
}

/// An answer of a container's endpoint or of the instance metadata.
func temporaryKeys(_ key: String = "A", expires: String = "2026-01-01T01:00:00Z") -> String {
  """
  {"Code": "Success", "AccessKeyId": "\(key)", "SecretAccessKey": "hush", "Token": "hush-token",
   "Expiration": "\(expires)"}
  """
}
