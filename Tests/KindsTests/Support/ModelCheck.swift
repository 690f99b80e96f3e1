import AWSClient
import Document
import TrueupCore

/// What AWS's API models have against some calls: unknown or missing members, wrong types, values out
/// of range. Empty where all calls fit.
func modelProblems(_ calls: [Call]) throws -> [String] {
  try calls.flatMap { call -> [String] in
    let model = try ServiceModel.embedded(call.service)
    let check = model.validate(try model.operation(call.operation), input: call.input)
    return (check.errors + check.warnings).map {
      "\(call.service):\(call.operation) \($0.path): \($0.reason)"
    }
  }
}
