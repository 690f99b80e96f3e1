import XCTest

@testable import AWSClient

final class CredentialsProcessTests: XCTestCase {
  private let place = "/home/u/.aws/config:2"

  private func test(
    _ command: String = "/bin/keys --secret hush", _ status: Int32 = 0, output: String = "",
    errors: String = ""
  ) -> CredentialsInTest {
    CredentialsInTest(
      config: "[default]\ncredential_process = \(command)",
      program: { _ in ProgramResult(status: status, output: Array(output.utf8), errors: errors) })
  }

  func testWhatTheProgramPrintsIsUsed() async throws {
    let test = test(
      #"/bin/keys "a b" 'c"d' e\ f"#,
      output: """
        {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hush", "SessionToken": "T",
         "Expiration": "2026-01-01T01:00:00+00:00"}
        """)
    let found = try await test.credentials()
    XCTAssertEqual(
      found,
      Credentials(
        accessKeyID: "A", secretAccessKey: "hush", sessionToken: "T",
        expiration: CredentialsInTest.start + 3600))
    XCTAssertEqual(test.runs.access { $0 }, [["/bin/keys", "a b", "c\"d", "e f"]])
  }

  func testLongTermKeysAreAskedForOnce() async throws {
    let test = test(output: #"{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hush"}"#)
    let provider = try test.provider()
    for _ in 0..<3 {
      let found = try await provider.credentials()
      XCTAssertNil(found.expiration)
      test.now.access { $0 += 86_400 }
    }
    XCTAssertEqual(test.runs.access { $0.count }, 1)
  }

  func testWhatFailsIsToldWithoutSecrets() async {
    let program = "\(place): credential_process /bin/keys"
    let table: [(CredentialsInTest, String)] = [
      (
        test(
          output: "hush", errors: "hush"
        ), "\(program) answered with no JSON object"
      ),
      (
        test("/bin/keys --secret hush", 3, output: "hush", errors: "No session.\nSign on first."),
        "\(program) ended with status 3: No session. Sign on first."
      ),
      (
        test("/bin/keys", 1, errors: "token=HUSH1234567890abcdef/x is \"HUSHabcdefgh123456789\""),
        "\(program) ended with status 1: … is …"
      ),
      (
        test(output: #"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "hush"}"#),
        "\(program) answered without \"Version\": 1"
      ),
      (
        test(output: #"{"Version": 1, "AccessKeyId": "A"}"#),
        "\(program) answered without AccessKeyId or SecretAccessKey"
      ),
      (
        test(
          output: """
            {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "hush",
             "Expiration": "2025-12-31T23:00:00Z"}
            """), "\(program) answered with credentials that have expired"
      ),
      (
        CredentialsInTest(
          config: "[default]\ncredential_process = /bin/keys",
          program: { _ throws(ProgramFailure) in throw .timedOut }),
        "\(program) did not end within 60 s"
      ),
    ]
    for (test, line) in table {
      let found = await test.failure()
      XCTAssertEqual(found, line)
    }
  }

  func testRealProgramsAreRun() async throws {
    let result = try await ProgramRun.result(
      of: ["sh", "-c", "cat; echo out; echo err >&2; exit 3"], seconds: 20)
    XCTAssertEqual(result, ProgramResult(status: 3, output: Array("out\n".utf8), errors: "err\n"))
    do {
      _ = try await ProgramRun.result(of: ["sleep", "60"], seconds: 0.2)
      XCTFail("a program that does not end is ended")
    } catch {
      XCTAssertEqual(error, .timedOut)
    }
    do {
      _ = try await ProgramRun.result(of: ["no-such-program-at-all"], seconds: 20)
      XCTFail("a program that is not there does not start")
    } catch {
      XCTAssertEqual(error, .notStarted(reason: "the program was not found"))
    }
  }

  func testCommandLinesAreSplitAsAShellDoesIt() {
    let table: [(line: String, words: [String]?)] = [
      ("a  b", ["a", "b"]), ("'a b'\"c d\"e", ["a bc de"]), (#"a\ b \"c"#, ["a b", "\"c"]),
      (#""a\"b\c""#, [#"a"b\c"#]), ("''", [""]), (#"'a\'"#, [#"a\"#]), ("", []), ("'a", nil),
      (#"a\"#, nil),
    ]
    for row in table {
      XCTAssertEqual(CommandWords.split(row.line), row.words, "`\(row.line)` is split")
    }
  }
}
