extension Sequence<DesiredStack> {
  /// The attributes that resources and outputs ask for, by what they ask: `Endpoint.Address`.
  public var referredAttributes: [Address: Set<String>] {
    var referred: [Address: Set<String>] = [:]
    for stack in self {
      for value in stack.values {
        value.forEachReference { reference in
          guard let attribute = reference.attribute else { return }
          referred[reference.address, default: []].insert(attribute)
        }
      }
    }
    return referred
  }

  /// The properties that those attributes are, or are parts of: `Endpoint`.
  public var referredProperties: [Address: Set<String>] {
    referredAttributes.mapValues { attributes in
      Set(attributes.map { String($0.prefix { $0 != "." }) })
    }
  }
}
