import CCurl

/// The options of one transfer, set in turn until one fails.
struct CurlSetup {
  private let easy: UnsafeMutableRawPointer
  private(set) var result = CURLE_OK

  init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

  mutating func common(_ limits: TransportLimits, _ certificateAuthorities: String?) {
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    // What was signed is what must be sent: `/a/../b` as it is.
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connectSeconds * 1000))
    set(CURLOPT_TIMEOUT_MS, Int(limits.totalSeconds * 1000))
    set(CURLOPT_TCP_KEEPALIVE, 1)
    // AWS closes idle connections after 20 s (S3) or more; a request on a dying one may be lost.
    set(CURLOPT_MAXAGE_CONN, 15)
    if limits.bypassesProxies { set(CURLOPT_NOPROXY, "*") }
    if let certificateAuthorities { set(CURLOPT_CAINFO, certificateAuthorities) }
  }

  mutating func request(_ transfer: CurlTransfer) {
    let request = transfer.request
    let query = request.query.isEmpty ? "" : "?" + request.encodedQuery
    set(CURLOPT_URL, request.endpoint + (request.path.isEmpty ? "/" : request.path) + query)
    let body = request.body
    if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
      // The size first: else libcurl would copy up to the first zero byte.
      keep(
        trueup_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
      body.withUnsafeBytes { bytes in
        var none: UInt8 = 0
        withUnsafeMutablePointer(to: &none) { none in
          let start = bytes.baseAddress.map(UnsafeMutableRawPointer.init(mutating:))
          keep(trueup_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start ?? .init(none)))
        }
      }
      set(CURLOPT_CUSTOMREQUEST, request.method)
    } else if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else {
      set(CURLOPT_HTTPGET, 1)
      set(CURLOPT_CUSTOMREQUEST, request.method)
    }
    headers(transfer)
  }

  mutating func callbacks(_ transfer: CurlTransfer, _ limits: TransportLimits) {
    transfer.limit = limits.replyBytes
    // Unretained: the loop holds the transfer for as long as the handle points to it.
    let pointer = Unmanaged.passUnretained(transfer).toOpaque()
    set(CURLOPT_WRITEDATA, pointer)
    set(CURLOPT_HEADERDATA, pointer)
    set(CURLOPT_PREREQDATA, pointer)
    keep(
      trueup_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, data in
        guard let transfer = CurlSetup.transfer(data) else { return 0 }
        let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return transfer.receive(body: piece) ? size * count : 0
      })
    keep(
      trueup_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, data in
        guard let transfer = CurlSetup.transfer(data) else { return 0 }
        transfer.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
        return size * count
      })
    keep(
      trueup_curl_set_prereq_callback(easy) { data, _, _, _, _ in
        guard let transfer = CurlSetup.transfer(data) else { return CURL_PREREQFUNC_ABORT }
        return transfer.mayBegin() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
      })
    if let buffer = transfer.message.baseAddress {
      set(CURLOPT_ERRORBUFFER, UnsafeMutableRawPointer(buffer))
    }
  }

  private static func transfer(_ data: UnsafeMutableRawPointer?) -> CurlTransfer? {
    data.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// The request's headers, and none that libcurl would add: `Expect` costs a round trip, and a
  /// `Content-Type` that is not the request's own could change what the service reads.
  private mutating func headers(_ transfer: CurlTransfer) {
    let request = transfer.request
    let given = Set(request.headers.map { $0.name.lowercased() })
    var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    if !given.contains("host") { lines.append("Host: \(request.host)") }
    for name in ["Expect", "Accept", "Content-Type"] where !given.contains(name.lowercased()) {
      lines.append("\(name):")
    }
    for line in lines {
      guard !line.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }),
        let list = curl_slist_append(transfer.headerList, line)
      else {
        keep(CURLE_BAD_FUNCTION_ARGUMENT)
        return
      }
      transfer.headerList = list
    }
    keep(trueup_curl_set_headers(easy, transfer.headerList))
  }

  private mutating func set(_ option: CURLoption, _ value: Int) {
    keep(trueup_curl_set_long(easy, option, value))
  }

  private mutating func set(_ option: CURLoption, _ value: String) {
    keep(trueup_curl_set_string(easy, option, value))
  }

  private mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
    keep(trueup_curl_set_pointer(easy, option, value))
  }

  private mutating func keep(_ code: CURLcode) {
    if result == CURLE_OK { result = code }
  }
}
