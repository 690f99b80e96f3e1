import CCurl

/// The transport's thread: starts transfers, drives them, and answers those that wait for them.
final class CurlLoop {
  private let mailbox: CurlMailbox
  private let limits: TransportLimits
  private let certificateAuthorities: String?

  private var waiting: [CurlTransfer] = []
  /// By easy handle.
  private var running: [UnsafeMutableRawPointer: CurlTransfer] = [:]
  /// Easy handles to use again: they are costly to make.
  private var idle: [UnsafeMutableRawPointer] = []

  init(_ mailbox: CurlMailbox, _ limits: TransportLimits, certificateAuthorities: String?) {
    self.mailbox = mailbox
    self.limits = limits
    self.certificateAuthorities = certificateAuthorities
  }

  /// Returns when the mailbox is closed, with nothing left unanswered.
  func run() {
    guard let multi = mailbox.multi else { return }
    trueup_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limits.connections)
    var isOpen = true
    while isOpen {
      let post = mailbox.take()
      isOpen = post.isOpen
      for letter in post.letters {
        switch letter {
        case .start(let transfer): waiting.append(transfer)
        case .cancel(let id): cancel(id, multi)
        }
      }
      if isOpen {
        startWaiting(multi)
        drive(multi)
      }
    }
    for (easy, transfer) in running {
      release(easy, multi)
      transfer.fail(.shutDown, "the HTTP transport was shut down")
    }
    for transfer in waiting { transfer.fail(.shutDown, "the HTTP transport was shut down") }
    for easy in idle { curl_easy_cleanup(easy) }
    curl_multi_cleanup(multi)
  }

  private func startWaiting(_ multi: UnsafeMutableRawPointer) {
    while running.count < limits.connections, !waiting.isEmpty {
      let transfer = waiting.removeFirst()
      guard let easy = idle.popLast() ?? curl_easy_init() else {
        transfer.fail(.other, "libcurl has no memory for a transfer")
        continue
      }
      let result = configure(easy, transfer)
      guard result == CURLE_OK else {
        idle.append(easy)
        transfer.fail(.other, Self.description(result))
        continue
      }
      running[easy] = transfer
      let added = curl_multi_add_handle(multi, easy)
      if added != CURLM_OK {
        running[easy] = nil
        idle.append(easy)
        transfer.fail(.other, String(cString: curl_multi_strerror(added)))
      }
    }
  }

  /// Moves all transfers on, answers the finished, then waits for traffic or a letter.
  private func drive(_ multi: UnsafeMutableRawPointer) {
    var count: Int32 = 0
    let performed = curl_multi_perform(multi, &count)
    guard performed == CURLM_OK else {
      let message = String(cString: curl_multi_strerror(performed))
      for (easy, transfer) in running {
        release(easy, multi)
        transfer.fail(.other, message)
      }
      return
    }
    var finished = false
    while let message = curl_multi_info_read(multi, &count) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
        let transfer = running[easy]
      else { continue }
      finished = true
      let result = trueup_curl_message_result(message)
      var status = 0
      trueup_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
      release(easy, multi)
      finish(transfer, result, status: status)
    }
    // A finished transfer may make room for one that waits.
    if !(finished && !waiting.isEmpty) { curl_multi_poll(multi, nil, 0, 60_000, nil) }
  }

  private func finish(_ transfer: CurlTransfer, _ result: CURLcode, status: Int) {
    if result == CURLE_OK {
      transfer.succeed(status: status)
    } else if transfer.isTooLarge {
      transfer.fail(.replyTooLarge, "the reply is larger than \(limits.replyBytes) bytes")
    } else if transfer.attempts > 1 {
      transfer.fail(.connectionLost, "the connection was closed before a reply came")
    } else {
      let detail = transfer.message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      transfer.fail(
        Self.reason(result),
        detail.isEmpty ? Self.description(result) : String(decoding: detail, as: UTF8.self))
    }
  }

  private func cancel(_ id: Int, _ multi: UnsafeMutableRawPointer) {
    if let index = waiting.firstIndex(where: { $0.id == id }) {
      waiting.remove(at: index).fail(.cancelled, "cancelled")
    } else if let (easy, transfer) = running.first(where: { $0.value.id == id }) {
      release(easy, multi)
      transfer.fail(.cancelled, "cancelled")
    }
  }

  private func release(_ easy: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) {
    curl_multi_remove_handle(multi, easy)
    // Before the transfer goes, so that libcurl holds no pointer into it.
    curl_easy_reset(easy)
    running[easy] = nil
    idle.append(easy)
  }

  private func configure(_ easy: UnsafeMutableRawPointer, _ transfer: CurlTransfer) -> CURLcode {
    var setup = CurlSetup(easy)
    setup.common(limits, certificateAuthorities)
    setup.request(transfer)
    setup.callbacks(transfer, limits)
    return setup.result
  }

  private static func description(_ code: CURLcode) -> String {
    String(cString: curl_easy_strerror(code))
  }

  private static func reason(_ code: CURLcode) -> TransportError.Reason {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .couldNotResolveHost
    // A handshake that breaks off is as transient as a refused connection; a certificate that does
    // not verify is not.
    case CURLE_COULDNT_CONNECT, CURLE_SSL_CONNECT_ERROR, CURLE_PROXY: .couldNotConnect
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
      CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND,
      CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
      .tls
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR,
      CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      .connectionLost
    default: .other
    }
  }
}
