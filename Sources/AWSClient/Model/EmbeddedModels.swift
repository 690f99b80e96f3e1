import CContracts
import Document
import Foundation

extension ServiceModel {
  /// The embedded model of a service (botocore's name of it), read on first use and kept.
  ///
  /// - Throws: `AWSError.unknownOperation` where no model of it is embedded.
  public static func embedded(_ service: String) throws(AWSError) -> ServiceModel {
    if let model = embeddedModels.access({ $0[service] }) { return model }
    guard service != "versions", service != "partitions",
      let document = try embeddedMember(service)
    else {
      throw .unknownOperation(service: service, operation: "")
    }
    let model = try ServiceModel(name: service, document: document)
    embeddedModels.access { $0[service] = model }
    return model
  }

  /// AWS's partitions by id: DNS suffixes, region pattern, regions, and per service and variant (FIPS,
  /// dual-stack) the endpoints that differ from `{endpointPrefix}.{region}.{dnsSuffix}`.
  public static func embeddedPartitions() throws(AWSError) -> Document {
    try embeddedMember("partitions") ?? [:]
  }

  /// Models that were read. Two threads may read the same one at once, which does no harm.
  private static let embeddedModels = Locked<[String: ServiceModel]>([:])

  /// One member of the embedded file, which alone is parsed. `nil` where there is none.
  private static func embeddedMember(_ name: String) throws(AWSError) -> Document? {
    let contract = trueup_contract_api_models()
    let bytes = UnsafeBufferPointer(start: contract.bytes, count: contract.count)
    guard let member = ContractFile.member(name, of: bytes) else { return nil }
    do throws(ReadingError) {
      return try JSON.read(member)
    } catch {
      throw .configuration(place: "embedded API model of \(name)", reason: error.description)
    }
  }
}

/// Cuts one member out of a contract file: each of its members begins a line at column 0, and no
/// other line begins with a quotation mark.
enum ContractFile {
  /// The text of the member's value. `nil` where there is no such member.
  static func member(_ name: String, of bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let key = Array("\"\(name)\": ".utf8)
    var line = bytes.startIndex
    var start: Int?
    while line < bytes.endIndex {
      if bytes[line] == UInt8(ascii: "\"") {
        if let start { return trimmed(bytes[start..<line], end: UInt8(ascii: ",")) }
        if bytes[line...].starts(with: key) { start = line + key.count }
      }
      line = endOfLine(bytes, from: line)
    }
    return start.map { trimmed(bytes[$0...], end: UInt8(ascii: "}")) }
  }

  private static func endOfLine(_ bytes: UnsafeBufferPointer<UInt8>, from line: Int) -> Int {
    guard let base = bytes.baseAddress,
      let end = memchr(base + line, Int32(UInt8(ascii: "\n")), bytes.count - line)
    else { return bytes.endIndex }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(end)) + 1
  }

  /// The value without what follows it: a comma, or the brace that closes the file.
  private static func trimmed(_ value: Slice<UnsafeBufferPointer<UInt8>>, end: UInt8) -> [UInt8] {
    var value = value
    while value.last == UInt8(ascii: "\n") { value = value.dropLast() }
    if value.last == end { value = value.dropLast() }
    return Array(value)
  }
}
