import Document

extension Manifest {
  /// `"suspend": true`: the stack is planned by nobody and left as it is.
  static func isSuspended(_ reader: ObjectReader) -> Bool {
    guard let node = reader["suspend"] else { return false }
    guard let flag = node.document.bool else {
      reader.error("\"suspend\" must be true or false", at: node.position)
      return false
    }
    return flag
  }
}
