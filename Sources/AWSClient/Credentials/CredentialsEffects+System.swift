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
      replace: { path, text in
        let file = URL(fileURLWithPath: path)
        let temporary = file.appendingPathExtension("new-\(UUID().uuidString)")
        guard
          FileManager.default.createFile(
            atPath: temporary.path, contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600])
        else { throw CocoaError(.fileWriteUnknown) }
        _ = try FileManager.default.replaceItemAt(file, withItemAt: temporary)
      },
      http: { request, seconds throws(TransportError) in
        // A transport for each request: there are few, and each has a time of its own.
        try await CurlTransport(
          limits: TransportLimits(
            connectSeconds: seconds, totalSeconds: seconds, connections: 1, replyBytes: 1 << 20,
            bypassesProxies: true),
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
}
