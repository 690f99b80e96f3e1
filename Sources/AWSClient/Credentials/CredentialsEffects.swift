import Document

/// All through which the providers reach the world, passed in so that tests control it.
public struct CredentialsEffects: Sendable {
  /// The text of a file, `nil` where there is none.
  public var read: @Sendable (_ path: String) throws -> String?
  /// Replaces a file that only its owner may read.
  public var replace: @Sendable (_ path: String, _ text: String) throws -> Void
  /// Sends a request to an endpoint that gives credentials or tokens, in so many seconds.
  public var http:
    @Sendable (_ request: HTTPRequest, _ seconds: Double) async throws(TransportError) ->
      HTTPResponse
  /// Runs a program, ending it after so many seconds.
  public var run:
    @Sendable (_ words: [String], _ seconds: Double) async throws(ProgramFailure) -> ProgramResult
  /// The addresses of a host, as text; none where it has none.
  public var addresses: @Sendable (_ host: String) async -> [String]
  /// Sends a call to AWS, with credentials where it is signed.
  public var call:
    @Sendable (
      _ service: String, _ operation: String, _ input: Document, _ region: String,
      _ source: (any CredentialsProvider)?
    ) async throws(AWSError) -> Document
  public var clock: WallClock
  /// The session name of roles whose configuration names none.
  public var sessionName: String
  /// The region of calls to STS where the configuration names none.
  public var region: String
}

/// What a program said.
public struct ProgramResult: Hashable, Sendable {
  public var status: Int32
  public var output: [UInt8]
  public var errors: String

  public init(status: Int32, output: [UInt8], errors: String) {
    self.status = status
    self.output = output
    self.errors = errors
  }
}

/// Why a program said nothing.
public enum ProgramFailure: Error, Hashable, Sendable {
  case notStarted(reason: String)
  case timedOut
}
