import CCurl
import Foundation

/// HTTP/1.1 over libcurl: one thread drives all transfers and keeps connections alive between them.
///
/// libcurl's own environment variables for proxies (`https_proxy`, `no_proxy`) are honoured.
public final class CurlTransport: Transport {
  private typealias Answer = CheckedContinuation<Result<HTTPResponse, TransportError>, Never>

  private let mailbox: CurlMailbox

  /// - Parameter certificateAuthorities: path of a PEM file to trust instead of the system's
  ///   (`AWS_CA_BUNDLE`).
  public init(limits: TransportLimits = TransportLimits(), certificateAuthorities: String? = nil) {
    let mailbox = CurlMailbox()
    self.mailbox = mailbox
    let thread = Thread {
      CurlLoop(mailbox, limits, certificateAuthorities: certificateAuthorities).run()
    }
    thread.name = "aws-client-http"
    thread.start()
  }

  deinit { mailbox.close() }

  /// Ends all transfers with the reason `shutDown`; later ones end likewise.
  public func shutDown() { mailbox.close() }

  public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    let id = mailbox.nextID()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (answer: Answer) in
        let delivered = mailbox.post(
          .start(CurlTransfer(id: id, request: request) { answer.resume(returning: $0) }))
        if !delivered {
          answer.resume(returning: .failure(.shutDown(request, mayHaveBeenSent: false)))
        } else if Task.isCancelled {
          // The cancellation handler may have run before the transfer was in the mailbox.
          _ = mailbox.post(.cancel(id))
        }
      }
    } onCancel: {
      _ = mailbox.post(.cancel(id))
    }
    return try result.get()
  }
}

extension TransportError {
  static func shutDown(_ request: HTTPRequest, mayHaveBeenSent: Bool) -> TransportError {
    TransportError(
      reason: .shutDown, message: "the HTTP transport was shut down",
      endpoint: request.endpoint, requestMayHaveBeenSent: mayHaveBeenSent)
  }
}

extension HTTPRequest {
  /// `scheme://host`, for people.
  var endpoint: String { "\(scheme)://\(host)" }
}
