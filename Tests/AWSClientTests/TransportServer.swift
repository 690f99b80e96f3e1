import Foundation

/// A small HTTP server on the loopback interface, for what a mock cannot show of a transport.
/// One thread per connection; a script decides what each request is answered with.
final class TransportServer: @unchecked Sendable {
  /// A request as it came in.
  struct Request: Sendable {
    var line: String
    var headers: [String]
    var body: [UInt8]
  }

  enum Answer: Sendable {
    case bytes([UInt8])
    /// These bytes, then the connection is closed.
    case close([UInt8])
    /// Nothing, until the server stops.
    case never
    case delayed(milliseconds: UInt32, [UInt8])
  }

  let port: UInt16
  private let listener: Int32
  private let answer: @Sendable (Request, _ number: Int) -> Answer
  private let lock = NSLock()
  private var accepted = 0
  private var received: [Request] = []
  private var open: [Int32] = []
  private var closing = false

  var connections: Int { lock.withLock { accepted } }
  var requests: [Request] { lock.withLock { received } }
  var host: String { "127.0.0.1:\(port)" }

  init(_ answer: @escaping @Sendable (Request, _ number: Int) -> Answer) throws {
    self.answer = answer
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = listener
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, length) == 0 && listen(descriptor, 256) == 0
          && getsockname(descriptor, pointer, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    let thread = Thread { [self] in acceptAll() }
    thread.start()
  }

  func stop() {
    lock.withLock {
      closing = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in open { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  /// An answer with status line, the headers given and a length.
  static func reply(_ body: [UInt8], status: String = "200 OK", headers: [String] = []) -> [UInt8] {
    let head = (["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""])
    return Array(head.joined(separator: "\r\n").utf8) + body
  }

  private func acceptAll() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      lock.withLock {
        accepted += 1
        open.append(connection)
        if closing { shutdown(connection, Int32(SHUT_RDWR)) }
      }
      Thread { [self] in serve(connection) }.start()
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    var buffer: [UInt8] = []
    while let request = next(connection, &buffer) {
      let number = lock.withLock {
        received.append(request)
        return received.count
      }
      switch answer(request, number) {
      case .bytes(let bytes): write(connection, bytes)
      case .delayed(let milliseconds, let bytes):
        usleep(milliseconds * 1000)
        write(connection, bytes)
      case .close(let bytes):
        write(connection, bytes)
        return end(connection)
      case .never: continue
      }
    }
    end(connection)
  }

  private func end(_ connection: Int32) {
    lock.withLock {
      open.removeAll { $0 == connection }
      close(connection)
    }
  }

  private func write(_ connection: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }

  /// The next request of a connection; `nil` once it is closed.
  private func next(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
    while true {
      if let request = parse(&buffer) { return request }
      var piece = [UInt8](repeating: 0, count: 65_536)
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }

  private func parse(_ buffer: inout [UInt8]) -> Request? {
    let separator = Array("\r\n\r\n".utf8)
    guard let end = buffer.indices.first(where: { buffer[$0...].starts(with: separator) }) else {
      return nil
    }
    let head = String(decoding: buffer[..<end], as: UTF8.self).components(separatedBy: "\r\n")
    let length =
      head.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) } ?? 0
    let start = end + separator.count
    guard buffer.count >= start + length else { return nil }
    let body = Array(buffer[start..<start + length])
    buffer.removeFirst(start + length)
    return Request(line: head[0], headers: Array(head.dropFirst()), body: body)
  }
}
