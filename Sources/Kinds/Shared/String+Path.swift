extension String {
  /// What stands after the last slash: the id in a path, the name in an ARN.
  var lastPart: String { split(separator: "/").last.map(String.init) ?? self }
}
