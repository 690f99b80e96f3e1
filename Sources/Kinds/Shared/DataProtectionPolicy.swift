/// A data protection policy, as SNS and CloudWatch Logs have it.
enum DataProtectionPolicy {
  /// Lists whose order says nothing. Each statement is on its own.
  /// Source: SNS Developer Guide, "Understanding data protection policies in Amazon SNS"; CloudWatch Logs
  /// User Guide, "Understanding data protection policies".
  static let sets: Set<String> = [
    "Statement", "DataIdentifier", "Principal", "NoPrincipal",
  ]
}
