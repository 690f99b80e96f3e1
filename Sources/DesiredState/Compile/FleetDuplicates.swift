import TrueupCore

extension FleetCompiler {
  /// The stacks with everything once that is one to AWS, each with a warning.
  func withoutDuplicates(_ compiled: [DesiredStack]) -> [DesiredStack] {
    var duplicates = Duplicates(catalog: settings.catalog)
    let stacks = duplicates.removed(from: compiled)
    for finding in duplicates.findings {
      log.add(
        settings.isStrict ? .error : .warning, finding.message, at: finding.resource.location,
        stack: finding.resource.address.stack)
    }
    return stacks
  }
}
