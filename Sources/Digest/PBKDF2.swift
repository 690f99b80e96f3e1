/// PBKDF2 with HMAC-SHA256 (RFC 8018, section 5.2): proves a secret's value without keeping it.
public enum PBKDF2 {
  /// The first 32-byte block of the derived key; `rounds` below 1 count as 1.
  public static func derive(_ password: [UInt8], salt: [UInt8], rounds: Int) -> [UInt8] {
    var last = SHA256.authenticate(salt + [0, 0, 0, 1], key: password)
    var key = last
    for _ in 1..<max(rounds, 1) {
      last = SHA256.authenticate(last, key: password)
      for index in key.indices { key[index] ^= last[index] }
    }
    return key
  }
}
