/// PBKDF2 with HMAC-SHA256 (RFC 8018, section 5.2): tells whether a secret is the same without keeping
/// it.
public enum PBKDF2 {
  /// The first 32-byte block of the derived key; `rounds` below 1 count as 1.
  public static func derive(_ password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
    let authentication = SHA256.Authentication(key: password)
    var schedule = [UInt32](repeating: 0, count: 64)
    var last = authentication.words(of: salt + [0, 0, 0, 1])
    var key = last
    for _ in 1..<max(rounds, 1) {
      last = authentication.words(of: last, &schedule)
      for index in 0..<8 { key[index] ^= last[index] }
    }
    return SHA256.bytes(of: key)
  }
}
