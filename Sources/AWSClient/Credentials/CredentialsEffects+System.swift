import Document
import Foundation

extension CredentialsEffects {
  /// The machine's own files, programs, network and clock.
  /// - Parameters:
  ///   - certificateAuthorities: path of a PEM file to trust instead of the system's.
  ///   - sessionName: 2 to 64 characters of `[\w+=,.@-]`.
  ///   - client: makes a client that signs with these credentials.
  public static func system(
    certificateAuthorities: String?, sessionName: String, region: String,
    client: @escaping @Sendable (any CredentialsProvider) -> AWSClient
  ) -> CredentialsEffects {
    CredentialsEffects(
      read: text(ofFile:),
      replace: replace(file:with:),
      http: { request, seconds throws(TransportError) in
        // A transport for each request: there are few, and each has a time of its own. Without TLS
        // only this machine is asked, which no proxy reaches.
        try await CurlTransport(
          limits: TransportLimits(
            connectSeconds: seconds, totalSeconds: seconds, connections: 1, replyBytes: 1 << 20,
            bypassesProxies: request.scheme == "http"),
          certificateAuthorities: certificateAuthorities
        ).send(request)
      },
      run: { words, seconds throws(ProgramFailure) in
        try await ProgramRun.result(of: words, seconds: seconds)
      },
      addresses: { host in
        await withCheckedContinuation { answer in
          DispatchQueue.global().async { answer.resume(returning: HostLookup.addresses(of: host)) }
        }
      },
      call: { service, operation, input, region, source throws(AWSError) in
        try await client(source ?? CredentialsChain([]))
          .send(service, operation, input, region: region)
      },
      clock: .system, sessionName: sessionName, region: region)
  }

  /// The text of a file, `nil` where there is none. By a file handle, because the path may be a device
  /// (`AWS_CONFIG_FILE=/dev/null`) or a pipe.
  @Sendable public static func text(ofFile path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
  }

  /// Replaces a file that only its owner may read, as a whole: who reads it finds the old or the new.
  @Sendable static func replace(file path: String, with text: String) throws {
    let temporary = "\(path).\(UUID().uuidString)"
    defer { unlink(temporary) }
    // Made for the owner only from the first moment.
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
    guard rename(temporary, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
