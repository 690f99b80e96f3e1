import Document
import TrueupCore

/// Asks AWS for what the desired state takes from the account: availability zones, SSM parameters.
public struct FactReader: Sendable {
  private let cloud: any Cloud

  public init(cloud: any Cloud) { self.cloud = cloud }

  /// The values that AWS tells; facts that it does not know, or may not be asked for, are left out.
  public func values(of facts: Set<Fact>) async -> [Fact: Document] {
    var values: [Fact: Document] = [:]
    var parameters: [CallTarget: [Fact]] = [:]
    for fact in facts {
      switch fact {
      case .availabilityZones(let account, let region):
        values[fact] = await zones(CallTarget(account: account, region: region))
      case .parameter(_, _, let account, let region):
        parameters[CallTarget(account: account, region: region), default: []].append(fact)
      }
    }
    for (target, facts) in parameters {
      values.merge(await self.parameters(facts, target)) { first, _ in first }
    }
    return values
  }

  /// EC2 DescribeAvailabilityZones: names, sorted, without local and wavelength zones.
  private func zones(_ target: CallTarget) async -> Document? {
    let call = Call(
      "ec2", "DescribeAvailabilityZones",
      ["Filters": [["Name": "zone-type", "Values": ["availability-zone"]]]])
    let reply = await cloud.perform(call, in: target)
    let names = reply.output?["AvailabilityZones"]?.list?.compactMap { $0["ZoneName"]?.string }
    return names.map { .list($0.sorted().map(Document.string)) }
  }

  /// SSM GetParameters takes up to ten names.
  private func parameters(_ facts: [Fact], _ target: CallTarget) async -> [Fact: Document] {
    var known: [String: String] = [:]
    let names = Set(facts.compactMap(\.parameterName)).sorted()
    for start in stride(from: 0, to: names.count, by: 10) {
      let batch = names[start..<min(start + 10, names.count)].map(Document.string)
      let reply = await cloud.perform(
        Call("ssm", "GetParameters", ["Names": .list(batch)]), in: target)
      for parameter in reply.output?["Parameters"]?.list ?? [] {
        guard let name = parameter["Name"]?.string, let value = parameter["Value"]?.string else {
          continue
        }
        known[name] = value
        // A version or label that was asked for comes back as `:selector`.
        if let selector = parameter["Selector"]?.string { known[name + selector] = value }
      }
    }
    return facts.reduce(into: [:]) { values, fact in
      guard case .parameter(let name, let isList, _, _) = fact, let value = known[name] else {
        return
      }
      values[fact] =
        isList
        ? .list(value.split(separator: ",").map { .string(String($0)) }) : .string(value)
    }
  }
}

extension Fact {
  fileprivate var parameterName: String? {
    guard case .parameter(let name, _, _, _) = self else { return nil }
    return name
  }
}
