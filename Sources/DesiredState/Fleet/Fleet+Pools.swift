import Document
import TrueupCore

/// `"pools": { "VpcCidr": { "range": "10.0.0.0/8", "prefix": 16 } }`: where the networks of new stacks
/// come from, by the parameter that they fill.
extension AddressPool {
  static func read(_ reader: ObjectReader) -> [AddressPool] {
    reader.object("pools").compactMap { member in
      guard
        let pool = ObjectReader(
          member.value, in: reader.file, as: "pool \(member.key.quoted)",
          allowed: ["range", "prefix"], log: reader.log),
        let range = pool.string("range", required: true)
      else { return nil }
      guard range.value.contains("/"), let network = Network(range.value) else {
        reader.log.error(
          "\"range\" of pool \(member.key.quoted) must be a network such as 10.0.0.0/8, not "
            + range.value.quoted, at: range.location)
        return nil
      }
      guard let prefix = pool.count("prefix") else {
        if pool["prefix"] == nil {
          pool.error("pool \(member.key.quoted) needs \"prefix\"", at: pool.position)
        }
        return nil
      }
      let longest = network.bytes.count * 8
      guard (network.prefixLength...longest).contains(prefix) else {
        pool.error(
          "\"prefix\" of pool \(member.key.quoted) must be from \(network.prefixLength) to "
            + "\(longest), not \(prefix)", at: pool["prefix"]?.position ?? pool.position)
        return nil
      }
      return AddressPool(parameter: member.key, range: network, prefixLength: prefix)
    }
  }
}
