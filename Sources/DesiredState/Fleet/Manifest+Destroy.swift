import Document
import TrueupCore

extension Manifest {
  /// `"destroy": { "data": "retain", "resources": 62 }`: what becomes of data, and how many resources go
  /// at most.
  static func destroy(_ reader: ObjectReader) -> (data: DataDisposal, resources: Int?)? {
    guard let node = reader["destroy"],
      let destroy = ObjectReader(
        node, in: reader.file, as: "\"destroy\"", allowed: ObjectSchema.destroy.names,
        log: reader.log)
    else { return nil }
    let resources = destroy.count("resources")
    guard let data = destroy.string("data") else { return (.retain, resources) }
    guard let disposal = DataDisposal(rawValue: data.value) else {
      reader.log.error(
        "\"data\" must be \"retain\", \"snapshot\" or \"delete\", not \(data.value.quoted)",
        at: data.location)
      return nil
    }
    return (disposal, resources)
  }

  /// `"expires": "2027-01-31"`: the last day for which the stack is meant.
  static func expires(_ reader: ObjectReader) -> Day? {
    guard let text = reader.string("expires") else { return nil }
    guard let day = Day(text.value) else {
      reader.log.error(
        "\"expires\" must be a day such as 2027-01-31, not \(text.value.quoted)", at: text.location)
      return nil
    }
    return day
  }
}
