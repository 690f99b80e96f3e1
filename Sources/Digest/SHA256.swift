/// SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104): signatures, client tokens and generated names.
public enum SHA256 {
  /// The 32 bytes of the digest.
  public static func digest(_ message: some Collection<UInt8>) -> [UInt8] {
    var state = initialState
    var schedule = [UInt32](repeating: 0, count: 64)
    let padded = pad(message)
    for start in stride(from: 0, to: padded.count, by: 64) {
      compress(padded, at: start, into: &state, &schedule)
    }
    return bytes(of: state)
  }

  /// The 64 hexadecimal digits of the digest of a text's UTF-8.
  public static func hexadecimal(of text: String) -> String { hexadecimal(digest(text.utf8)) }

  /// The 32 bytes of HMAC-SHA256 over `message` with `key`.
  public static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    bytes(of: Authentication(key: key).words(of: message))
  }

  /// Lower-case hexadecimal, two digits for each byte.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// HMAC-SHA256 with one key, for many messages: the key's own blocks are digested once.
  struct Authentication {
    private let inner: [UInt32]
    private let outer: [UInt32]

    init(key: [UInt8]) {
      var block = key.count > 64 ? digest(key) : key
      block += [UInt8](repeating: 0, count: 64 - block.count)
      inner = Self.state(after: block.map { $0 ^ 0x36 })
      outer = Self.state(after: block.map { $0 ^ 0x5c })
    }

    /// The code of a message, as eight words.
    func words(of message: [UInt8]) -> [UInt32] {
      var schedule = [UInt32](repeating: 0, count: 64)
      var state = inner
      let padded = pad(message, after: 64)
      for start in stride(from: 0, to: padded.count, by: 64) {
        compress(padded, at: start, into: &state, &schedule)
      }
      return finished(state, &schedule)
    }

    /// The code of a code, without a detour over bytes.
    func words(of code: [UInt32], _ schedule: inout [UInt32]) -> [UInt32] {
      var state = inner
      Self.fill(&schedule, with: code)
      compress(&schedule, into: &state)
      return finished(state, &schedule)
    }

    private func finished(_ digest: [UInt32], _ schedule: inout [UInt32]) -> [UInt32] {
      var state = outer
      Self.fill(&schedule, with: digest)
      compress(&schedule, into: &state)
      return state
    }

    /// A block of 32 bytes that follow one of 64: one bit, zeros, and 768 bits of length.
    private static func fill(_ schedule: inout [UInt32], with words: [UInt32]) {
      for index in 0..<8 { schedule[index] = words[index] }
      schedule[8] = 0x8000_0000
      for index in 9..<15 { schedule[index] = 0 }
      schedule[15] = 768
    }

    private static func state(after block: [UInt8]) -> [UInt32] {
      var state = initialState
      var schedule = [UInt32](repeating: 0, count: 64)
      compress(block, at: 0, into: &state, &schedule)
      return state
    }
  }

  /// Big-endian.
  static func bytes(of words: [UInt32]) -> [UInt8] {
    words.flatMap { word in
      [UInt8(word >> 24), UInt8(word >> 16 & 255), UInt8(word >> 8 & 255), UInt8(word & 255)]
    }
  }

  /// The message, one bit, zeros, and its length in bits, up to a multiple of 64 bytes.
  ///
  /// - Parameter digested: how many bytes came before it; they count in the length.
  static func pad(_ message: some Collection<UInt8>, after digested: Int = 0) -> [UInt8] {
    var padded = Array(message)
    let bits = UInt64(digested + padded.count) * 8
    padded.append(0x80)
    padded += [UInt8](repeating: 0, count: (120 - padded.count % 64) % 64)
    for shift in stride(from: 56, through: 0, by: -8) {
      padded.append(UInt8(bits >> UInt64(shift) & 255))
    }
    return padded
  }

  private static func compress(
    _ bytes: [UInt8], at start: Int, into state: inout [UInt32], _ schedule: inout [UInt32]
  ) {
    for index in 0..<16 {
      let at = start + index * 4
      schedule[index] =
        UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
        | UInt32(bytes[at + 3])
    }
    compress(&schedule, into: &state)
  }

  /// - Parameter schedule: 64 words, of which the first 16 are the block.
  private static func compress(_ schedule: inout [UInt32], into state: inout [UInt32]) {
    for index in 16..<64 {
      let two = schedule[index - 2]
      let fifteen = schedule[index - 15]
      let s0 = rotate(fifteen, 7) ^ rotate(fifteen, 18) ^ (fifteen >> 3)
      let s1 = rotate(two, 17) ^ rotate(two, 19) ^ (two >> 10)
      schedule[index] = schedule[index - 16] &+ s0 &+ schedule[index - 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let choice = (e & f) ^ (~e & g)
      let first = h &+ s1 &+ choice &+ constants[index] &+ schedule[index]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ s0 &+ majority)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
  }

  private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static let initialState: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a,
    0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}
