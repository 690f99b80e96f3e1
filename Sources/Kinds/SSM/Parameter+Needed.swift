import TrueupCore

extension Parameter {
  /// Source: Systems Manager API reference, ParameterStringFilter and GetParameters.
  var needed: [NeededRead] {
    [
      NeededRead("ssm", "DescribeParameters", named: 50),
      NeededRead("ssm", "GetParameters", named: 10, for: ["Value"]),
    ]
  }
}
